"""Rules in JsonLogic, as data contracts state what must hold of a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import orjson

Json = Any
DEEPEST = 64
MOST_STEPS = 100_000
LONGEST = 100_000


class UnknownRule(Exception):
    """A rule that cannot be judged; the message says why."""


class Rules:
    """Judges rules over one record; how much work that may be is bounded."""

    def __init__(self, data: Json) -> None:
        self.data = data
        self._steps = 0

    def holds(self, rule: str) -> bool:
        """Whether a rule, a JSON text, holds."""
        try:
            read = orjson.loads(rule)
        except ValueError:
            raise UnknownRule("the rule is not JSON") from None
        try:
            return truth(self._value(read, self.data, 0))
        except (TypeError, ValueError, ArithmeticError, IndexError) as error:
            raise UnknownRule(f"the rule cannot be judged: {error}") from None

    def _value(self, rule: Json, data: Json, depth: int) -> Json:
        self._steps += 1
        if depth > DEEPEST or self._steps > MOST_STEPS:
            raise UnknownRule("the rule is too deep or too long")
        if isinstance(rule, list):
            return [self._value(each, data, depth + 1) for each in rule]
        if not isinstance(rule, dict) or len(rule) != 1:
            return rule
        name, given = next(iter(rule.items()))
        terms = given if isinstance(given, list) else [given]
        if special := getattr(self, f"_do_{LAZY[name]}", None) if name in LAZY else None:
            return special(terms, data, depth + 1)
        if name not in PLAIN:
            raise UnknownRule(f"the operator {name!r} is not known")
        value = PLAIN[name](*(self._value(each, data, depth + 1) for each in terms))
        if isinstance(value, str | list) and len(value) > LONGEST:
            raise UnknownRule("what the rule makes is too long")
        return value

    def _do_var(self, terms: list[Json], data: Json, depth: int) -> Json:
        path = self._value(terms[0], data, depth) if terms else ""
        found = follow(data, path)
        return self._value(terms[1], data, depth) if found is None and len(terms) > 1 else found

    def _do_missing(self, terms: list[Json], data: Json, depth: int) -> Json:
        paths = [self._value(each, data, depth) for each in terms]
        flat = paths[0] if len(paths) == 1 and isinstance(paths[0], list) else paths
        return [path for path in flat if follow(data, path) in (None, "")]

    def _do_missing_some(self, terms: list[Json], data: Json, depth: int) -> Json:
        missing = [path for path in terms[1] if follow(data, path) in (None, "")]
        return [] if len(terms[1]) - len(missing) >= terms[0] else missing

    def _do_if(self, terms: list[Json], data: Json, depth: int) -> Json:
        for at in range(0, len(terms) - 1, 2):
            if truth(self._value(terms[at], data, depth)):
                return self._value(terms[at + 1], data, depth)
        return self._value(terms[-1], data, depth) if len(terms) % 2 else None

    def _do_and(self, terms: list[Json], data: Json, depth: int) -> Json:
        value: Json = None
        for each in terms:
            value = self._value(each, data, depth)
            if not truth(value):
                break
        return value

    def _do_or(self, terms: list[Json], data: Json, depth: int) -> Json:
        value: Json = None
        for each in terms:
            value = self._value(each, data, depth)
            if truth(value):
                break
        return value

    def _each(self, terms: list[Json], data: Json, depth: int) -> list[tuple[Json, Json]]:
        items = self._value(terms[0], data, depth)
        return [(item, self._value(terms[1], item, depth)) for item in items or () if isinstance(items, list)]

    def _do_map(self, terms: list[Json], data: Json, depth: int) -> Json:
        return [value for _, value in self._each(terms, data, depth)]

    def _do_filter(self, terms: list[Json], data: Json, depth: int) -> Json:
        return [item for item, value in self._each(terms, data, depth) if truth(value)]

    def _do_all(self, terms: list[Json], data: Json, depth: int) -> Json:
        values = self._each(terms, data, depth)
        return bool(values) and all(truth(value) for _, value in values)

    def _do_none(self, terms: list[Json], data: Json, depth: int) -> Json:
        return not any(truth(value) for _, value in self._each(terms, data, depth))

    def _do_some(self, terms: list[Json], data: Json, depth: int) -> Json:
        return any(truth(value) for _, value in self._each(terms, data, depth))

    def _do_reduce(self, terms: list[Json], data: Json, depth: int) -> Json:
        value = self._value(terms[2], data, depth) if len(terms) > 2 else None
        for item in self._value(terms[0], data, depth) or ():
            value = self._value(terms[1], {"current": item, "accumulator": value}, depth)
        return value


def truth(value: Json) -> bool:
    """Empty lists, empty texts, 0 and null are false."""
    return bool(value) or isinstance(value, dict)


def follow(data: Json, path: Json) -> Json:
    """What a path of names and positions, joined by dots, leads to in a value; None where it leads nowhere."""
    if path in ("", None):
        return data
    for step in str(path).split("."):
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, list) and step.isdecimal() and len(step) < 9:
            data = data[int(step)] if int(step) < len(data) else None
        else:
            return None
    return data


def _equal(one: Json, other: Json) -> bool:
    """Equal when both are taken as numbers or as texts, if they are of different types."""
    if type(one) is type(other) or None in (one, other):
        return bool(one == other)
    numbers = _number(one), _number(other)
    return None not in numbers and numbers[0] == numbers[1]


def _number(value: Json) -> float | None:
    if isinstance(value, bool | int | float):
        return float(value)
    try:
        return float(value) if isinstance(value, str) and value.strip() else None
    except ValueError:
        return None


def _ordered(below: Callable[[float, float], bool]) -> Callable[..., bool]:
    def compare(*terms: Json) -> bool:
        numbers = [_number(each) for each in terms]
        known = [each for each in numbers if each is not None]
        return len(known) == len(numbers) and all(below(*pair) for pair in pairwise(known))

    return compare


def _total(*terms: Json) -> float:
    return sum(_number(each) or 0 for each in terms)


def _product(*terms: Json) -> float:
    product = 1.0
    for each in terms:
        product *= _number(each) or 0
    return product


def _contained(item: Json, holder: Json) -> bool:
    return item in holder if isinstance(holder, list) else isinstance(holder, str) and str(item) in holder


def _merged(*terms: Json) -> list[Json]:
    return [each for term in terms for each in (term if isinstance(term, list) else [term])]


def _cut(text: Json, start: int, length: int | None = None) -> str:
    whole = str(text)[start:]
    return whole if length is None else whole[:length]


def _length(value: Json = None) -> int:
    return len(value) if isinstance(value, str | list | dict) else 0


LAZY = {
    **{name: name for name in ("var", "missing", "missing_some", "if", "and", "or")},
    **{name: name for name in ("map", "filter", "all", "none", "some", "reduce")},
    "?:": "if",
}
PLAIN: Mapping[str, Callable[..., Json]] = {
    "==": _equal,
    "!=": lambda one, other: not _equal(one, other),
    "===": lambda one, other: type(one) is type(other) and one == other,
    "!==": lambda one, other: type(one) is not type(other) or one != other,
    "!": lambda value=None: not truth(value),
    "!!": lambda value=None: truth(value),
    "<": _ordered(lambda one, other: one < other),
    "<=": _ordered(lambda one, other: one <= other),
    ">": _ordered(lambda one, other: one > other),
    ">=": _ordered(lambda one, other: one >= other),
    "+": _total,
    "*": _product,
    "-": lambda one, other=None: -(_number(one) or 0) if other is None else (_number(one) or 0) - (_number(other) or 0),
    "/": lambda one, other: (_number(one) or 0) / (_number(other) or 0),
    "%": lambda one, other: (_number(one) or 0) % (_number(other) or 0),
    "min": lambda *terms: min(terms, default=None),
    "max": lambda *terms: max(terms, default=None),
    "in": _contained,
    "contains": lambda holder, item: _contained(item, holder),
    "cat": lambda *terms: "".join(str(each) for each in terms),
    "substr": _cut,
    "merge": _merged,
    "length": _length,
}
