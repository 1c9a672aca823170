"""Where a request belongs in a trace, as W3C Trace Context has it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

# A later version may have more behind the flags; of version 00 it is the whole, and ff is none.
TRACEPARENT = re.compile(r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
SAMPLED = 1


@dataclass(frozen=True, slots=True)
class Trace:
    """One request's part of a trace; `parent` is the span that the caller was in."""

    id: str
    span: str
    parent: str | None
    sampled: bool

    @property
    def response(self) -> str:
        """What the caller is told, in the form of the `traceresponse` header."""
        return f"00-{self.id}-{self.span}-{self.sampled:02x}"


def trace_of(headers: Mapping[str, str]) -> Trace:
    """The caller's trace, or a new one when the caller names none, or none that is valid."""
    found = TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    span = os.urandom(8).hex()
    if found is None or (found[1] == "00" and found[5] is not None):
        return Trace(os.urandom(16).hex(), span, None, sampled=True)
    return Trace(found[2], span, found[3], sampled=bool(int(found[4], 16) & SAMPLED))
