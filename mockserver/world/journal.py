"""The latest requests and their answers, in a ring of bounded size."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mockserver.exchange import Call, Problem, Reply

Json = Any
BODY_SHOWN = 64 * 1024
HIDDEN_HEADERS = frozenset(("authorization", "cookie"))


@dataclass(slots=True)
class Entry:
    """One request as it was answered; `problem` says why it was refused."""

    sequence: int
    timestamp: int
    operation: str | None
    principal: str | None
    call: Call
    reply: Reply
    problem: Problem | None

    def describe(self) -> dict[str, Json]:
        """The entry as JSON; secrets are left out, bodies cut at BODY_SHOWN bytes."""
        call, reply = self.call, self.reply
        described: dict[str, Json] = {
            "sequence": self.sequence,
            "timestamp": self.timestamp,
            "operation": self.operation,
            "user": self.principal,
            "method": call.method,
            "path": call.path,
            "query": call.query,
            "headers": {name: "…" if name in HIDDEN_HEADERS else value for name, value in call.headers.items()},
            "body": call.body[:BODY_SHOWN].decode("utf-8", "replace"),
            "status": reply.status,
            "answer": reply.body[:BODY_SHOWN].decode("utf-8", "replace"),
        }
        if self.problem is not None:
            described["reason"] = self.problem.message
            described["violations"] = [
                {"where": violation.where, "message": violation.message} for violation in self.problem.violations
            ]
        return described


class Journal:
    """A ring of entries; the oldest goes when a new one would be one too many."""

    def __init__(self, size: int = 1000) -> None:
        self._ring: deque[Entry] = deque(maxlen=size)
        self.written = 0

    def write(
        self,
        timestamp: int,
        operation: str | None,
        principal: str | None,
        call: Call,
        reply: Reply,
        problem: Problem | None,
    ) -> None:
        self.written += 1
        self._ring.append(Entry(self.written, timestamp, operation, principal, call, reply, problem))

    def __iter__(self) -> Iterator[Entry]:
        """Oldest first."""
        return iter(tuple(self._ring))

    def __len__(self) -> int:
        return len(self._ring)

    @property
    def size(self) -> int:
        return self._ring.maxlen or 0

    def clear(self) -> None:
        self._ring.clear()
        self.written = 0
