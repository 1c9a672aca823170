"""OpenMetadata's manners, as the general verbs ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.contract.model import Contract, Resource
from mockserver.dialects.openmetadata import (
    build,
    changes,
    creation,
    edges,
    filters,
    hanging,
    history,
    membership,
    names,
    observing,
    people,
    placing,
    properties,
    ranks,
    reactions,
    removal,
    view,
    viewing,
    words,
    writes,
)
from mockserver.dialects.openmetadata.alone import Alone
from mockserver.dialects.openmetadata.contracting import Contracting
from mockserver.dialects.openmetadata.guarding import ADMIN, Guarding
from mockserver.dialects.openmetadata.minding import Minding
from mockserver.dialects.openmetadata.speaking import Speaking
from mockserver.exchange import Headers, Problem, Violation
from mockserver.world.events import Event
from mockserver.world.links import Links
from mockserver.world.record import Data, Record
from mockserver.world.shown import Shown
from mockserver.world.transaction import Transaction

Json = Any


class OpenMetadata(Alone, Contracting, Guarding, Minding, Speaking):
    """Holds no state: everything it decides follows from the contract and the world."""

    def missing(self, resource: Resource, wanted: str) -> Problem:
        return build.not_found(resource.entity, wanted)

    def requested(self, context: Context) -> frozenset[str]:
        fields = viewing.asked(context)
        return context.resource.on_demand if viewing.EVERY_FIELD in fields else fields

    def check_filters(self, context: Context) -> None:
        filters.check(context)

    def view(self, context: Context, record: Record, fields: frozenset[str] | None = None) -> Shown:
        shown = view.view(context.world, context.contract, record, context.home, fields)
        resource = context.contract.resources[record.resource]
        if fields is None or not resource.masked:
            return shown
        return people.seen(context, resource, record, shown)

    def reference(self, context: Context, record: Record) -> dict[str, Json]:
        return view.reference(context.contract, record, context.home)

    def compose(self, context: Context, body: Mapping[str, Json]) -> tuple[Data, dict[str, Links]]:
        return creation.compose(context, body)

    def create(self, context: Context, data: Data, links: Mapping[str, Links]) -> Shown:
        shown = creation.create(context, data, links)
        if context.resource.review is not None and context.resource.review.opens is not None:
            from mockserver.dialects.openmetadata import workflow

            workflow.created(context, str(shown.members["id"]))
        return shown

    def named(self, resource: Resource, parent: str | None, name: str) -> str:
        return names.unique(resource.naming, parent, name)

    def parts(self, unique: str) -> list[str]:
        return names.parts(unique)

    def property_text(self, value: Json) -> str:
        return properties.text(value)

    def property_value(self, context: Context, resource: Resource, key: str, text: str) -> Json:
        return properties.value(context, resource, key, text)

    def update(self, context: Context, record: Record, data: Data, links: Mapping[str, Links]) -> history.Revision:
        revision = writes.update(context, record, data, links)
        self._follow(context, record, revision)
        return revision

    def edit(
        self,
        context: Context,
        record: Record,
        shown: Shown,
        touched: set[str],
        edited: dict[str, Json],
        *,
        folds: bool = True,
    ) -> history.Revision:
        revision = writes.edit(context, record, shown, touched, edited, folds=folds)
        self._follow(context, record, revision)
        return revision

    @staticmethod
    def _follow(context: Context, before: Record, revision: history.Revision) -> None:
        """Does what a change brings with it: at edges, with reviewers, and with what comes back to life."""
        edges.follow(context, before, revision.record)
        review = context.resource.review
        if before.deleted:
            removal.restore_children(context, before)
        if review is None or not revision.changed:
            return
        from mockserver.dialects.openmetadata import approving, workflow

        approving.follow(context, before, revision.record)
        if review.opens is not None:
            workflow.changed(context, revision)

    def delete(self, context: Context, record: Record, *, hard: bool, recursive: bool) -> Shown:
        return removal.delete(context, record, hard=hard, recursive=recursive)

    def restore(self, context: Context, record: Record) -> Shown:
        return removal.restore(context, record)

    def ignored(self, resource: Resource) -> frozenset[str]:
        return build.ignored(resource)

    def relate(self, context: Context, record: Record, relation: str, target: Record, value: Json, add: bool) -> Json:
        return reactions.relate(context, record, relation, target, value, add)

    def enrol(self, context: Context, record: Record, relation: str, members: list[Record]) -> Json:
        return ranks.enrol(context, record, relation, members)

    def gather(self, context: Context, record: Record, wanted: list[Record], add: bool) -> tuple[bool, Json]:
        return membership.gather(context, record, wanted, add)

    def examine(self, context: Context, record: Record, field: str, value: Json, other: Record | None = None) -> None:
        hanging.check(context, record, field, value) if other is None else edges.check(context, record, other, value)

    def observe(self, context: Context) -> Answer:
        return observing.observe(context)

    def mention(self, context: Context, record: Record, *, whole: bool) -> Json:
        return membership.mention(context, record, whole=whole)

    def refusal(self, contract: Contract, violations: Iterable[Violation], arguments: Mapping[str, Json]) -> Problem:
        return words.refusal(violations, arguments, plain=contract.errors.plain)

    def event(self, context: Context, event: Event) -> Json:
        return {**history.event_body(event), "entity": event.text}

    def plant(
        self, contract: Contract, resource: Resource, id: str, own: Mapping[str, Json], parent: str | None, at: int
    ) -> Data:
        """What is not given is as a creation by the administrator left it."""
        marks = {"version": history.FIRST_VERSION, "updatedAt": at, "updatedBy": ADMIN}
        given = {key: build.normal(contract, resource, key, value) for key, value in own.items()}
        parent = placing.planted(resource, given, parent)
        name = {"fullyQualifiedName": names.unique(resource.naming, parent, str(own["name"]))}
        data = build.arranged({**resource.defaults, **marks, **given, **name, "id": id})
        build.check_unique_items(resource, data)
        return build.ruled(None, resource, data)

    def noted(self, context: Context, record: Record, field: str, before: Json, after: Json) -> Json:
        return reactions.noted(context, record, field, before, after)

    def show(self, world: Transaction, contract: Contract, record: Record, home: str) -> dict[str, Json]:
        return view.view(world, contract, record, home).members

    def describe(self, resource: Resource, before: Mapping[str, Json], after: Mapping[str, Json]) -> Data:
        found = changes.compare(resource, before, after)
        if before.get("deleted", False) != after.get("deleted", False):
            found.single("deleted", before.get("deleted", False), after.get("deleted", False))
        return {"changeDescription": found.describe(float(before["version"]))}

    def headers(self, change: str) -> Headers:
        return (("X-OpenMetadata-Change", change),)
