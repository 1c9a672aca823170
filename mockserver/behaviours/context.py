"""What a behaviour is given, what it answers, and what it asks of the product's dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

from mockserver.behaviours.claims import Signer
from mockserver.behaviours.minding import Minding
from mockserver.behaviours.promising import Promising
from mockserver.behaviours.refusing import Refusing
from mockserver.behaviours.searchable import Searchable
from mockserver.behaviours.speaks import Speaks
from mockserver.contract.model import Contract, Operation, Resource
from mockserver.exchange import Headers, Problem
from mockserver.world.events import Event
from mockserver.world.links import Links
from mockserver.world.recall import Reader
from mockserver.world.record import Data, Record
from mockserver.world.shown import Shown
from mockserver.world.transaction import Transaction

Json = Any


class Principal(NamedTuple):
    """Who is calling; `id` is None for a caller that is no record of the world."""

    name: str
    id: str | None = None
    admin: bool = False
    bot: bool = False


class Answer(NamedTuple):
    """What a behaviour answers, a `body` of bytes as it is, in another one records as they are shown anywhere."""

    status: int
    body: Json = None
    headers: Headers = ()
    media_type: str | None = "application/json"


@dataclass(slots=True)
class Context:
    """One call, routed, authenticated and validated; `home` is the URL that the contract's paths are under."""

    contract: Contract
    operation: Operation
    arguments: Mapping[str, Json]
    body: Json
    principal: Principal
    world: Transaction
    dialect: Dialect
    home: str
    signing: Signer | None = None
    # The operation's; the loader refuses a contract in which a behaviour that needs one has none.
    resource: Resource = field(init=False)

    def __post_init__(self) -> None:
        if self.operation.resource is not None:
            self.resource = self.operation.resource

    @property
    def signer(self) -> Signer:
        """Who signs tokens here; an engine has one whether it asks for them or not."""
        assert self.signing is not None
        return self.signing

    def about(self, resource: Resource) -> Context:
        """The same call as if it was about another resource."""
        return replace(self, operation=self.operation._replace(resource=resource))


class Revision(Protocol):
    """A record after a write: what the writer is answered, and what changed (nothing: false)."""

    @property
    def record(self) -> Record: ...
    @property
    def shown(self) -> Shown: ...
    @property
    def changed(self) -> bool: ...


class Access(Protocol):
    """What a product tells of who may do what; refusals are Problems."""

    def of_every_type(self, context: Context, user: str | None) -> list[Json]:
        """What the caller, or the user of that name, may do with records of each type."""

    def of_type(self, context: Context, user: str | None, entity: str) -> Json:
        """The same of one type."""

    def of_record(self, context: Context, user: str | None, entity: str, id: str | None, name: str | None) -> Json:
        """The same of one record, by its id or by its name."""

    def of_these(self, context: Context, ids: Iterable[str]) -> list[Json]:
        """What some policies give by themselves."""

    def check_condition(self, context: Context, condition: str) -> None:
        """Refuses a condition that no rule may have."""

    def functions(self) -> list[Json]:
        """What conditions may call."""

    def resources(self, contract: Contract) -> list[Json]:
        """What rules may name, with the operations on each."""


