"""The whole state of a world, out and in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from mockserver.contract.validation import violations_of
from mockserver.exchange import Problem, Reply, Violation
from mockserver.forms import Found, Full, stop
from mockserver.http.control.asking import Asked, answered, done
from mockserver.http.sandbox import Sandbox
from mockserver.world.root import Root
from mockserver.world.transaction import Transaction
from mockserver.world.transfer import export_state, import_state

Json = Any


class StateDesk:
    """Hands the state out as a document, and takes one in whole or not at all."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def export(self, asked: Asked) -> Reply:
        root = await self._sandbox.worlds.look(asked.world, lambda world: world.root)
        # Long enough for a big state that others should not wait for it; nothing in there touches the world.
        return answered(await asyncio.to_thread(export_state, root))

    async def take(self, asked: Asked) -> Reply:
        document = asked.body()
        root = await asyncio.to_thread(sound_root, self._sandbox, document)
        await self._sandbox.worlds.change(asked.world, lambda world: world.take_in(root))
        return done()


def sound_root(sandbox: Sandbox, document: Json) -> Root:
    """The state in a document, every record of which can be answered; a Problem says what is wrong."""
    root = import_state(document, sandbox.contract.stored_by_resource)
    found = Found()
    with suppress(Full):
        for violation in _unsound(sandbox, document, root):
            found.add(violation.where, violation.message)
    stop(found)
    return root


def _unsound(sandbox: Sandbox, document: Json, root: Root) -> Iterator[Violation]:
    contract, world = sandbox.contract, Transaction(root)
    for at, listed in enumerate(document["records"]):
        record = root.records[listed["id"]]
        where = f"body /records/{at}/data"
        try:
            shown = sandbox.engine.dialect.show(world, contract, record, f"http://localhost{contract.prefix}")
        except (LookupError, TypeError, ValueError, AttributeError, Problem) as error:
            yield Violation(
                where, f"cannot be answered as a record of {record.resource}: {type(error).__name__} {error}"
            )
            continue
        for violation in violations_of(contract, contract.resources[record.resource].schema, shown):
            yield Violation(where + violation.where.rstrip("/"), violation.message)
