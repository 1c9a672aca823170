"""How much of its memory and patience the server gives to callers, and the rounds in which it looks after both."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from mockserver.exchange import Problem, Reply
from mockserver.http.cycle import MadeHeads
from mockserver.http.problems import problem_reply

KIB = 1024
LINGER_SECONDS = 1
RECEIVE_SECONDS = 30
CONNECTIONS = 16_000

Refuse = Callable[[Problem], Reply]


class ConnectionLimits(NamedTuple):
    """What one caller, or all of them together, may take; times are in whole seconds."""

    head: int = 64 * KIB
    target: int = 48 * KIB
    fields: int = 100
    receiving: int = RECEIVE_SECONDS
    idle: int = 60
    connections: int = CONNECTIONS

    def objection(self, target: int, fields: int, head: int = 0) -> Problem | None:
        """What is wrong with a request of whose head, which is not whole if `head` is given, so much has come."""
        if target > self.target:
            return Problem(414, f"the request's target is too long: at most {self.target:,} bytes are taken")
        if fields > self.fields:
            return Problem(431, f"the request has too many header fields: at most {self.fields} are taken")
        if head >= self.head:
            return Problem(431, f"the request's head is too large: at most {self.head:,} bytes are taken")
        return None

    def no_room(self) -> Problem:
        message = f"the server has {self.connections:,} connections open, as many as it takes; try again later"
        return Problem(503, message, headers=(("Retry-After", "1"),))

    def too_slow(self) -> Problem:
        return Problem(408, f"the request did not arrive in {self.receiving} s from its first byte on")


class Connection(Protocol):
    """What a round looks at; `since` is when the present stage of the connection began."""

    since: int
    unsent: int
    parting: bool

    def is_receiving(self) -> bool: ...
    def is_answering(self) -> bool: ...
    def unsent_bytes(self) -> int: ...
    def refuse(self, problem: Problem) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...


class Watch:
    """What all connections share: the limits, the words of a refusal, and a clock that each round moves on by a second.

    No request costs a timer: what takes too long is found by going round.
    """

    def __init__(self, limits: ConnectionLimits | None = None, refuse: Refuse = problem_reply) -> None:
        self.limits = limits or ConnectionLimits()
        self.refuse = refuse
        self.now = 0
        self.connections: set[Connection] = set()
        self.heads = MadeHeads()

    def go_round(self) -> None:
        """To be called once a second."""
        self.now += 1
        for connection in tuple(self.connections):
            self._look_at(connection)

    def _look_at(self, connection: Connection) -> None:
        unsent, age = connection.unsent_bytes(), self.now - connection.since
        if unsent != connection.unsent:
            # Something was written or taken: whoever reads slowly is waited for as long as it goes on.
            connection.unsent, connection.since = unsent, self.now
        elif unsent:
            if age > self.limits.receiving:
                connection.abort()
        elif connection.parting:
            if age > LINGER_SECONDS:
                connection.close()
        elif connection.is_receiving():
            if age > self.limits.receiving:
                connection.refuse(self.limits.too_slow())
        elif age > self.limits.idle and not connection.is_answering():
            connection.close()
