"""In which documents something stands: their numbers while they are few, or all of them as bits."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from mockserver.search import bits
from mockserver.search.bits import Bits

Posting = list[int] | Bits
SPARSE = 64


def packed(numbers: list[int], size: int) -> Posting:
    """These numbers in the form that is the smaller one, among so many documents."""
    return numbers if len(numbers) <= size // SPARSE else bits.of(numbers, size)


def spread(posting: Posting, size: int) -> Bits:
    """A posting as bits."""
    return posting if isinstance(posting, int) else bits.of(posting, size)


def union(postings: Iterable[Posting], size: int) -> Bits:
    """What stands in any of these."""
    many, few = 0, list[list[int]]()
    for posting in postings:
        if isinstance(posting, int):
            many |= posting
        else:
            few.append(posting)
    return many | bits.of(list(chain.from_iterable(few)), size)


def gathered(parts: Iterable[tuple[str, Posting]], size: int) -> dict[str, Posting]:
    """The postings of each text together."""
    found: dict[str, Posting] = {}
    few: dict[str, list[int]] = {}
    many: dict[str, Bits] = {}
    for text, posting in parts:
        if isinstance(posting, int):
            many[text] = many.get(text, 0) | posting
        elif text in few:
            few[text].extend(posting)
        elif (first := found.setdefault(text, posting)) is not posting and isinstance(first, list):
            few[text] = [*first, *posting]
    found |= {text: packed(sorted(set(numbers)), size) for text, numbers in few.items()}
    found |= {text: there | spread(found.get(text, 0), size) for text, there in many.items()}
    return found
