"""Sets of small numbers as the bits of one integer, so that a hundred thousand are met in a few microseconds."""

from __future__ import annotations

from collections.abc import Collection, Iterator

FEW = 16
# A set of numbers, each of which is a place in a sequence of documents.
Bits = int


def of(numbers: Collection[int], size: int) -> Bits:
    """The set of these numbers, all smaller than `size`."""
    if len(numbers) <= FEW:
        found = 0
        for number in numbers:
            found |= 1 << number
        return found
    places = bytearray((size >> 3) + 1)
    for number in numbers:
        places[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(places, "little")


def upto(size: int) -> Bits:
    """All numbers smaller than this one."""
    return (1 << size) - 1


def each(bits: Bits) -> Iterator[int]:
    """The numbers in a set, in order."""
    text = bin(bits)[:1:-1]
    at = text.find("1")
    while at >= 0:
        yield at
        at = text.find("1", at + 1)


def has(bits: Bits, number: int) -> bool:
    return bool(bits >> number & 1)
