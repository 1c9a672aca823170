"""The control plane: who may use it, what is asked, and the answer or the problem."""

from __future__ import annotations

import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from mockserver.contract.model import Operation
from mockserver.contract.operations import Mark, Operations
from mockserver.engine.route import Router
from mockserver.exchange import Call, Problem, Reply
from mockserver.http.control.asking import Asked
from mockserver.http.control.routes import Handler, control_routes
from mockserver.http.guard import CONTROL, objection
from mockserver.http.outgoing import Outgoing
from mockserver.http.problems import problem_reply
from mockserver.http.sandbox import Sandbox

logger = logging.getLogger("mockserver.control")

BODY_LIMIT = 1024 * 1024
STATE_LIMIT = 256 * 1024 * 1024
# What takes so long that others must be served meanwhile.
LENGTHY = ("/state", "/diff")

T = TypeVar("T")


class ControlPlane:
    """Answers what is asked under /__mock__; `token` None lets in whoever could send a request at all."""

    def __init__(self, sandbox: Sandbox, token: str | None, outgoing: Outgoing | None = None) -> None:
        self._sandbox = sandbox
        self._outgoing = outgoing
        self._token = token
        self._routes = control_routes(sandbox, trusted=token is not None)
        marks = [Mark(f"{method} {path}", method, path) for path, methods in self._routes.items() for method in methods]
        operations = Operations(marks, lambda mark: Operation(*mark, {}))
        self._router = Router(operations, CONTROL, "nothing is at the path")

    def limit(self, call: Call) -> int:
        """How many bytes the body of a request may have."""
        return STATE_LIMIT if call.path == f"{CONTROL}/state" else BODY_LIMIT

    def at_once(self, call: Call) -> Reply | None:
        """The answer, when nothing has to be waited for; None when something may have to be."""
        if not self._sandbox.worlds.immediate or call.path.endswith(LENGTHY):
            return None
        return finished(self.answer(call))

    async def answer(self, call: Call) -> Reply:
        """The answer; a refusal, and a failure of our own, is a problem document."""
        try:
            if (problem := objection(call, self._token)) is not None:
                raise problem
            if call.method == "OPTIONS" and (allowed := self._router.allowed(call.path)):
                return private(Reply(204, media_type=None, headers=(("Allow", ", ".join(allowed)),)))
            handler, asked = self._find(call)
            reply = private(await handler(asked))
            if self._outgoing is not None and call.method != "GET":
                # What was not due before may be so now.
                self._outgoing.look(call.world, moved=True)
            return reply
        except Problem as refusal:
            return private(problem_reply(refusal))
        except Exception as error:
            logger.exception("%s %s could not be answered", call.method, call.path)
            reason = f"the sandbox itself failed: {type(error).__name__}: {error}"
            return private(problem_reply(Problem(500, reason)))

    def _find(self, call: Call) -> tuple[Handler, Asked]:
        operation, arguments = self._router.match(call.method, call.path)
        return self._routes[operation.path][operation.method], Asked(call, arguments)


def private(reply: Reply) -> Reply:
    """A reply that no page of another origin may read."""
    reply.private = True
    return reply


def finished(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    coroutine.close()
    raise RuntimeError("what was to be answered at once had to wait")
