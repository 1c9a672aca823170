"""What of a request and its answer is not written down."""

from __future__ import annotations

import re
from dataclasses import replace

from mockserver.contract.model import Operation
from mockserver.exchange import Call, Reply

KEYWORD = "x-unlogged"
MASK = "…".encode()


class Secrecy:
    """The members of an operation's bodies whose values are left out; without any, all of the bodies."""

    __slots__ = ("_member",)

    def __init__(self, members: list[str]) -> None:
        names = b"|".join(re.escape(name).encode() for name in members)
        # A text that is cut off has no end.
        self._member = re.compile(rb'("(?:' + names + rb')"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.DOTALL) if members else None

    def of_call(self, call: Call) -> Call:
        return replace(call, body=self._without(call.body))

    def of_reply(self, reply: Reply) -> Reply:
        return replace(reply, body=self._without(reply.body))

    def _without(self, body: bytes) -> bytes:
        if not body:
            return body
        if self._member is None or body.lstrip()[:1] not in (b"{", b"["):
            return MASK
        return self._member.sub(rb'\1"' + MASK + b'"', body)


def secrecy_of(operation: Operation) -> Secrecy | None:
    """What of an operation is not written down, if anything."""
    declared = operation.document.get(KEYWORD)
    return None if declared is None else Secrecy([] if declared is True else declared)
