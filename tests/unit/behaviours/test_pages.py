"""Pages cut out of sorted keys, and the cursors that lead from one to the next."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode

import orjson
import pytest

from mockserver.behaviours.collections import cut, encode
from mockserver.world.sorted import Key, SortedKeys

KEYS = SortedKeys.of((name, f"id-{name}") for name in "abcdefg")


def named(page: list[Key]) -> str:
    return "".join(key[0] for key in page)


def at(name: str | None) -> Key | None:
    return None if name is None else (name, f"id-{name}")


@pytest.mark.parametrize(
    ("limit", "before", "after", "page", "has_before", "has_after"),
    [
        (3, None, None, "abc", False, True),
        (7, None, None, "abcdefg", False, False),
        (3, None, "c", "def", True, True),
        (3, None, "d", "efg", True, False),
        (3, None, "g", "", False, False),
        (3, "d", None, "abc", False, True),
        (3, "e", None, "bcd", True, True),
        (3, "b", None, "a", False, True),
        (3, "a", None, "", False, False),
        # A cursor whose record is gone still has its place.
        (2, None, "cc", "de", True, True),
        (2, "cc", None, "bc", True, True),
        (9, "zz", None, "abcdefg", False, False),
    ],
)
def test_a_page_knows_whether_there_is_more(
    limit: int, before: str | None, after: str | None, page: str, has_before: bool, has_after: bool
) -> None:
    found, more_before, more_after = cut(KEYS, limit, at(before), at(after))
    assert (named(found), more_before, more_after) == (page, has_before, has_after)


def test_an_empty_collection_has_one_empty_page() -> None:
    assert cut(SortedKeys(), 10, None, None) == ([], False, False)


@pytest.mark.parametrize("key", [("orders", "id"), ("größe?&=/+", "ÿÿ>>>~"), (-3, "orders", "id")])
def test_a_cursor_can_stand_in_a_url_as_it_is(key: Key) -> None:
    cursor = encode(key)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", cursor)
    assert tuple(orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))) == key
