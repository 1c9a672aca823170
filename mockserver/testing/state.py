"""What is in the catalogue, as the admin sees it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import orjson

from mockserver.behaviours.context import Dialect
from mockserver.contract.model import Contract, Operation
from mockserver.contract.problem import nearest
from mockserver.engine.handle import Engine
from mockserver.engine.route import BRACES
from mockserver.exchange import Call
from mockserver.world.faults import Faults
from mockserver.world.journal import Journal
from mockserver.world.record import Record
from mockserver.world.root import Root
from mockserver.world.transaction import Transaction
from mockserver.world.world import World

Json = Any


class Missing(KeyError):
    """There is nothing under a key; what is meant is looked for only when somebody reads the message."""

    def __init__(self, key: object, what: str, known: Collection[str]) -> None:
        super().__init__(key)
        self._what = what
        self._known = known

    def __str__(self) -> str:
        meant = nearest(str(self.args[0]), self._known)
        hint = f"did you mean {meant!r}?" if meant else f"there are {len(self._known)}"
        return f"there is no {self._what} {self.args[0]!r}; {hint}"


class Reader:
    """Reads records through an engine that asks for no token, in worlds of its own: no journal and no fault sees it."""

    def __init__(self, contract: Contract, dialect: Dialect) -> None:
        self._engine = Engine(contract, dialect, None)
        self.router = self._engine.router
        self.reads: dict[str, Operation] = {
            operation.resource.name: operation
            for operation in contract.operations
            if operation.resource and _reads_one(operation)
        }

    def read(self, world: World, record: Record, origin: str) -> dict[str, Json]:
        """The record as it is shown to a caller who came in at this origin."""
        operation = self.reads[record.resource]
        takes = {parameter.name for parameter in operation.parameters if parameter.place == "query"}
        query = "&".join(each for each in ("fields=*", "include=all") if each.partition("=")[0] in takes)
        path = self._engine.contract.prefix + BRACES.sub(record.id, operation.path)
        reply = self._engine.handle(Call("GET", path, query, origin=origin), world)
        if reply.status != 200:
            raise RuntimeError(f"{operation.id} cannot be read with {query or 'no query'}: {reply.body.decode()}")
        answer: dict[str, Json] = orjson.loads(reply.body)
        return answer


def _reads_one(operation: Operation) -> bool:
    """Whether it answers with the one record of its resource that has the id in the path."""
    if operation.behaviour == "read":
        return str(operation.settings.get("by", "id")) == "id"
    return operation.resource is not None and operation.label == f"GET {operation.resource.path}/{{id}}"


class Records(Mapping[str, dict[str, Json]]):
    """The records of one resource, soft-deleted ones too, by full name; they are found by id as well."""

    def __init__(self, reader: Reader, world: World, resource: str, origin: str) -> None:
        self._reader = reader
        self._origin = origin
        self._world = world
        self._resource = resource
        self._transaction: Transaction = world.begin()

    def __getitem__(self, key: str) -> dict[str, Json]:
        """Everything there is to say of a record: what a GET with all its `fields` answers."""
        record = self._find(key)
        if record is None:
            raise Missing(key, f"record of {self._resource} with the name or id", self)
        return self._reader.read(self._world, record, self._origin)

    def __contains__(self, key: object) -> bool:
        return self._find(key) is not None

    def __iter__(self) -> Iterator[str]:
        for _, id in self._transaction.all_keys(self._resource):
            record = self._transaction.record(id)
            if record is not None:
                yield str(record.data.get("fullyQualifiedName", record.name))

    def __len__(self) -> int:
        return sum(len(self._transaction.keys(self._resource, deleted)) for deleted in (False, True))

    def _find(self, key: object) -> Record | None:
        if not isinstance(key, str):
            return None
        found = self._transaction.find(self._resource, key) or self._transaction.record(key.lower())
        return found if found is not None and found.resource == self._resource else None

    def __repr__(self) -> str:
        return f"<Records {self._resource}: {len(self)}>"


class State(Mapping[str, Records]):
    """The whole catalogue at the moment it was asked for, by resource; later changes do not show in it."""

    def __init__(self, reader: Reader, root: Root, origin: str) -> None:
        self._reader = reader
        self._origin = origin
        self._world = World(root._replace(faults=Faults()), journal=Journal(1))

    def __getitem__(self, resource: str) -> Records:
        if resource not in self._reader.reads:
            raise Missing(resource, "resource", self)
        return Records(self._reader, self._world, resource, self._origin)

    def __iter__(self) -> Iterator[str]:
        return iter(self._reader.reads)

    def __len__(self) -> int:
        return len(self._reader.reads)

    def __repr__(self) -> str:
        return f"<State {', '.join(f'{name}: {len(records)}' for name, records in self.items())}>"
