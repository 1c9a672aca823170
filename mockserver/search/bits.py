"""Sets of small numbers as the bits of one integer, so that a hundred thousand are met in a few microseconds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import compress

FEW = 16
# A set of numbers, each of which is a place in a sequence of documents.
Bits = int
# The digits of a number to the base of two as truths.
TRUTHS = bytes.maketrans(b"01", b"\0\1")


def of(numbers: Collection[int], size: int) -> Bits:
    """The set of these numbers, all smaller than `size`."""
    if len(numbers) <= FEW:
        found = 0
        for number in numbers:
            found |= 1 << number
        return found
    digits = bytearray(b"0") * size
    for number in numbers:
        digits[number] = 49
    digits.reverse()
    return int(digits, 2)


def upto(size: int) -> Bits:
    """All numbers smaller than this one."""
    return (1 << size) - 1


def each(bits: Bits) -> Iterator[int]:
    """The numbers in a set, in order."""
    text = bin(bits)[:1:-1]
    if bits.bit_count() * FEW > len(text):
        yield from compress(range(len(text)), text.encode().translate(TRUTHS))
        return
    at = text.find("1")
    while at >= 0:
        yield at
        at = text.find("1", at + 1)


def behind(bits: Bits, count: int) -> Bits:
    """The set without so many of its smallest numbers."""
    low, left = 0, bits
    while count and left:
        half = (left.bit_length() + 1) >> 1
        fewer = left & ((1 << half) - 1)
        if (there := fewer.bit_count()) > count:
            left = fewer
            continue
        count -= there
        low, left = low + half, left >> half
        if not count:
            break
    return bits >> low << low


def has(bits: Bits, number: int) -> bool:
    return bool(bits >> number & 1)
