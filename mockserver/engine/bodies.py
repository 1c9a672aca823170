"""A request's body as a value, checked against the contract; and what the caller can read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from mockserver.contract.model import Contract, Operation
from mockserver.contract.pointer import join
from mockserver.contract.problem import shown
from mockserver.contract.validation import check, compile_schema
from mockserver.exchange import Call, Problem, Violation
from mockserver.values import DEEPEST, is_deeper

Json = Any
MOST_KNOWN = 64
LONGEST_KNOWN = 256


class Bodies:
    """Reads the bodies of one operation; validators are compiled when they are first used."""

    def __init__(self, contract: Contract, operation: Operation) -> None:
        self._contract = contract
        self._operation = operation
        content: Mapping[str, Json] = operation.document.get("requestBody", {}).get("content", {})
        self._content = {bare(declared): media for declared, media in content.items()}
        self._validators: dict[str, Any] = {}
        self._known: dict[str | None, tuple[str, str]] = {}

    def read(self, call: Call) -> tuple[Json, list[Violation]]:
        """The body's value and what is wrong with it; a media type that is not taken is a 415 Problem."""
        if not self._content:
            return None, []
        if not call.body:
            missing = [Violation("body", "must not be empty")] if self._operation.body_required else []
            return None, missing
        _refuse_encoded(call.headers.get("content-encoding"))
        media_type, given = self._media_type(call.headers.get("content-type"))
        if not is_json(given) or self._content[media_type].get("x-raw"):
            value: Json = call.body.decode("utf-8", "replace")
        else:
            try:
                value = orjson.loads(call.body)
            except orjson.JSONDecodeError as error:
                return None, [Violation("body", f"is not JSON: {error}")]
            if call.body.count(b"[") + call.body.count(b"{") > DEEPEST and is_deeper(value):
                return None, [Violation("body", f"is nested deeper than {DEEPEST} levels")]
        if media_type not in self._validators:
            schema = self._content[media_type].get("schema", {})
            self._validators[media_type] = compile_schema(self._contract, schema)
        return value, check(self._validators[media_type], value, _where)

    def _media_type(self, header: str | None) -> tuple[str, str]:
        """The declared media type that a Content-Type means, and itself; none given means the first one."""
        known = self._known.get(header)
        if known is None:
            known = self._meant(header)
            if len(self._known) < MOST_KNOWN and (header is None or len(header) <= LONGEST_KNOWN):
                self._known[header] = known
        return known

    def _meant(self, header: str | None) -> tuple[str, str]:
        if header is None:
            first = next(iter(self._content))
            return first, first
        given = bare(header)
        for declared in self._content:
            if declared in (given, "*/*", given.partition("/")[0] + "/*"):
                return declared, given
        taken = ", ".join(self._content)
        raise Problem(
            415,
            f"a body of type {given or 'nothing'} is not taken; send {taken}",
            violations=(Violation("header Content-Type", f"must be {taken}"),),
        )


def _refuse_encoded(encoding: str | None) -> None:
    if encoding is not None and encoding.strip().lower() not in ("", "identity"):
        raise Problem(
            415,
            f"a body with the encoding {shown(encoding)} is not taken; send it as it is",
            violations=(Violation("header Content-Encoding", "must be identity"),),
            headers=(("Accept-Encoding", "identity"),),
        )


def bare(media_type: str) -> str:
    """A media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    return media_type.endswith(("/json", "+json"))


def _where(path: list[str | int]) -> str:
    return f"body {join(path)}" if path else "body"


def acceptable(accept: str | None, produced: tuple[str, ...]) -> bool:
    """Whether an Accept header admits one of the media types; no header admits all."""
    if not accept or not produced:
        return True
    qualities: dict[str, float] = {}
    for part in accept.split(","):
        pieces = [piece.strip().lower() for piece in part.split(";")]
        quality = next((piece[2:] for piece in pieces[1:] if piece.startswith("q=")), "1")
        qualities[pieces[0]] = _quality(quality)
    return any(_admits(qualities, bare(media_type)) for media_type in produced)


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _admits(qualities: Mapping[str, float], media_type: str) -> bool:
    for pattern in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        if pattern in qualities:
            return qualities[pattern] > 0
    return False
