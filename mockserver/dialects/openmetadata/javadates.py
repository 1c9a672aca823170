"""Formats of dates and times in Java's letters, such as `dd MMM yyyy HH:mm`, and texts held to them."""

from __future__ import annotations

import re
from calendar import day_name, month_name
from datetime import date
from functools import lru_cache
from itertools import groupby

DATE = frozenset("yMdEDWw")
TIME = frozenset("HhmsaS")
DATE_TIME = DATE | TIME | frozenset("TXZ")
LONGEST_FORMAT = 100
LONGEST_TEXT = 200
MONTHS = tuple(month_name)[1:]
DAYS = tuple(day_name)
ZONE = r"(?:Z|[+-]\d\d(?::?\d\d)?)"
# What a letter stands for, with the least and the greatest number that it may be.
NUMBERS = {
    "M": (1, 12),
    "d": (1, 31),
    "D": (1, 366),
    "W": (1, 5),
    "w": (1, 53),
    "H": (0, 23),
    "h": (1, 12),
    "m": (0, 59),
    "s": (0, 59),
}


def is_format(text: str, letters: frozenset[str]) -> bool:
    """Whether a text is a format in which only these letters stand for something."""
    if not text or len(text) > LONGEST_FORMAT:
        return False
    return all(not letter.isalpha() or letter in letters for letter in text) and _compiled(text) is not None


def follows(format: str, text: str) -> bool:
    """Whether a text is written in the format, and says a day that there is."""
    compiled = _compiled(format)
    if compiled is None or len(text) > LONGEST_TEXT:
        return False
    pattern, kinds = compiled
    found = pattern.fullmatch(text)
    if found is None:
        return False
    said: dict[str, int] = {}
    for kind, group in zip(kinds, found.groups(), strict=True):
        value = _value(kind, group)
        if kind in NUMBERS and not NUMBERS[kind][0] <= value <= NUMBERS[kind][1]:
            return False
        if said.setdefault(kind, value) != value:
            return False
    return _is_day(said)


def _value(kind: str, text: str) -> int:
    if text.isdigit():
        return int(text)
    names = MONTHS if kind == "M" else DAYS
    return next((at for at, name in enumerate(names, 1) if name.startswith(text)), 0)


def _is_day(said: dict[str, int]) -> bool:
    if not {"y", "M", "d"} <= said.keys():
        return said.get("d", 1) <= 30 or said.get("M") not in (4, 6, 9, 11)
    year = said["y"] if said["y"] >= 100 else 2000 + said["y"]
    try:
        found = date(year, said["M"], said["d"])
    except ValueError:
        return False
    return said.get("E", found.isoweekday()) == found.isoweekday()


@lru_cache(maxsize=256)
def _compiled(format: str) -> tuple[re.Pattern[str], tuple[str, ...]] | None:
    """An expression with a group for each letter that stands for a number or a name, and these letters."""
    parts: list[str] = []
    kinds: list[str] = []
    for at, piece in enumerate(format.split("'")):
        if at % 2:
            parts.append(re.escape(piece or "'"))
            continue
        for letter, run in groupby(piece):
            count = len(list(run))
            known = _piece(letter, count)
            if known is None:
                return None
            if letter in NUMBERS or letter in "yE":
                kinds.append(letter)
            parts.append(known)
    return re.compile("".join(parts), re.ASCII), tuple(kinds)


def _piece(letter: str, count: int) -> str | None:
    """The expression of one letter so many times; None where it stands for nothing."""
    if not letter.isalpha() or letter == "T":
        return re.escape(letter * count)
    if letter == "y":
        return r"(\d\d)" if count == 2 else r"(\d{4,9})"
    if letter == "S":
        return rf"\d{{{min(count, 9)}}}"
    if letter == "a":
        return "(?:AM|PM|am|pm)"
    if letter in "XZ":
        return ZONE
    if (letter == "E" or (letter == "M" and count > 2)) and count <= 4:
        names = MONTHS if letter == "M" else DAYS
        return f"({'|'.join(name if count == 4 else name[:3] for name in names)})"
    if letter in NUMBERS:
        return rf"(\d{{{1 if count == 1 else count},{max(count, 2)}}})" if count < 4 else None
    return None
