"""Sorted keys across the edges of their blocks."""

from __future__ import annotations

from itertools import islice

import pytest

from mockserver.world.sorted import BLOCK, Key, SortedKeys


def keys(*numbers: int) -> list[Key]:
    return [(f"{number:06}", "id") for number in numbers]


def test_an_empty_sequence_has_nothing_on_either_side() -> None:
    empty = SortedKeys()
    assert (
        list(empty) == list(empty.after(None)) == list(empty.after(("a", "b"))) == list(empty.before(("a", "b"))) == []
    )
    assert empty.remove(("a", "b")) is empty
    assert len(empty) == 0


def test_a_key_that_is_there_is_not_added_again() -> None:
    some = SortedKeys.of(keys(1, 2))
    (one,) = keys(1)
    assert some.insert(one) is some


def test_a_key_that_is_not_there_is_not_removed() -> None:
    some = SortedKeys.of(keys(1, 3))
    (two,) = keys(2)
    assert some.remove(two) is some


def test_a_change_leaves_the_sequence_that_it_was_made_of() -> None:
    some = SortedKeys.of(keys(1, 3))
    (two,) = keys(2)
    more = some.insert(two)
    assert (list(some), list(more), list(more.remove(two))) == (keys(1, 3), keys(1, 2, 3), keys(1, 3))


@pytest.mark.parametrize("order", [1, -1])
def test_blocks_split_when_they_are_full_and_go_when_they_are_empty(order: int) -> None:
    numbers = list(range(5 * BLOCK))[::order]
    sequence = SortedKeys()
    for key in keys(*numbers):
        sequence = sequence.insert(key)
    assert len(sequence) == 5 * BLOCK
    assert len(sequence.blocks) > 2
    assert all(0 < len(block) <= 2 * BLOCK for block in sequence.blocks)
    assert list(sequence) == keys(*sorted(numbers))
    for key in keys(*numbers):
        sequence = sequence.remove(key)
    assert sequence.blocks == ()
    assert len(sequence) == 0


@pytest.mark.parametrize("number", [0, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK - 1, 3 * BLOCK - 1])
def test_both_sides_of_a_key_meet_at_it_wherever_a_block_ends(number: int) -> None:
    everything = keys(*range(3 * BLOCK))
    sequence = SortedKeys.of(everything)
    assert list(sequence.after(everything[number])) == everything[number + 1 :]
    assert list(sequence.before(everything[number])) == everything[:number][::-1]


def test_a_page_reads_no_further_than_it_must() -> None:
    sequence = SortedKeys.of(keys(*range(3 * BLOCK)))
    assert list(islice(sequence.after(("000255", "id")), 2)) == keys(256, 257)
    assert list(islice(sequence.before(("000256", "id")), 2)) == keys(255, 254)


def test_keys_of_one_name_are_told_apart_by_their_ids() -> None:
    sequence = SortedKeys.of([("default", "b"), ("default", "a")])
    assert list(sequence.after(("default", "a"))) == [("default", "b")]
    assert list(sequence.before(("default", "b"))) == [("default", "a")]
