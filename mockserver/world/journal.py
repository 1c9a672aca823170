"""The latest requests and their answers, in a ring of bounded size and weight."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from weakref import WeakSet

from mockserver.exchange import Call, LongHeaders, Reason, Reply

Json = Any
BODY_SHOWN = 64 * 1024
DEFAULT_SIZE = 1000
MOST_BYTES = 64 * 1024 * 1024
OVERHEAD = 1024
HIDDEN_HEADERS = frozenset(("authorization", "cookie"))


@dataclass(slots=True)
class Entry:
    """One request as it was answered; `reason` says why it was refused, `cut` that not all of its body is here."""

    sequence: int
    timestamp: int
    operation: str | None
    principal: str | None
    call: Call
    reply: Reply
    reason: Reason | None
    cut: bool = False

    def describe(self) -> dict[str, Json]:
        """The entry as JSON; secrets are left out, bodies cut at BODY_SHOWN bytes, which `cut` then says."""
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
        if self.cut or len(call.body) > BODY_SHOWN:
            described["cut"] = True
        if self.reason is not None:
            described["reason"] = self.reason.message
            described["violations"] = [
                {"where": violation.where, "message": violation.message} for violation in self.reason.violations
            ]
        return described


# An entry's fields, of which it is made when somebody reads it, and in front of them what it takes of the budget.
Written = tuple[int, int, int, str | None, str | None, Call, Reply, Reason | None]


class Budget:
    """The bytes that the journals of one server may hold together; when they are spent, the heaviest ones give way."""

    __slots__ = ("journals", "limit", "used")

    def __init__(self, limit: int = MOST_BYTES) -> None:
        self.limit = limit
        self.used = 0
        self.journals: WeakSet[Journal] = WeakSet()

    def make_room(self) -> None:
        """Frees more than is needed now, so that this is seldom done; what light ones do not need is the others'."""
        left = self.limit - self.limit // 8
        waiting = sorted(self.journals, key=lambda journal: journal.weight)
        for number, journal in enumerate(waiting):
            journal.shrink(left // (len(waiting) - number))
            left -= journal.weight


class Journal:
    """A ring of entries; the oldest go when there is one too many, or to make room in the budget; the latest stays."""

    def __init__(self, size: int = DEFAULT_SIZE, budget: Budget | None = None) -> None:
        self.size = size
        self._ring: deque[Written] = deque()
        self._budget = Budget() if budget is None else budget
        self._budget.journals.add(self)
        self.weight = 0
        self.written = 0

    def write(
        self,
        timestamp: int,
        operation: str | None,
        principal: str | None,
        call: Call,
        reply: Reply,
        reason: Reason | None,
    ) -> None:
        """Writes a request down under the next number."""
        self.written = number = self.written + 1
        ring, budget = self._ring, self._budget
        # Answers that are given again and again share their bytes, but count.
        weight = OVERHEAD + len(call.path) + len(call.query) + len(call.body) + len(reply.body)
        if isinstance(call.headers, LongHeaders):
            weight += sum(len(name) + len(value) for name, value in call.headers.items())
        ring.append((weight, number, timestamp, operation, principal, call, reply, reason))
        if len(ring) > self.size:
            weight -= ring.popleft()[0]
        self.weight += weight
        budget.used += weight
        if budget.used > budget.limit:
            budget.make_room()

    def add(self, entry: Entry) -> None:
        """Writes down what was written down elsewhere."""
        self.write(entry.timestamp, entry.operation, entry.principal, entry.call, entry.reply, entry.reason)

    def shrink(self, weight: int) -> None:
        """Forgets the oldest entries until they weigh no more than this, but never the latest one."""
        while self.weight > weight and len(self._ring) > 1:
            self._count(-self._ring.popleft()[0])

    def _count(self, weight: int) -> None:
        self.weight += weight
        self._budget.used += weight

    def back_to(self, written: int) -> None:
        """Forgets what was written down since that number."""
        while self.written > written and self._ring:
            self._count(-self._ring.pop()[0])
            self.written -= 1

    def __iter__(self) -> Iterator[Entry]:
        """Oldest first."""
        return iter([Entry(*written[1:]) for written in self._ring])

    def __len__(self) -> int:
        return len(self._ring)

    def clear(self) -> None:
        self._count(-self.weight)
        self._ring.clear()
        self.written = 0
