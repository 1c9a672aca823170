"""A text that is told by what it has in common with another one is that text again, and takes less room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.world.events import BLOCK, EVENT_LIMIT, Event, Events
from mockserver.world.likeness import likened, whole
from mockserver.world.shown import Part, Shown

LONG = "".join(f"word {number}, " for number in range(200))


def event(entity: str | Shown, number: int = 0, about: str = "a") -> Event:
    return Event(number, "id", "entityUpdated", "table", about, 0, "admin", {}, entity)


@given(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6), st.integers(0, 200), st.integers(0, 200))
def test_a_text_comes_back_from_what_it_was_likened_to(
    front: str, between: str, end: str, first: int, last: int
) -> None:
    base = event(front + LONG + end)
    for text in (front + LONG[:first] + between + LONG[last:] + end, between, LONG, base.text + between, base.text):
        assert whole(likened(text, base), base) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (LONG, (len(LONG), 0, "")),
        (f"{LONG[:100]}new{LONG[100:]}", (100, len(LONG) - 100, "new")),
        (f"{LONG}new", (len(LONG), 0, "new")),
        (f"new{LONG}", (0, len(LONG), "new")),
        ("quite another one", "quite another one"),
    ],
)
def test_what_is_the_same_is_not_told(text: str, told: object) -> None:
    assert likened(text, event(LONG)) == told
    assert likened(text, None) == text


def test_an_answer_is_likened_by_its_text() -> None:
    shown = Shown(Part({"name": LONG}))
    assert likened(shown, event(shown.text.decode())) == (len(shown.text), 0, "")
    assert likened(Shown(Part({"name": "a"})), None) == '{"name":"a"}'


@pytest.mark.parametrize("first", [0, 5, BLOCK])
def test_the_newest_event_about_a_record_is_found_for_as_long_as_it_is_kept(first: int) -> None:
    events = Events.of([], first)
    for number in range(first, first + 3 * BLOCK):
        events = events.add(event("", number, str(number % 50)))
        for about in range(50):
            found = events.newest(str(about))
            newest = max((each for each in range(first, number + 1) if each % 50 == about), default=None)
            assert (found and found.sequence) == newest

    last = events.next - 1
    for number in range(events.next, events.next + EVENT_LIMIT):
        events = events.add(event("", number, "other"))
    assert events.newest(str(last % 50)) is None
    assert events.newest("nobody") is None
