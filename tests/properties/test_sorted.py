"""Sorted keys behave like a sorted list, whatever is done to them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.behaviours.collections import cut
from mockserver.world import sorted as sorted_module
from mockserver.world.sorted import Key, SortedKeys

KEYS = st.tuples(st.text("abc", max_size=2), st.text("xy", min_size=1, max_size=2))


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    """Blocks so small that a few keys fill several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorted_module, "BLOCK", 2)
        yield


@given(st.lists(st.tuples(st.booleans(), KEYS)), KEYS)
def test_insertions_and_removals_match_a_list(steps: list[tuple[bool, Key]], at: Key) -> None:
    sequence, model = SortedKeys(), list[Key]()
    for adds, key in steps:
        earlier, copy = sequence, list(model)
        sequence = sequence.insert(key) if adds else sequence.remove(key)
        if adds and key not in model:
            insort(model, key)
        elif not adds and key in model:
            model.remove(key)
        assert list(earlier) == copy
    assert list(sequence) == model
    assert len(sequence) == len(model)
    assert list(sequence.after(at)) == model[bisect_right(model, at) :]
    assert list(sequence.before(at)) == model[: bisect_left(model, at)][::-1]
    assert all(sequence.blocks)


@given(st.lists(KEYS, unique=True), st.integers(1, 5))
def test_pages_forward_and_back_show_every_key_once(keys: list[Key], limit: int) -> None:
    sequence = SortedKeys.of(keys)
    pages, after, more = list[list[Key]](), None, True
    while more:
        page, before, more = cut(sequence, limit, None, after)
        assert before is bool(pages and page)
        pages.append(page)
        after = page[-1] if page else None
    assert [key for page in pages for key in page] == sorted(keys)
    back = [pages[-1]]
    while len(back) < len(pages):
        page, before, more = cut(sequence, limit, back[0][0], None)
        assert more
        assert before is (len(back) + 1 < len(pages))
        back.insert(0, page)
    assert back == pages


@given(st.lists(KEYS, unique=True, min_size=1), st.integers(0, 9), st.integers(1, 4))
def test_a_page_reads_only_its_own_keys_and_one_more(keys: list[Key], index: int, limit: int) -> None:
    sequence, ordered = SortedKeys.of(keys), sorted(keys)
    at = ordered[index % len(ordered)]
    assert list(islice(sequence.after(at), limit)) == ordered[ordered.index(at) + 1 :][:limit]
