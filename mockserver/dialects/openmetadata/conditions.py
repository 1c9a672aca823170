"""The conditions of alerts: calls of known functions, joined by `&&`, `||`, `!` and brackets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from mockserver.contract.problem import nearest, shown
from mockserver.exchange import Problem

LONGEST = 20_000
DEEPEST = 50
TOKEN = re.compile(r"\s*(&&|\|\||!|[(){},]|[A-Za-z]\w*|'(?:[^']|'')*')")

Words = tuple[str, ...]
# What a function is called with is a list of texts for each of its arguments.
Ask = Callable[[str, tuple[Words, ...]], bool]
Condition = Callable[[Ask], bool]


class Rule(NamedTuple):
    """A condition, whether it must not hold, and whether it is joined to those before it by `||`."""

    condition: str
    excludes: bool = False
    joined_by_or: bool = False


def whole(rules: list[Rule]) -> str:
    """The condition that several come to; `&&` binds closer than `||`."""
    text = ""
    for rule in rules:
        one = f"!({rule.condition})" if rule.excludes else f"({rule.condition})"
        text = f"{text} {'||' if rule.joined_by_or else '&&'} {one}" if text else one
    return text


def compiled(text: str, known: Mapping[str, int]) -> Condition:
    """A condition made ready to be asked; `known` are the functions, each with how many lists it takes. Problem 400."""
    if len(text) > LONGEST:
        raise Problem(400, f"Failed to parse a condition: it has {len(text)} characters, of at most {LONGEST}")
    return Reading(text, known).whole()


class Reading:
    """One condition while it is read."""

    def __init__(self, text: str, known: Mapping[str, int]) -> None:
        self._text = text
        self._known = known
        self._tokens = list(self._split())
        self._at = 0
        self._depth = 0

    def whole(self) -> Condition:
        found = self._either()
        if self._at < len(self._tokens):
            raise self._wrong(f"nothing can follow before {shown(self._tokens[self._at])}")
        return found

    def _split(self) -> Iterator[str]:
        text, at = self._text.rstrip(), 0
        while at < len(text):
            match = TOKEN.match(text, at)
            if match is None:
                raise self._wrong(f"{shown(text[at:].strip()[:40])} cannot be read")
            yield match[1]
            at = match.end()

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._take("||"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else lambda ask: any(part(ask) for part in parts)

    def _both(self) -> Condition:
        parts = [self._one()]
        while self._take("&&"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else lambda ask: all(part(ask) for part in parts)

    def _one(self) -> Condition:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._wrong(f"it is nested more than {DEEPEST} deep")
        found = self._negated_or_bracketed() or self._call()
        self._depth -= 1
        return found

    def _negated_or_bracketed(self) -> Condition | None:
        if self._take("!"):
            inner = self._one()
            return lambda ask: not inner(ask)
        if not self._take("("):
            return None
        inner = self._either()
        self._expect(")")
        return inner

    def _call(self) -> Condition:
        name = self._next("a function")
        if name not in self._known:
            meant = nearest(name, self._known)
            raise self._wrong(f"there is no function {shown(name)}" + (f"; did you mean '{meant}'?" if meant else ""))
        self._expect("(")
        arguments: list[Words] = []
        while not self._take(")"):
            if arguments:
                self._expect(",")
            arguments.append(self._list())
        wanted = self._known[name]
        if wanted == 1 and len(arguments) > 1:
            # A list of texts may stand without its braces.
            arguments = [tuple(word for each in arguments for word in each)]
        if len(arguments) != wanted:
            raise self._wrong(f"{name} takes {wanted} lists, and is given {len(arguments)}")
        given = tuple(arguments)
        return lambda ask: ask(name, given)

    def _list(self) -> Words:
        if not self._take("{"):
            return (self._word(),)
        words: list[str] = []
        while not self._take("}"):
            if words:
                self._expect(",")
            words.append(self._word())
        return tuple(words)

    def _word(self) -> str:
        token = self._next("a text in quotes")
        if not token.startswith("'"):
            raise self._wrong(f"a text in quotes must stand where {shown(token)} is")
        return token[1:-1].replace("''", "'")

    def _take(self, token: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == token:
            self._at += 1
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._take(token):
            found = shown(self._tokens[self._at]) if self._at < len(self._tokens) else "the end"
            raise self._wrong(f"'{token}' must stand where {found} is")

    def _next(self, what: str) -> str:
        if self._at >= len(self._tokens):
            raise self._wrong(f"{what} is missing at its end")
        self._at += 1
        return self._tokens[self._at - 1]

    def _wrong(self, why: str) -> Problem:
        return Problem(400, f"Failed to parse the condition {shown(self._text[:200])}: {why}")
