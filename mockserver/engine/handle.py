"""A request's way through the engine: route, authenticate, validate, behave, render, write down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from mockserver.behaviours.context import Answer, Behaviour, Context, Dialect, Principal
from mockserver.behaviours.registry import BEHAVIOURS
from mockserver.contract.model import Contract, Operation
from mockserver.contract.verbs import VERBS
from mockserver.engine.arguments import Arguments
from mockserver.engine.bodies import Bodies, acceptable
from mockserver.engine.route import Router
from mockserver.engine.tokens import Tokens
from mockserver.exchange import Call, Problem, Reply, Violation
from mockserver.world.shown import render
from mockserver.world.world import World

Json = Any
BEARER = "bearer "
MOST_CALLERS = 1024
# Requests with larger bodies are not known again.
LONGEST_KNOWN_BODY = 1024


class Plan:
    """One operation with what is worked out once for all its requests."""

    __slots__ = ("accepted", "arguments", "bodies", "operation", "recurs", "run", "writes")

    def __init__(self, contract: Contract, operation: Operation) -> None:
        name = operation.behaviour or "example"
        self.operation = operation
        self.run: Behaviour = BEHAVIOURS[name]
        self.writes = VERBS[name].writes
        self.recurs = not operation.reads_headers
        self.arguments = Arguments(contract, operation)
        self.bodies = Bodies(contract, operation)
        self.accepted: dict[str | None, bool] = {}

    def accepts(self, header: str | None) -> bool:
        known = self.accepted.get(header)
        if known is None:
            known = acceptable(header, self.operation.produces)
            if len(self.accepted) < 256:
                self.accepted[header] = known
        return known


class Engine:
    """Serves one contract. It holds nothing that requests change: that is the world, which comes with each call."""

    def __init__(self, contract: Contract, dialect: Dialect, tokens: Tokens | None) -> None:
        self.contract = contract
        self.dialect = dialect
        self.tokens = tokens
        self.router = Router(contract.operations, contract.prefix)
        self._plans: dict[str, Plan] = {}
        self._callers: dict[str, tuple[Mapping[str, Json], tuple[str, str]]] = {}

    def handle(self, call: Call, world: World) -> Reply:
        """The answer to one call; what it changes is committed, or nothing is."""
        operation: Operation | None = None
        principal: Principal | None = None
        problem: Problem | None = None
        now = world.root.clock.now()
        delay, drop = 0.0, False
        try:
            operation, path = self.router.match(call.method, call.path)
            if world.root.faults.planned and (fault := world.strike(operation.id)) is not None:
                delay, drop = fault.latency, fault.drop
                if fault.status is not None:
                    raise Problem(fault.status, fault.message or f"fault {fault.id} was asked for")
            principal = self._authenticate(operation, call, world, now)
            reply = self._answer(operation, path, call, principal, world)
        except Problem as refusal:
            problem = refusal
            reply = self.refuse(refusal)
        if delay or drop:
            reply = Reply(reply.status, reply.body, reply.media_type, reply.headers, delay, drop)
        name = None if principal is None else principal.name
        id = None if operation is None else operation.id
        world.journal.write(now, id, name, call, reply, problem)
        return reply

    def _answer(
        self,
        operation: Operation,
        path: Mapping[str, str],
        call: Call,
        principal: Principal,
        world: World,
    ) -> Reply:
        """Validates and behaves. An answer that changed nothing is remembered until the root changes."""
        plan = self._plan(operation)
        headers, key = call.headers, None
        if plan.recurs and len(call.body) <= LONGEST_KNOWN_BODY:
            told = headers.get("content-type") if call.body else None
            accepted, name = headers.get("accept"), principal.name
            key = (call.path, call.query, call.method, name, call.origin, accepted, call.body, told)
            known = world.memo.get(key)
            if known is not None:
                return known
        if not plan.accepts(call.headers.get("accept")):
            produced = ", ".join(operation.produces)
            raise Problem(406, f"only {produced} is answered here", violations=(Violation("header Accept", produced),))
        arguments, violations = plan.arguments.read(call, path)
        body, more = plan.bodies.read(call)
        if violations or more:
            raise Problem.of([self.dialect.reword(each, arguments) for each in (*violations, *more)])
        home = call.origin + self.contract.prefix
        transaction = world.begin()
        context = Context(self.contract, operation, arguments, body, principal, transaction, self.dialect, home)
        reply = rendered(plan.run(context))
        if key is not None and transaction.is_pure:
            world.remember(key, reply)
        elif plan.writes:
            world.commit(transaction)
        return reply

    def _plan(self, operation: Operation) -> Plan:
        plan = self._plans.get(operation.id)
        if plan is None:
            plan = self._plans[operation.id] = Plan(self.contract, operation)
        return plan

    def _authenticate(self, operation: Operation, call: Call, world: World, now: int) -> Principal:
        if not operation.secured or self.tokens is None:
            return self.dialect.anonymous(world.begin())
        _, key = self._caller(call.headers.get("authorization", ""), now / 1000)
        principal = world.memory.recall(world.root, key, self.dialect.principal, key[1])
        if principal is None:
            raise Problem(401, f"Not Authorized! Invalid token. No user is named {key[1]!r}.")
        return principal

    def _caller(self, header: str, now: float) -> tuple[Mapping[str, Json], tuple[str, str]]:
        """The claims of an Authorization header, and under what its caller is known; read once while they are good."""
        known = self._callers.get(header)
        if known is not None and known[0].get("exp", now + 1) > now:
            return known
        token = header[len(BEARER) :].strip() if header[: len(BEARER)].lower() == BEARER else ""
        if not token:
            raise Problem(401, "Not Authorized! Token not present")
        assert self.tokens is not None
        claims = self.tokens.verify(token, now)
        if len(self._callers) >= MOST_CALLERS:
            self._callers.clear()
        self._callers[header] = caller = (claims, ("principal", str(claims.get("sub", ""))))
        return caller

    def refuse(self, problem: Problem) -> Reply:
        """A problem in the contract's shape of errors."""
        errors, status = self.contract.errors, str(problem.status)
        words = {"$status": problem.status, "$message": problem.message, "$type": errors.types.get(status, status)}
        body = {key: words.get(value, value) if isinstance(value, str) else value for key, value in errors.body.items()}
        headers = (*problem.headers, *errors.headers.get(status, {}).items())
        return Reply(problem.status, orjson.dumps(body), headers=headers)


def rendered(answer: Answer) -> Reply:
    """An answer as bytes."""
    body = answer.body if isinstance(answer.body, bytes) else render(answer.body)
    return Reply(answer.status, body, answer.media_type, answer.headers)
