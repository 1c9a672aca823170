"""How a contract says for which time records are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Json = Any


class Window(NamedTuple):
    """The time that a record is for: `field` says by one of three `words` that it is to come, is now, or is over."""

    field: str
    begins: str
    ends: str
    words: tuple[str, str, str]

    def word(self, data: Mapping[str, Json], now: int) -> str:
        """What is said of a record at a moment."""
        if data[self.ends] < now:
            return self.words[2]
        return self.words[0 if data[self.begins] > now else 1]

    def meets(self, data: Mapping[str, Json], now: int, wanted: str | bool) -> bool:
        """Whether that is what is wanted: a word, or to be now, or not to be."""
        word = self.word(data, now)
        return (word == self.words[1]) is wanted if isinstance(wanted, bool) else word == wanted


def read_window(declared: Mapping[str, Json] | None) -> Window | None:
    """The time of a resource's records, if they have one."""
    return None if declared is None else Window(**declared)
