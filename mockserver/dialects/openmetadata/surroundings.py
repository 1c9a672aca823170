"""What is shown around a record's own fields, and the last answer that was made of both."""

from __future__ import annotations

from functools import partial
from typing import Any

from mockserver.behaviours import labels
from mockserver.contract.model import Contract, Resource
from mockserver.dialects.openmetadata import secrets
from mockserver.dialects.openmetadata.nesting import gather, nested_items
from mockserver.world.record import Record
from mockserver.world.shown import Part, Shown
from mockserver.world.transaction import Transaction

Json = Any


class Surroundings:
    """What is shown around a record's own fields, the last part that was made of both, and the last whole answer."""

    __slots__ = ("_part", "_record", "_records", "_shown", "_wanted", "_web", "_words", "members")

    def __init__(self, members: dict[str, Json]) -> None:
        self.members = members
        self._record: Record | None = None
        self._wanted: tuple[labels.Key, ...] = ()
        self._words = labels.NO_WORDS
        self._part = Part(members)
        self._records: object = None
        self._web: object = None
        self._shown: Shown | None = None

    def last(self, world: Transaction) -> Shown | None:
        """The last whole answer, if it was given in the same state."""
        return self._shown if self._records is world.records and self._web is world.web else None

    def is_about(self, record: Record) -> bool:
        """Whether the last answer was about this very record."""
        return self._record is record

    def keep(self, shown: Shown, world: Transaction) -> Shown:
        self._records, self._web, self._shown = world.records, world.web, shown
        return shown

    def around(
        self, world: Transaction, contract: Contract, record: Record, home: str, fields: frozenset[str] | None
    ) -> Part:
        resource = contract.resources[record.resource]
        words = self._tell(world, contract, resource, record, home)
        if self._record is not record or self._words is not words:
            shown = self._followed(resource, record) if self._words is words else None
            self._part = Part(self._whole(contract, resource, record, fields, words) if shown is None else shown)
            self._record, self._words = record, words
        return self._part

    def _followed(self, resource: Resource, record: Record) -> dict[str, Json] | None:
        """The last part with what is another value now; None where that shows as more than itself."""
        before, data = self._record, record.data
        if before is None or list(before.data) != list(data):
            return None
        changed = [key for key, value in data.items() if before.data[key] is not value]
        if not (resource.reworked.isdisjoint(changed) and self.members.keys().isdisjoint(changed)):
            return None
        shown = dict(self._part.members)
        shown.update({key: data[key] for key in changed if key in shown})
        return shown

    def _tell(
        self, world: Transaction, contract: Contract, resource: Resource, record: Record, home: str
    ) -> labels.Words:
        """What is told of the labels in a record; which ones they are is looked up when they may be others."""
        if contract.labels is None or not resource.labelled:
            return labels.NO_WORDS
        before, data = self._record, record.data
        if before is None or any(before.data.get(name) is not data.get(name) for name in resource.labelled):
            self._wanted = tuple(labels.keys_of(contract.labels, resource.labelled, data))
        if not self._wanted:
            return labels.NO_WORDS
        return world.recall(("labels", self._wanted, home), labels.words, contract, self._wanted, home)

    def _whole(
        self,
        contract: Contract,
        resource: Resource,
        record: Record,
        fields: frozenset[str] | None,
        words: labels.Words,
    ) -> dict[str, Json]:
        hidden = hidden_fields(resource, fields)
        before, data = self._record if self._words is words else None, record.data
        if before is not None and before.data.get("fullyQualifiedName") != data.get("fullyQualifiedName"):
            before = None
        shown = {key: value for key, value in data.items() if key not in hidden} if hidden else dict(data)
        if resource.secrets:
            shown = secrets.masked(resource.secrets, shown)
        shown.update(self.members)
        for name in resource.inherited:
            if name in data:
                shown[name] = data[name]
        for name, nested in resource.nested.items():
            if name not in shown:
                continue
            if before is not None and all(before.data.get(each) is data.get(each) for each in (name, *nested.gathers)):
                shown.update({each: self._part.members[each] for each in (name, *nested.gathers) if each in shown})
                continue
            shown[name] = nested_items(data[name], nested, data["fullyQualifiedName"])
            if nested.gathers:
                gather(nested, shown)
            self._fill(contract, resource, name, shown, words)
        for name in resource.labelled.keys() - resource.nested.keys() if words else ():
            self._fill(contract, resource, name, shown, words)
        for relation in resource.volatile_relations:
            shown.pop(relation.name, None)
        return shown

    @staticmethod
    def _fill(contract: Contract, resource: Resource, name: str, shown: dict[str, Json], words: labels.Words) -> None:
        """Has the labels under one field tell what they stand for."""
        known = contract.labels
        if words and known is not None and name in resource.labelled and shown.get(name):
            places = {name: resource.labelled[name]}
            shown.update(labels.changed(places, {name: shown[name]}, partial(labels.filled, known, words)))


def hidden_fields(resource: Resource, fields: frozenset[str] | None) -> frozenset[str]:
    """The fields that are answered on request only and were not requested, and those that never are."""
    if fields is None:
        return resource.withheld | resource.apart if resource.apart else resource.withheld
    left = resource.on_request - fields if fields else resource.on_request
    return left | resource.withheld if resource.withheld else left
