"""The nouns of a loaded contract: what is served, and what its resources are made of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from mockserver.contract.labels import Labels, Places
from mockserver.contract.reference import resolved
from mockserver.contract.relation import Granted, Relation
from mockserver.contract.resourceterms import ResourceTerms
from mockserver.contract.terms import Errors, Parameter, Versioning
from mockserver.contract.unread import plain

if TYPE_CHECKING:
    from mockserver.contract.operations import Operations

Json = Any
NOTHING: Mapping[str, Json] = MappingProxyType({})


class Resource(ResourceTerms):
    """A named collection: identity, naming, parent, relations and what its versions count as."""

    def __repr__(self) -> str:
        return f"Resource({self.name!r})"

    @cached_property
    def found(self) -> dict[str, Any]:
        """What a dialect works out of it once, by a word of its own; filled as it is needed."""
        return {}

    @cached_property
    def labelled(self) -> Places:
        """Where labels stand in a record; it follows from the schema, and may contain itself."""
        return {} if self.finder is None else self.finder.places(self.schema)

    @cached_property
    def properties(self) -> tuple[str, ...]:
        """The fields that the schema has, which is read when it is first asked for."""
        schema = resolved(self.parts, {"$ref": f"#/components/schemas/{self.schema}"})
        return tuple(schema.get("properties", ()))

    @cached_property
    def soft(self) -> bool:
        """Whether a deleted record may stay, marked as such."""
        return "deleted" in self.properties

    @cached_property
    def steady_relations(self) -> tuple[Relation, ...]:
        """Relations that follow from records and tracked links alone."""
        return tuple(relation for relation in self.relations.values() if not (relation.volatile or relation.hidden))

    @cached_property
    def volatile_relations(self) -> tuple[Relation, ...]:
        return tuple(relation for relation in self.relations.values() if relation.volatile)

    @cached_property
    def stored_relations(self) -> tuple[Relation, ...]:
        return tuple(relation for relation in self.relations.values() if relation.stored)

    @cached_property
    def on_demand(self) -> frozenset[str]:
        """Every field that is answered on request only, those that are worked out for it among them."""
        asked = {each.name for each in self.relations.values() if each.asked_with}
        return self.on_request | asked | {each.name for each in self.counted.values() if each.only_asked}

    @cached_property
    def granted(self) -> dict[str, Granted]:
        """What all of a kind are related to, by the relation."""
        return {relation.name: relation.granted for relation in self.relations.values() if relation.granted}

    @cached_property
    def held(self) -> tuple[str, ...]:
        """The relations to what lives and dies with a record."""
        return tuple(relation.name for relation in self.relations.values() if relation.holds)

    @cached_property
    def reworked(self) -> frozenset[str]:
        """The fields that an answer shows otherwise than they are stored, or that show in others too."""
        gathered = {name for nested in self.nested.values() for name in nested.gathers}
        masked = {path[0] for path in self.secrets}
        return frozenset(
            {"fullyQualifiedName", *self.nested, *gathered, *self.labelled, *self.inherited, *self.relations, *masked}
        )

    @cached_property
    def decided_elsewhere(self) -> frozenset[str]:
        """Fields of an answer that an edited answer does not change: fixed, derived, or written at another place."""
        elsewhere = {
            each.name
            for each in self.relations.values()
            if each.followed or each.holds or each.parent or each.beside or each.only_asked or each.hidden
        }
        shown = {name for series in self.series.values() for name in (() if series.under else series.shown)}
        timed = set() if self.window is None else {self.window.field}
        worked_out = self.derived.keys() | self.counted.keys() | self.quality.worked_out
        return self.fixed | worked_out | elsewhere | shown | timed


class OperationTerms(NamedTuple):
    """What a contract says of an operation."""

    id: str
    method: str
    path: str
    document: Mapping[str, Json]
    parameters: tuple[Parameter, ...] = ()
    behaviour: str | None = None
    settings: Mapping[str, Json] = NOTHING
    resource: Resource | None = None
    permission: str | None = None
    secured: bool = True
    media_types: tuple[str, ...] = ()
    body_required: bool = False
    produces: tuple[str, ...] = ()
    canned: tuple[int, str, Json] = (204, "application/json", None)


class Operation(OperationTerms):
    """One method on one path, with everything the engine needs to answer it."""

    @cached_property
    def headers_read(self) -> tuple[str, ...]:
        """The headers that arguments come from, in lower case."""
        read = (each for each in self.parameters if each.place in ("header", "cookie"))
        return tuple({each.name.lower() if each.place == "header" else "cookie": None for each in read})

    def tells(self, status: int, header: str) -> bool:
        """Whether an answer of this status is declared with a header."""
        return header in self.document.get("responses", {}).get(str(status), NOTHING).get("headers", NOTHING)

    @property
    def label(self) -> str:
        return f"{self.method} {self.path}"


class ContractTerms(NamedTuple):
    """What a contract is made of; `parts` is the document, parts of which may be unread yet."""

    name: str
    parts: Mapping[str, Json]
    operations: Operations
    resources: Mapping[str, Resource]
    prefix: str = ""
    dialect: str | None = None
    versioning: Versioning = Versioning()
    errors: Errors = Errors()
    labels: Labels | None = None
    profile: str | None = None


class Contract(ContractTerms):
    """One OpenAPI 3.1 document, expanded under a profile, and the nouns read from it."""

    @cached_property
    def document(self) -> dict[str, Json]:
        """All of the document, read."""
        whole: dict[str, Json] = plain(self.parts)
        return whole

    @cached_property
    def validators(self) -> dict[str, Any]:
        """Compiled validators of component schemas, by name; filled as they are needed."""
        return {}

    @cached_property
    def by_entity(self) -> dict[str, Resource]:
        """Resources by the type word of references."""
        return {resource.entity: resource for resource in self.resources.values()}

    @cached_property
    def alerting(self) -> tuple[Resource, ...]:
        """The resources whose records say who is told of what."""
        return tuple(resource for resource in self.resources.values() if resource.alerts is not None)

    @cached_property
    def contained(self) -> dict[str, list[tuple[str, str]]]:
        """For each resource the `(resource, relation)` pairs whose records it contains."""
        found: dict[str, list[tuple[str, str]]] = {}
        for resource in self.resources.values():
            for relation in resource.stored_relations:
                for parent in relation.to if relation.parent or relation.within else ():
                    found.setdefault(parent, []).append((resource.name, relation.name))
        return found

    @cached_property
    def stored_by_resource(self) -> dict[str, dict[str, bool]]:
        """For each resource under what its links stand, and whether they lead to records: a series' do not."""
        return {
            name: {
                **dict.fromkeys(self.graphs, True),
                **{relation.name: True for relation in resource.stored_relations},
                **dict.fromkeys(resource.series, False),
            }
            for name, resource in self.resources.items()
        }

    @cached_property
    def graphs(self) -> frozenset[str]:
        """The names of the graphs that operations work on."""
        return frozenset(
            str(operation.settings["graph"]) for operation in self.operations if "graph" in operation.settings
        )

    @cached_property
    def relation_names(self) -> frozenset[str]:
        """The names of all stored relations of all resources, and of all graphs."""
        return self.graphs | frozenset(
            relation.name for resource in self.resources.values() for relation in resource.stored_relations
        )
