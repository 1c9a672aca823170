"""A record's text by what it has in common with the text that the newest event about the record holds."""

from __future__ import annotations

from collections.abc import Callable

from mockserver.world.events import Event
from mockserver.world.shown import Shown

# The characters at the front and at the end that are the same, and what stands between them.
Likeness = tuple[int, int, str]
LEAST_COMMON = 64


def likened(entity: str | Shown, event: Event | None) -> str | Likeness:
    """The text as it differs from the event's, or the text itself where that says less."""
    text = entity if isinstance(entity, str) else entity.text.decode()
    if event is None:
        return text
    base = event.text
    if text == base:
        return (len(text), 0, "")
    most = min(len(text), len(base))
    front = _most(most, lambda least, size: text[least:size] == base[least:size])
    last, other = len(text), len(base)
    end = _most(
        most - front,
        lambda least, size: text[last - size : last - least] == base[other - size : other - least],
    )
    return (front, end, text[front : last - end]) if front + end >= LEAST_COMMON else text


def whole(likeness: str | Likeness, event: Event | None) -> str:
    """The text that was likened to the event's."""
    if isinstance(likeness, str):
        return likeness
    assert event is not None, "a text is like that of an event that is there"
    front, end, between = likeness
    base = event.text
    return base[:front] + between + base[len(base) - end :]


def _most(most: int, same: Callable[[int, int], bool]) -> int:
    """How many characters are the same; halves are compared, for that is done at once."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        if same(least, middle):
            least = middle
        else:
            most = middle - 1
    return least
