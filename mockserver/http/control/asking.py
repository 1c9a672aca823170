"""What a control request says, read strictly; and how it is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from mockserver.contract.problem import nearest, shown
from mockserver.exchange import Call, Headers, Problem, Reply, Violation
from mockserver.forms import Form, anything, closed, fill

Json = Any
Reader = Callable[[str], Json]
NOTHING = closed({})


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to the control plane, with what its path says."""

    call: Call
    arguments: Mapping[str, str]

    @property
    def world(self) -> str:
        """The name of the world that the request is about."""
        return self.call.world

    def place(self, path: str) -> str:
        """A path as this caller finds it, in the same world."""
        return urlsplit(self.call.origin).path + path

    def body(self, form: Form = anything) -> Json:
        """The JSON body, held against a form; nothing at all stands for an empty object."""
        raw = self.call.body
        try:
            value = orjson.loads(raw) if raw.strip() else {}
        except orjson.JSONDecodeError as error:
            raise Problem(400, f"the body is not JSON: {error}", violations=(Violation("body", str(error)),)) from None
        fill(form, value)
        return value

    def query(self, readers: Mapping[str, Reader]) -> dict[str, Json]:
        """The query's parameters, each through its reader, which raises ValueError with what would be right."""
        values: dict[str, Json] = {}
        violations: list[Violation] = []
        for name, text in parse_qsl(self.call.query, keep_blank_values=True):
            if name not in readers:
                meant = nearest(name, readers)
                known = f"did you mean '{meant}'?" if meant else f"known are {', '.join(readers) or 'none'}"
                violations.append(Violation(f"query {name}", f"is not known; {known}"))
            elif name in values:
                violations.append(Violation(f"query {name}", "is given twice"))
            else:
                try:
                    values[name] = readers[name](text)
                except ValueError as error:
                    violations.append(Violation(f"query {name}", f"must be {error}, not {shown(text)}"))
        if violations:
            raise Problem(400, "; ".join(map(str, violations)), violations=tuple(violations))
        return values


def whole_number(least: int, most: int) -> Reader:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) < 20 and least <= int(text) <= most):
            raise ValueError(f"a whole number from {least} to {most}")
        return int(text)

    return read


def yes_or_no(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("true or false")
    return text == "true"


def answered(body: Json, status: int = 200, headers: Headers = ()) -> Reply:
    return Reply(status, orjson.dumps(body), headers=headers)


def done() -> Reply:
    return Reply(204, media_type=None)
