"""A request's arguments as typed values, checked all at once against the contract."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from mockserver.contract.model import Contract, Operation
from mockserver.contract.reference import resolved
from mockserver.contract.terms import Parameter
from mockserver.contract.validation import check, compile_schema
from mockserver.exchange import Call, Violation

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

Json = Any
INTEGER = re.compile(r"-?(0|[1-9]\d{0,18})")
NUMBER = re.compile(r"-?\d{1,300}(\.\d{1,300})?([eE][+-]?\d{1,3})?")
MOST_KNOWN = 256
# What was read from longer texts is not known again.
LONGEST_KNOWN = 512
Source = tuple[str | None, ...]
BOOLEANS = {"true": True, "false": False}


class Arguments:
    """Reads the arguments of one operation; made once, used for each request."""

    def __init__(self, contract: Contract, operation: Operation) -> None:
        self._parameters = tuple((parameter, _reader(contract, parameter)) for parameter in operation.parameters)
        self._known: dict[Source, dict[str, Json]] = {}
        self._query = any(parameter.place == "query" for parameter in operation.parameters)
        self._headers = operation.headers_read
        self._defaults = {
            parameter.name: schema["default"]
            for parameter in operation.parameters
            if "default" in (schema := resolved(contract.parts, parameter.schema))
        }
        self._required = {_key(parameter) for parameter in operation.parameters if parameter.required}
        self._names = {_key(parameter): parameter.name for parameter in operation.parameters}
        self._contract = contract

    @cached_property
    def _validator(self) -> Draft202012Validator:
        properties = {_key(parameter): parameter.schema for parameter, _ in self._parameters}
        schema = {"type": "object", "properties": properties, "required": sorted(self._required)}
        return compile_schema(self._contract, schema)

    def read(self, call: Call, path: Mapping[str, str]) -> tuple[dict[str, Json], list[Violation]]:
        """The arguments by name, defaults filled in, and everything that is wrong with them. Not to be changed.

        Good arguments are remembered by the texts that they were read from.
        """
        source = (call.path, call.query if self._query else None, *map(call.headers.get, self._headers))
        known = self._known.get(source)
        if known is not None:
            return known, []
        arguments, violations = self._read(call, path)
        if not violations and sum(len(text) for text in source if text) <= LONGEST_KNOWN:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[source] = arguments
        return arguments, violations

    def _read(self, call: Call, path: Mapping[str, str]) -> tuple[dict[str, Json], list[Violation]]:
        texts: dict[str, list[str]] = {}
        if self._query and call.query:
            for name, value in parse_qsl(call.query, keep_blank_values=True):
                texts.setdefault(name, []).append(value)
        found: dict[str, Json] = {}
        for parameter, reader in self._parameters:
            given = _given(parameter, path, texts, call.headers)
            if given:
                found[_key(parameter)] = reader(given)
        violations = check(self._validator, found, _where) if self._parameters else []
        arguments = {self._names[key]: value for key, value in found.items()}
        return (arguments if not self._defaults else {**self._defaults, **arguments}), violations


def _key(parameter: Parameter) -> str:
    return f"{parameter.place} {parameter.name}"


def _where(path: list[str | int]) -> str:
    return "/".join(str(part) for part in path) or "request"


def _given(
    parameter: Parameter, path: Mapping[str, str], query: Mapping[str, list[str]], headers: Mapping[str, str]
) -> list[str]:
    if parameter.place == "path":
        return [path[parameter.name]]
    if parameter.place == "query":
        return query.get(parameter.name, [])
    if parameter.place == "header":
        value = headers.get(parameter.name.lower())
        return [] if value is None else [value]
    cookies = dict(pair.strip().partition("=")[::2] for pair in headers.get("cookie", "").split(";"))
    return [cookies[parameter.name]] if parameter.name in cookies else []


def _reader(contract: Contract, parameter: Parameter) -> Callable[[list[str]], Json]:
    schema = resolved(contract.parts, parameter.schema)
    kind = schema.get("type") if isinstance(schema, dict) else None
    if kind == "array":
        item = _coercer(resolved(contract.parts, schema.get("items", {})))
        if parameter.explode and parameter.place == "query":
            return lambda texts: [item(text) for text in texts]
        return lambda texts: [item(text.strip(" ")) for text in texts[0].split(",")]
    coerce = _coercer(schema)
    return lambda texts: coerce(texts[0])


def _coercer(schema: Json) -> Callable[[str], Json]:
    """A text that is no value of the wanted type stays a text, and is then refused by the schema."""
    kind = schema.get("type") if isinstance(schema, dict) else None
    if kind == "integer":
        return lambda text: int(text) if INTEGER.fullmatch(text) else text
    if kind == "number":
        return lambda text: float(text) if NUMBER.fullmatch(text) else text
    if kind == "boolean":
        return lambda text: BOOLEANS.get(text, text)
    return lambda text: text