class Dialect(Minding, Promising, Refusing, Searchable, Speaks, Protocol):
    """What one product does its own way."""

    def principal(self, world: Reader, name: str, token: str | None = None, kind: str = "") -> Principal | None:
        """The caller of that name, if the world knows one who may call.

        A 401 Problem for a well signed `token` of some `kind` that is not to be taken any more.
        """

    def anonymous(self, world: Transaction) -> Principal:
        """Who calls where no token is asked for."""

    def authorize(self, context: Context, operations: Iterable[str], record: Record | None = None) -> None:
        """Raises a 403 Problem unless the caller may do all of the policy operations."""

    def authorize_view(self, context: Context, record: Record | None = None) -> None:
        """Raises a 403 Problem unless the caller may read what the operation and its `fields=` ask for."""

    def hides(self, context: Context) -> Callable[[Record], bool] | None:
        """Says of a record whether the caller may not see it; None where everything may be seen."""

    def narrows(self, context: Context) -> Callable[[Record], bool] | None:
        """Says of a record whether a list leaves it out for the caller; None where all may stay."""

    def severs(self, context: Context) -> Callable[[Record], bool] | None:
        """Says of a record whether a graph leaves it out, with what lies behind it; None where all may stay."""

    def observe(self, context: Context) -> Answer:
        """Has edges come of what is told of runs."""

    def accounts(self, context: Context, does: str) -> Answer:
        """What there is to do with passwords, sessions and tokens, by the word that the contract has for it."""

    def access(self) -> Access:
        """Who tells what callers may do."""

    def missing(self, resource: Resource, wanted: str) -> Problem:
        """The 404 for a record that is not there."""

    def requested(self, context: Context) -> frozenset[str]:
        """The fields that `fields=` asks for."""

    def check_filters(self, context: Context) -> None:
        """Refuses filters of a list that contradict one another."""

    def view(self, context: Context, record: Record, fields: frozenset[str] | None = None) -> Shown:
        """The record as it is answered, with these fields on request; None for all that a write answers."""

    def reference(self, context: Context, record: Record) -> dict[str, Json]:
        """What other records show of this one."""

    def headers(self, change: str) -> Headers:
        """The headers that tell what a write did: entityCreated, entityUpdated, entityNoChange …"""

    def compose(self, context: Context, body: Mapping[str, Json]) -> tuple[Data, Mapping[str, Links]]:
        """Own fields, the unique name among them, and links of a create body."""

    def create(self, context: Context, data: Data, links: Mapping[str, Links]) -> Shown:
        """Stores a new record of the context's resource and gives what is answered."""

    def update(self, context: Context, record: Record, data: Data, links: Mapping[str, Links]) -> Revision:
        """Lays a create body's fields over what is there, as the product's PUT does."""

    def edit(
        self,
        context: Context,
        record: Record,
        shown: Shown,
        touched: set[str],
        edited: dict[str, Json],
        *,
        folds: bool = True,
    ) -> Revision:
        """Stores what was made of `shown`, as the product's PATCH does; only the top fields `touched` may be others.

        A deleted record comes back to life. Where it `folds`, it may become part of the last version.
        """

    def named(self, resource: Resource, parent: str | None, name: str) -> str:
        """The unique name of a record below its parent's."""

    def parts(self, unique: str) -> list[str]:
        """The parts that a unique name is made of."""

    def property_text(self, value: Json) -> str:
        """The value of a property that users added to a type, as a text."""

    def property_value(self, context: Context, resource: Resource, key: str, text: str) -> Json:
        """What a text says of such a property; a Problem where the type has none of that name."""

    def delete(self, context: Context, record: Record, *, hard: bool, recursive: bool) -> Shown:
        """Deletes a record and what it contains; gives what is answered."""

    def restore(self, context: Context, record: Record) -> Shown:
        """Undoes a soft deletion; gives what is answered."""

    def ignored(self, resource: Resource) -> frozenset[str]:
        """The fields of an answer that stay as they are whatever a patch says."""

    def relate(self, context: Context, record: Record, relation: str, target: Record, value: Json, add: bool) -> Json:
        """Adds or removes one member of a relation kept beside the record; gives what is answered."""

    def enrol(self, context: Context, record: Record, relation: str, members: list[Record]) -> Json:
        """Makes these the members of a record, whatever its version; gives what is answered."""

    def gather(self, context: Context, record: Record, wanted: list[Record], add: bool) -> tuple[bool, Json]:
        """Adds or removes what belongs to a record; whether the request passed, and what is answered."""

    def mention(self, context: Context, record: Record, *, whole: bool) -> Json:
        """A reference to a record, or if `whole` the record with its type."""

    def event(self, context: Context, event: Event) -> Json:
        """A change event as it is listed."""

    def plant(
        self, contract: Contract, resource: Resource, id: str, own: Mapping[str, Json], parent: str | None, at: int
    ) -> Data:
        """All stored fields, the unique name among them, of a record that is there from the start."""

    def noted(self, context: Context, record: Record, field: str, before: Json, after: Json) -> Json:
        """Tells a change of what is kept beside a record's versions, if there is one; gives what is answered."""

    def show(self, world: Transaction, contract: Contract, record: Record, home: str) -> dict[str, Json]:
        """The record as a write would answer it, when nobody is calling."""

    def describe(self, resource: Resource, before: Mapping[str, Json], after: Mapping[str, Json]) -> Data:
        """The fields by which an answer tells what it changes against the one before it."""


Behaviour = Callable[[Context], Answer]
