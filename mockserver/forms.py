"""Forms that JSON values are held against: strict, and able to say all that is wrong and what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from mockserver.contract.pointer import escape
from mockserver.contract.problem import nearest, shown
from mockserver.exchange import Problem, Violation

Json = Any
MOST_FOUND = 50


class Full(Exception):
    """Enough was found wrong."""


class Found:
    """What was found wrong so far."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []

    def add(self, where: str, message: str) -> None:
        self.violations.append(Violation(where, message))
        if len(self.violations) >= MOST_FOUND:
            raise Full


Form = Callable[[Json, str, Found], None]


def fill(form: Form, value: Json, where: str = "body", status: int = 400) -> None:
    """Holds a value against a form; a Problem says what is wrong with it."""
    found = Found()
    with suppress(Full):
        form(value, where, found)
    stop(found, status)


def stop(found: Found, status: int = 400) -> None:
    """A Problem if anything was found wrong."""
    if found.violations:
        message = "; ".join(map(str, found.violations[:3]))
        more = len(found.violations) - 3
        raise Problem(
            status, f"{message}; and {more} more" if more > 0 else message, violations=tuple(found.violations)
        )


def closed(required: Mapping[str, Form], optional: Mapping[str, Form] | None = None) -> Form:
    """An object with these members and no others."""
    fields = {**required, **(optional or {})}

    def check(value: Json, where: str, found: Found) -> None:
        if not isinstance(value, dict):
            found.add(where, f"must be an object with {', '.join(fields)}" if fields else "must be an empty object")
            return
        for name, member in value.items():
            if name in fields:
                fields[name](member, step(where, name), found)
                continue
            meant = nearest(name, fields)
            hint = f"did you mean '{meant}'?" if meant else f"known are {', '.join(fields) or 'none'}"
            found.add(step(where, name), f"is not known; {hint}")
        for name in required:
            if name not in value:
                found.add(where, f"needs '{name}'")

    return check


def mapping(member: Form) -> Form:
    """An object of any names."""

    def check(value: Json, where: str, found: Found) -> None:
        if not isinstance(value, dict):
            found.add(where, "must be an object")
            return
        for name, each in value.items():
            member(each, step(where, name), found)

    return check


def sequence(item: Form) -> Form:
    """A list, all of one form."""

    def check(value: Json, where: str, found: Found) -> None:
        if not isinstance(value, list):
            found.add(where, "must be a list")
            return
        for position, each in enumerate(value):
            item(each, f"{where}/{position}" if "/" in where else f"{where} /{position}", found)

    return check


def text(pattern: str | None = None, what: str = "a text that is not empty") -> Form:
    """A text that matches the pattern as a whole; `what` says in words what that is."""
    matches = re.compile(r"(?s).+" if pattern is None else pattern)

    def check(value: Json, where: str, found: Found) -> None:
        if not isinstance(value, str) or not matches.fullmatch(value):
            found.add(where, f"must be {what}, not {told(value)}")

    return check


def integer(least: int, most: int) -> Form:
    """A whole number within these bounds."""

    def check(value: Json, where: str, found: Found) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            found.add(where, f"must be a whole number from {least} to {most}, not {told(value)}")

    return check


def number(least: float, most: float) -> Form:
    """A number within these bounds."""

    def check(value: Json, where: str, found: Found) -> None:
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            found.add(where, f"must be a number from {least:g} to {most:g}, not {told(value)}")

    return check


def flag(value: Json, where: str, found: Found) -> None:
    """True or false."""
    if not isinstance(value, bool):
        found.add(where, f"must be true or false, not {told(value)}")


def anything(value: Json, where: str, found: Found) -> None:
    """Whatever it is, it will do."""


def optional(form: Form) -> Form:
    """What the form asks for, or null."""

    def check(value: Json, where: str, found: Found) -> None:
        if value is not None:
            form(value, where, found)

    return check


def exactly(*values: Json) -> Form:
    """One of these texts or numbers."""

    def check(value: Json, where: str, found: Found) -> None:
        if value not in values or isinstance(value, bool):
            wanted = " or ".join(shown(each) if isinstance(each, str) else str(each) for each in values)
            found.add(where, f"must be {wanted}, not {told(value)}")

    return check


def step(where: str, name: str) -> str:
    """The place of a member: a JSON pointer behind the word for what it points into."""
    return f"{where}/{escape(name)}" if "/" in where else f"{where} /{escape(name)}"


def told(value: Json) -> str:
    """A value as a message has it: short."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return shown(value) if isinstance(value, str) else shown(str(value)).strip("'")
