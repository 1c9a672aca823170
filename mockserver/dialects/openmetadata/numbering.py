"""The numbers of records that are told apart by one."""

from __future__ import annotations

from collections.abc import Callable

from mockserver.contract.model import Resource
from mockserver.world.recall import Reader


def free(world: Reader, resource: Resource, name_of: Callable[[int], str]) -> int:
    """The number of a new record: the first that is free behind those that are there."""
    step, number = 1, 0
    while world.find(resource.name, name_of(number + step)) is not None:
        number, step = number + step, step * 2
    while step > 1:
        step //= 2
        if world.find(resource.name, name_of(number + step)) is not None:
            number += step
    return number + 1
