"""What a control request says, read strictly; and how it is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from mockserver.contract.problem import nearest, shown
from mockserver.exchange import Problem, Violation
from mockserver.forms import Form, closed, fill
from mockserver.http import wire
from mockserver.http.choosing import WORLD_KEY

Json = Any
Reader = Callable[[str], Json]
BODY_LIMIT = 1024 * 1024
NOTHING = closed({})


async def read_body(request: Request, form: Form, limit: int = BODY_LIMIT) -> Json:
    """The JSON body, held against a form; nothing at all stands for an empty object."""
    raw = await wire.read_body(request.headers, request.receive, limit)
    try:
        value = orjson.loads(raw) if raw.strip() else {}
    except orjson.JSONDecodeError as error:
        raise Problem(400, f"the body is not JSON: {error}", violations=(Violation("body", str(error)),)) from None
    fill(form, value)
    return value


def read_query(request: Request, readers: Mapping[str, Reader]) -> dict[str, Json]:
    """The query's parameters, each through its reader, which raises ValueError with what would be right."""
    values: dict[str, Json] = {}
    violations: list[Violation] = []
    for name, text in request.query_params.multi_items():
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


def world_of(request: Request) -> str:
    """The name of the world that the request chose."""
    name: str = request.scope[WORLD_KEY]
    return name


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


def answered(body: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body), status, headers, "application/json")


def done() -> Response:
    return Response(status_code=204)
