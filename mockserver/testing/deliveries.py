"""What a test's world told others: the webhooks that were sent, or are still to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from mockserver.http.patience import looked_for
from mockserver.testing.backend import Backend
from mockserver.world.outbox import OPEN, STATES

Json = Any


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one address: `state` says what became of it, `reason` why when that is not well.

    `recipients` are those on whose behalf it is told, such as `follower aaron_johnson0`; `event` is what was sent.
    """

    state: str
    subscription: str
    address: str
    recipients: tuple[str, ...]
    event: dict[str, Json]
    headers: Mapping[str, str]
    attempts: tuple[dict[str, Json], ...]
    reason: str | None
    due: int | None

    @property
    def statuses(self) -> list[int | None]:
        """What was answered, attempt by attempt; None where nothing was."""
        return [attempt.get("status") for attempt in self.attempts]

    @property
    def signature(self) -> str | None:
        return self.headers.get("X-OM-Signature")


def delivered(backend: Backend, subscription: str | None, state: str | None, timeout: float) -> list[Delivery]:
    """The deliveries, oldest first, once none of them is under way and due (world's clock), or the time is over."""
    __tracebackhide__ = True
    if state is not None and state not in STATES:
        raise ValueError(f"state={state!r} is none of {', '.join(STATES)}")

    def at_rest(found: list[Delivery]) -> bool:
        now = backend.clock().now()
        return all(each.due is not None and each.due > now for each in _heads(found))

    def asked_for() -> list[Delivery]:
        read = [_read(told) for told in backend.deliveries()]
        return [each for each in read if subscription in (None, each.subscription)]

    found = looked_for(asked_for, at_rest, timeout)
    return [each for each in found if state in (None, each.state)]


def _heads(found: list[Delivery]) -> list[Delivery]:
    """Of what is open for one address the first, which the others wait for."""
    heads: dict[tuple[str, str], Delivery] = {}
    for each in found:
        if each.state in OPEN:
            heads.setdefault((each.subscription, each.address), each)
    return list(heads.values())


def _read(told: Mapping[str, Json]) -> Delivery:
    return Delivery(
        told["state"],
        told["subscription"]["name"],
        told["address"],
        tuple(told["recipients"]),
        orjson.loads(told["body"]),
        told["headers"],
        tuple(told["attempts"]),
        told.get("reason"),
        told.get("due"),
    )
