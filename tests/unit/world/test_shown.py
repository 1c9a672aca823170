"""Answers as bytes that are kept: in the journal, and to be given again."""

from __future__ import annotations

import tracemalloc

import pytest

from mockserver.world.shown import Part, Shown, render

# Of the object that bytes are, and of what others may do meanwhile.
OVERHEAD = 1024


@pytest.mark.parametrize("length", [1, 1000, 100_000])
def test_an_answer_takes_no_more_room_than_it_has_bytes(length: int) -> None:
    shown = Shown(Part({"name": "x" * length}))
    render({"data": [shown]})

    tracemalloc.start()
    answer = render({"data": [shown]})
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert answer == b'{"data":[{"name":"%b"}]}' % (b"x" * length)
    assert taken < len(answer) + OVERHEAD
