"""Conditions in the part of the Spring Expression Language that access rules need: calls, literals, lists and truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

from mockserver.contract.problem import shown
from mockserver.dialects.openmetadata.speltokens import Token, Unreadable, tokens

Json = Any
LONGEST = 20_000
DEEPEST = 50


class Unanswerable(ValueError):
    """A condition that can be read and has no answer; the message says what in it has none."""


class Literal(NamedTuple):
    value: Json


class Listed(NamedTuple):
    items: tuple[Node, ...]


class Property(NamedTuple):
    """A word that is no call: rules have no properties."""

    name: str


class Invoked(NamedTuple):
    name: str
    arguments: tuple[Node, ...]


class Negation(NamedTuple):
    of: Node


class Junction(NamedTuple):
    """Several that must all hold, or of which one must."""

    every: bool
    parts: tuple[Node, ...]


class Comparison(NamedTuple):
    same: bool
    left: Node
    right: Node


Node: TypeAlias = Literal | Listed | Property | Invoked | Negation | Junction | Comparison
# What a function answers to its arguments.
Ask = Callable[[str, tuple[Json, ...]], bool]


def holds(node: Node, ask: Ask) -> bool:
    """The truth of a condition; what decides nothing any more is not asked. Unanswerable."""
    return _truth(_value(node, ask))


def calls(node: Node) -> Iterator[Invoked]:
    """Every call in a condition, also those that may never be asked."""
    match node:
        case Invoked():
            yield node
            inner = node.arguments
        case Listed(items) | Junction(_, items):
            inner = items
        case Negation(of):
            inner = (of,)
        case Comparison(_, left, right):
            inner = (left, right)
        case _:
            inner = ()
    for each in inner:
        yield from calls(each)


def _value(node: Node, ask: Ask) -> Json:
    match node:
        case Literal(value):
            return value
        case Invoked(name, arguments):
            return ask(name, tuple(_value(each, ask) for each in arguments))
        case Negation(of):
            return not _truth(_value(of, ask))
        case Junction(every, parts):
            found = (_truth(_value(each, ask)) for each in parts)
            return all(found) if every else any(found)
        case Comparison(same, left, right):
            one, other = _value(left, ask), _value(right, ask)
            return (type(one) is type(other) and one == other) is same
        case Listed(items):
            return [_value(each, ask) for each in items]
        case Property(name):
            raise Unanswerable(
                f"there is no property {shown(name)}; a function is called with brackets, as in {name}()"
            )


def _truth(value: Json) -> bool:
    if not isinstance(value, bool):
        raise Unanswerable(f"{shown('null' if value is None else str(value))} is neither true nor false")
    return value


def parse(text: str) -> Node:
    """The condition that a text says; Unreadable."""
    if len(text) > LONGEST:
        raise Unreadable(f"a condition has at most {LONGEST} characters, and this one {len(text)}")
    return _Reading(text).whole()


class _Reading:
    """One text while it is read; `||` binds least, then `&&`, then `==` and `!=`, then `!`."""

    def __init__(self, text: str) -> None:
        self._tokens = list(tokens(text))
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        found = self._either()
        if (token := self._token) is not None:
            raise Unreadable(f"at character {token.at}: nothing can follow before {_said(token)}")
        return found

    @property
    def _token(self) -> Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _either(self) -> Node:
        return self._joined("||", self._both, every=False)

    def _both(self) -> Node:
        return self._joined("&&", self._compared, every=True)

    def _joined(self, sign: str, part: Callable[[], Node], *, every: bool) -> Node:
        parts = [part()]
        while self._take(sign):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Junction(every, tuple(parts))

    def _compared(self) -> Node:
        left = self._single()
        for sign in ("==", "!="):
            if self._take(sign):
                return Comparison(sign == "==", left, self._single())
        return left

    def _single(self) -> Node:
        token = self._taken("a condition")
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unreadable(f"at character {token.at}: it is nested more than {DEEPEST} deep")
        found = self._begun(token)
        self._depth -= 1
        return found

    def _begun(self, token: Token) -> Node:
        match token.kind:
            case "!":
                return Negation(self._single())
            case "(":
                inner = self._either()
                self._expect(")")
                return inner
            case "{":
                return Listed(self._several("}"))
            case "text" | "number" | "literal":
                return Literal(token.value)
            case "word":
                return Invoked(token.value, self._several(")")) if self._take("(") else Property(token.value)
        raise Unreadable(f"at character {token.at}: no condition begins with {_said(token)}")

    def _several(self, end: str) -> tuple[Node, ...]:
        found: list[Node] = []
        while not self._take(end):
            if found:
                self._expect(",")
            found.append(self._either())
        return tuple(found)

    def _take(self, sign: str) -> bool:
        token = self._token
        if token is None or token.kind != sign:
            return False
        self._next += 1
        return True

    def _expect(self, sign: str) -> None:
        token = self._token
        if not self._take(sign):
            found = "at its end" if token is None else f"at character {token.at}, where {_said(token)} is"
            raise Unreadable(f"'{sign}' is missing {found}")

    def _taken(self, wanted: str) -> Token:
        token = self._token
        if token is None:
            raise Unreadable(f"{wanted} is missing at its end")
        self._next += 1
        return token


def _said(token: Token) -> str:
    return shown(str(token.value))
