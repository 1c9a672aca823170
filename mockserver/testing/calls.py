"""The requests that a test made, as its journal has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload
from urllib.parse import parse_qs

import orjson

from mockserver.engine.route import Router
from mockserver.testing.operations import Operations
from mockserver.world.journal import Entry

Json = Any
MOST_TOLD = 20


class Request:
    """One request and how it was answered."""

    __slots__ = ("_entry", "_router")

    def __init__(self, entry: Entry, router: Router) -> None:
        self._entry = entry
        self._router = router

    @property
    def number(self) -> int:
        """Its place among the requests of the test, from 1."""
        return self._entry.sequence

    @property
    def operation(self) -> str | None:
        """The id of the contract's operation; None when the path or the method is none of the contract's."""
        return self._entry.operation

    @property
    def user(self) -> str | None:
        """Who called; None when the token was refused or not looked at."""
        return self._entry.principal

    @property
    def method(self) -> str:
        return self._entry.call.method

    @property
    def path(self) -> str:
        """The path as it was sent, percent-encoded."""
        return self._entry.call.path

    @property
    def arguments(self) -> dict[str, str]:
        """What stands in the path for each `{name}` of the operation's path."""
        return {} if self.operation is None else dict(self._router.match(self.method, self.path)[1])

    @property
    def query(self) -> dict[str, list[str]]:
        """The values of each query parameter."""
        return parse_qs(self._entry.call.query, keep_blank_values=True)

    @property
    def headers(self) -> dict[str, str]:
        """The header fields by lower-case name."""
        return dict(self._entry.call.headers)

    @property
    def content(self) -> bytes:
        """The body as it was sent, or the beginning of it: see `cut`."""
        return self._entry.call.body

    @property
    def cut(self) -> bool:
        """Whether only the beginning of the body is known here; elsewhere, long ones are told so."""
        return self._entry.cut

    @property
    def body(self) -> Json:
        """The body as JSON; as text when it is no JSON; None when there was none."""
        return _decoded(self._entry.call.body)

    @property
    def status(self) -> int:
        return self._entry.reply.status

    @property
    def answer(self) -> Json:
        """The body of the answer, read as `body` is."""
        return _decoded(self._entry.reply.body)

    @property
    def reason(self) -> str | None:
        """Why it was refused; None when it was not."""
        return None if self._entry.reason is None else self._entry.reason.message

    def __repr__(self) -> str:
        operation = f" {self.operation}" if self.operation else ""
        query = f"?{self._entry.call.query}" if self._entry.call.query else ""
        by = f" by {self.user}" if self.user else ""
        dropped = " (dropped)" if self._entry.reply.drop else ""
        return f"<#{self.number}{operation} {self.method} {self.path}{query}{by} -> {self.status}{dropped}>"

    def told(self) -> str:
        """The request in a line, with the reason if it was refused."""
        line = repr(self).strip("<>")
        return f"{line}: {self.reason}" if self.reason else line


class Requests(Sequence[Request]):
    """Requests in the order they came, as many as there were when it was asked for."""

    def __init__(self, requests: Sequence[Request], operations: Operations, forgotten: int = 0) -> None:
        self._requests = tuple(requests)
        self._operations = operations
        self.forgotten = forgotten

    @overload
    def __getitem__(self, index: int) -> Request: ...
    @overload
    def __getitem__(self, index: slice) -> Requests: ...
    def __getitem__(self, index: int | slice) -> Request | Requests:
        if isinstance(index, slice):
            return Requests(self._requests[index], self._operations, self.forgotten)
        return self._requests[index]

    def __len__(self) -> int:
        return len(self._requests)

    def __iter__(self) -> Iterator[Request]:
        return iter(self._requests)

    def to(self, operation: str) -> Requests:
        """Those to one operation; ValueError when the contract has none of that id."""
        __tracebackhide__ = True
        self._operations.check(operation)
        return self._where(lambda request: request.operation == operation)

    def by(self, user: str) -> Requests:
        """Those of one user."""
        return self._where(lambda request: request.user == user)

    def answered(self, status: int) -> Requests:
        """Those answered with this status."""
        return self._where(lambda request: request.status == status)

    @property
    def refused(self) -> Requests:
        """Those that were refused; each has a `reason`."""
        return self._where(lambda request: request.reason is not None)

    def _where(self, holds: Callable[[Request], bool]) -> Requests:
        return Requests([each for each in self._requests if holds(each)], self._operations, self.forgotten)

    def told(self) -> str:
        """The latest of them, a line each."""
        if not self._requests:
            return "no request reached the server"
        left_out = self.forgotten + len(self._requests) - MOST_TOLD
        lines = [f"… {left_out} earlier ones"] if left_out > 0 else []
        return "\n".join([*lines, *(request.told() for request in self._requests[-MOST_TOLD:])])

    def __repr__(self) -> str:
        return f"<Requests {list(self._requests)}>"


def _decoded(content: bytes) -> Json:
    if not content:
        return None
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return content.decode("utf-8", "replace")
