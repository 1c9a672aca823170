"""A request's way through the engine: route, authenticate, validate, behave, render, write down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.behaviours.context import Answer, Behaviour, Context, Dialect, Principal
from mockserver.behaviours.registry import behaviour
from mockserver.contract.model import Contract, Operation
from mockserver.contract.verbs import VERBS
from mockserver.engine.arguments import Arguments
from mockserver.engine.bodies import Bodies, acceptable
from mockserver.engine.route import Router
from mockserver.engine.secrecy import Secrecy, secrecy_of
from mockserver.engine.tokens import Tokens, expired
from mockserver.exchange import Call, LongHeaders, Problem, Reason, Reply, Violation
from mockserver.world.shown import render
from mockserver.world.world import World

Json = Any
BEARER = "bearer "
# What a caller is known by: the name, the token and its kind, after the word for what is recalled of it.
Caller = tuple[str, str, str, str]
MOST_CALLERS = 1024
LONGEST_CALLER = 4096
MOST_ACCEPTED = 64
LONGEST_ACCEPTED = 256
# Requests with longer targets or larger bodies are not known again.
LONGEST_KNOWN_TARGET = 2048
LONGEST_KNOWN_BODY = 1024


class Plan:
    """One operation with what is worked out once for all its requests."""

    __slots__ = ("accepted", "arguments", "bodies", "operation", "run", "writes")

    def __init__(self, contract: Contract, operation: Operation) -> None:
        name = operation.behaviour or "example"
        self.operation = operation
        self.run: Behaviour = behaviour(name)
        self.writes = VERBS[name].writes
        self.arguments = Arguments(contract, operation)
        self.bodies = Bodies(contract, operation)
        self.accepted: dict[str | None, bool] = {}

    def accepts(self, header: str | None) -> bool:
        known = self.accepted.get(header)
        if known is None:
            known = acceptable(header, self.operation.produces)
            if len(self.accepted) < MOST_ACCEPTED and (header is None or len(header) <= LONGEST_ACCEPTED):
                self.accepted[header] = known
        return known


class Engine:
    """Serves one contract. It holds nothing that requests change: that is the world, which comes with each call."""

    def __init__(
        self, contract: Contract, dialect: Dialect, tokens: Tokens | None, signer: Tokens | None = None
    ) -> None:
        """Without `tokens` nobody is asked for one; those who log in get theirs from the `signer` all the same."""
        self.contract = contract
        self.dialect = dialect
        self.tokens = tokens
        self.signer = signer or tokens
        self.router = Router(contract.operations, contract.prefix)
        self._plans: dict[str, Plan] = {}
        self._secrecy: dict[str, Secrecy | None] = {}
        self._callers: dict[str, tuple[Caller, float | None]] = {}

    def handle(self, call: Call, world: World) -> Reply:
        """The answer to one call; what it changes is committed, or nothing is."""
        id: str | None = None
        name: str | None = None
        reason: Reason | None = None
        secrecy: Secrecy | None = None
        now = world.root.clock.now()
        delay, drop = 0.0, False
        try:
            operation, path = self.router.match(call.method, call.path)
            id = operation.id
            secrecy = self._secrecy_of(operation)
            if world.root.faults.planned and (fault := world.strike(id)) is not None:
                delay, drop = fault.latency, fault.drop
                if fault.status is not None:
                    raise Problem(fault.status, fault.message or f"fault {fault.id} was asked for")
            caller = self._caller(operation, call, now)
            key = self._key(operation, call, caller)
            known = world.memo.get(key)
            if known is None:
                principal = self._principal(caller, world)
                name = principal.name
                reply = self._answer(operation, path, call, principal, world, key)
            else:
                name, reply = known
        except Problem as problem:
            reason, reply = problem.reason, self.refuse(problem)
        if delay or drop:
            reply = Reply(reply.status, reply.body, reply.media_type, reply.headers, delay, drop)
        if secrecy is None:
            world.journal.write(now, id, name, call, reply, reason)
        else:
            world.journal.write(now, id, name, secrecy.of_call(call), secrecy.of_reply(reply), reason)
        return reply

    def _key(self, operation: Operation, call: Call, caller: Caller | None) -> object:
        """What an answer that changes nothing follows from, beside the root; None when it is not to be remembered."""
        headers = call.headers
        if len(call.body) > LONGEST_KNOWN_BODY or len(call.path) + len(call.query) > LONGEST_KNOWN_TARGET:
            return None
        if isinstance(headers, LongHeaders) or "content-encoding" in headers:
            return None
        told = headers.get("content-type") if call.body else None
        read = tuple([headers.get(name) for name in operation.headers_read]) if operation.headers_read else None
        return (call.path, call.query, call.method, caller, call.origin, headers.get("accept"), call.body, told, read)

    def _answer(
        self,
        operation: Operation,
        path: Mapping[str, str],
        call: Call,
        principal: Principal,
        world: World,
        key: object,
    ) -> Reply:
        """Validates and behaves. An answer that changed nothing is remembered until the root changes."""
        plan = self._plan(operation)
        if not plan.accepts(call.headers.get("accept")):
            produced = ", ".join(operation.produces)
            raise Problem(406, f"only {produced} is answered here", violations=(Violation("header Accept", produced),))
        arguments, violations = plan.arguments.read(call, path)
        body, more = plan.bodies.read(call)
        if violations or more:
            raise self.dialect.refusal(self.contract, (*violations, *more), arguments)
        home = call.origin + self.contract.prefix
        transaction = world.begin()
        context = Context(
            self.contract, operation, arguments, body, principal, transaction, self.dialect, home, self.signer
        )
        try:
            reply = rendered(plan.run(context))
        except Problem as refusal:
            if refusal.lasting:
                world.commit(transaction)
            raise
        if key is not None and transaction.is_pure:
            world.remember(key, principal.name, reply)
        elif plan.writes:
            world.commit(transaction)
        return reply

    def _secrecy_of(self, operation: Operation) -> Secrecy | None:
        """What of an operation is not written down; worked out once."""
        if operation.id not in self._secrecy:
            self._secrecy[operation.id] = secrecy_of(operation)
        return self._secrecy[operation.id]

    def _plan(self, operation: Operation) -> Plan:
        plan = self._plans.get(operation.id)
        if plan is None:
            plan = self._plans[operation.id] = Plan(self.contract, operation)
        return plan

    def _caller(self, operation: Operation, call: Call, now: int) -> Caller | None:
        """Under what the caller is known, by a token that is good now; None where no token is asked for."""
        if self.tokens is None or not operation.secured:
            return None
        header = call.headers.get("authorization", "")
        known = self._callers.get(header)
        if known is None:
            known = self._read(header, now)
        elif known[1] is not None and known[1] <= now / 1000:
            raise expired()
        return known[0]

    def _read(self, header: str, now: int) -> tuple[Caller, float | None]:
        """Who an Authorization header names and until when; one that is good is read once."""
        token = header[len(BEARER) :].strip() if header[: len(BEARER)].lower() == BEARER else ""
        if not token:
            raise Problem(401, "Not Authorized! Token not present")
        assert self.tokens is not None
        claims = self.tokens.verify(token, now / 1000)
        caller = ("principal", str(claims.get("sub", "")), token, str(claims.get("tokenType", "")))
        read = (caller, claims.get("exp"))
        if len(header) <= LONGEST_CALLER:
            if len(self._callers) >= MOST_CALLERS:
                self._callers.clear()
            self._callers[header] = read
        return read

    def _principal(self, caller: Caller | None, world: World) -> Principal:
        if caller is None:
            return self.dialect.anonymous(world.begin())
        principal = world.memory.recall(world.root, caller, self.dialect.principal, *caller[1:])
        if principal is None:
            raise Problem(401, f"Not Authorized! Invalid token. No user is named {caller[1]!r}.")
        return principal

    def refuse(self, problem: Problem) -> Reply:
        """A problem in the contract's shape of errors."""
        errors, status = self.contract.errors, str(problem.status)
        words = {"$status": problem.status, "$message": problem.message, "$type": errors.types.get(status, status)}
        body = {key: words.get(value, value) if isinstance(value, str) else value for key, value in errors.body.items()}
        headers = (*problem.headers, *errors.headers.get(status, {}).items())
        return Reply(problem.status, render(body), headers=headers)


def rendered(answer: Answer) -> Reply:
    """An answer as bytes."""
    body = answer.body if isinstance(answer.body, bytes) else render(answer.body)
    return Reply(answer.status, body, answer.media_type, answer.headers)
