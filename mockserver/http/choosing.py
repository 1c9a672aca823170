"""Which world a request wants: by the header, by the prefix of its path, by its token, or else the default one."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.contract.problem import shown
from mockserver.engine.tokens import claimed_world
from mockserver.exchange import Call, Problem
from mockserver.world.registry import NAME

HEADER = "x-mock-world"
PREFIX = "/__world__/"
BEARER = "bearer "
MOST_UNBOUND = 4096
LONGEST_UNBOUND = 4096

# Authorization headers that are known to name no world.
Unbound = dict[str | None, None]


def choose(call: Call, unbound: Unbound) -> None:
    """Notes the world that a call wants, and takes the prefix off its path; a 400 Problem when it wants several."""
    wanted = dict(_wanted(call, unbound))
    for where, name in wanted.items():
        if not NAME.fullmatch(name):
            raise Problem(400, f"{where} names no world: {shown(name)}; a name has letters, digits, '.', '_' and '-'")
    if len(set(wanted.values())) > 1:
        told = ", ".join(f"{where} {shown(name)}" for where, name in wanted.items())
        raise Problem(400, f"a request is for one world, and this names several: {told}")
    if wanted:
        call.world = next(iter(wanted.values()))


def _wanted(call: Call, unbound: Unbound) -> Iterator[tuple[str, str]]:
    if call.path.startswith(PREFIX):
        name, slash, rest = call.path.removeprefix(PREFIX).partition("/")
        call.path = slash + rest or "/"
        call.origin = f"{call.origin}{PREFIX}{name}"
        yield "the path", name
    if HEADER in call.headers:
        yield "the header X-Mock-World", call.headers[HEADER]
    header = call.headers.get("authorization")
    if header in unbound:
        return
    named = _named_by_token(header or "")
    if named is not None:
        yield "the token", named
        return
    if header is not None and len(header) <= LONGEST_UNBOUND:
        if len(unbound) >= MOST_UNBOUND:
            unbound.clear()
        unbound[header] = None


def _named_by_token(header: str) -> str | None:
    return claimed_world(header[len(BEARER) :].strip()) if header[: len(BEARER)].lower() == BEARER else None
