"""What is wrong with a contract: findings that say where, what, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

LONGEST_SHOWN = 80
LONGEST_COMPARED = 100
MOST_COMPARED = 2_000


class Location(NamedTuple):
    """A place in a source text, counted from one."""

    source: str
    line: int
    column: int


class Finding(NamedTuple):
    """One thing wrong, at a line and JSON pointer of a source; line 0 means the source as a whole."""

    source: str
    line: int
    pointer: str
    message: str
    suggestion: str | None = None

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}" if self.line else self.source
        hint = f"; did you mean '{self.suggestion}'?" if self.suggestion is not None else ""
        return on_one_line(": ".join(part for part in (place, self.pointer, self.message) if part) + hint)


class Located(Protocol):
    """A document whose values are known by where they were written."""

    @property
    def value(self) -> Any: ...

    def finding(self, pointer: str, message: str, suggestion: str | None = None) -> Finding: ...


class ContractError(Exception):
    """A contract that cannot be used, with everything that was found wrong in it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: list[Finding] = list(findings)
        super().__init__(self.findings)

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that `word` most likely was meant to be, or None when nothing comes close."""
    from difflib import get_close_matches

    candidates = [choice for choice in choices if len(choice) <= LONGEST_COMPARED][:MOST_COMPARED]
    if len(word) > LONGEST_COMPARED:
        return None
    close = get_close_matches(word, candidates, n=1)
    if close:
        return close[0]
    by_lower_case = {choice.lower(): choice for choice in candidates}
    close = get_close_matches(word.lower(), by_lower_case, n=1)
    return by_lower_case[close[0]] if close else None


def shown(word: str) -> str:
    """`word` in quotes, on one line and not too long, for use in a message."""
    text = on_one_line(word)
    return f"'{text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + '…'}'"


def listed(words: Sequence[str]) -> str:
    """The words as a person would list them: `'a', 'b' or 'c'`."""
    quoted = [shown(word) for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def on_one_line(text: str) -> str:
    """`text` with everything escaped that would break a line or hide in a terminal."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode() for char in text
    )
