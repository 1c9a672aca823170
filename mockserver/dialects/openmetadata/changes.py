"""What differs between two answers of one record, in the words of a change description."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from mockserver.contract.manners import Nested
from mockserver.contract.model import Resource
from mockserver.dialects.openmetadata.build import OWN
from mockserver.dialects.openmetadata.names import quote
from mockserver.values import same

Json = Any
# The field that holds custom properties.
VALUES = "extension"


@dataclass
class Changes:
    """The three lists of a change description, and whether one of them counts as major."""

    added: list[dict[str, Json]] = field(default_factory=list)
    updated: list[dict[str, Json]] = field(default_factory=list)
    deleted: list[dict[str, Json]] = field(default_factory=list)
    major: bool = False

    def __bool__(self) -> bool:
        return bool(self.added or self.updated or self.deleted)

    @property
    def fields(self) -> set[str]:
        """The names of the top fields that changed."""
        return {str(entry["name"]).split(".")[0] for entry in (*self.added, *self.updated, *self.deleted)}

    def describe(self, previous: float) -> dict[str, Json]:
        """The change description as it is answered."""
        return {
            "fieldsAdded": self.added,
            "fieldsUpdated": self.updated,
            "fieldsDeleted": self.deleted,
            "previousVersion": previous,
        }

    def single(self, name: str, old: Json, new: Json) -> None:
        """Notes a field that came, went or changed."""
        if old is None:
            self.added.append({"name": name, "newValue": new})
        elif new is None:
            self.deleted.append({"name": name, "oldValue": old})
        else:
            self.updated.append({"name": name, "oldValue": old, "newValue": new})

    def several(self, name: str, old: list[Json], new: list[Json]) -> None:
        """Notes items that came to and went from a list; they are told as a JSON text."""
        before = {key_of(item): item for item in old}
        after = {key_of(item): item for item in new}
        if came := [item for key, item in after.items() if key not in before]:
            self.added.append({"name": name, "newValue": text(came)})
        if went := [item for key, item in before.items() if key not in after]:
            self.deleted.append({"name": name, "oldValue": text(went)})


def text(value: Json) -> str:
    return orjson.dumps(value).decode()


def key_of(item: Json) -> Hashable:
    """What makes an item of a list the same item: its id, its tag, or all of it."""
    if isinstance(item, Mapping):
        if "id" in item:
            return str(item["id"])
        if "tagFQN" in item:
            return str(item["tagFQN"])
        if "term" in item:
            return (str(item["term"].get("id")), str(item.get("relationType")))
    return orjson.dumps(item, option=orjson.OPT_SORT_KEYS)


def compare(resource: Resource, before: Mapping[str, Json], after: Mapping[str, Json]) -> Changes:
    """The changes between two full answers of a record, own fields of the server and relations kept beside it apart."""
    changes = Changes()
    differing = [key for key, old in before.items() if after.get(key) is not old]
    differing += [key for key in after if key not in before]
    for key in differing:
        relation = resource.relations.get(key)
        if key in OWN or key in resource.derived or key in resource.counted:
            continue
        if relation and (relation.beside or relation.followed):
            continue
        old, new = before.get(key), after.get(key)
        if relation and relation.inherits:
            old, new = _own(old), _own(new)
        if same(old, new):
            continue
        if key == VALUES:
            _compare_values(changes, old or {}, new or {})
        elif nested := resource.nested.get(key):
            _compare_items(changes, resource, nested, key, old or [], new or [])
        elif isinstance(old or new, list) and isinstance(new or old, list):
            changes.several(key, old or [], new or [])
        else:
            changes.single(key, old, new)
    return changes


def _compare_values(changes: Changes, old: Mapping[str, Json], new: Mapping[str, Json]) -> None:
    """Custom properties: each that came or went is told in a list, each that changed by its own name."""
    if came := [{key: value} for key, value in new.items() if key not in old]:
        changes.added.append({"name": VALUES, "newValue": text(came)})
    if went := [{key: value} for key, value in old.items() if key not in new]:
        changes.deleted.append({"name": VALUES, "oldValue": text(went)})
    for key in old:
        if key in new and not same(old[key], new[key]):
            changes.single(f"{VALUES}.{quote(key)}", old[key], new[key])


def _own(references: Json) -> Json:
    """References without the inherited ones."""
    if not isinstance(references, list):
        return references
    return [each for each in references if not each.get("inherited")]


def _compare_items(
    changes: Changes,
    resource: Resource,
    nested: Nested,
    name: str,
    old: list[dict[str, Json]],
    new: list[dict[str, Json]],
) -> None:
    before = {_identity(nested, item): item for item in old}
    after = {_identity(nested, item): item for item in new}
    if came := [item for key, item in after.items() if key not in before]:
        changes.added.append({"name": name, "newValue": text(came)})
    if went := [item for key, item in before.items() if key not in after]:
        changes.deleted.append({"name": name, "oldValue": text(went)})
        changes.major = changes.major or name.split(".")[0] in resource.removed
    for key, item in after.items():
        if key in before:
            _compare_item(changes, resource, nested, f"{name}.{quote(str(item['name']))}", before[key], item)


def _compare_item(
    changes: Changes, resource: Resource, nested: Nested, name: str, old: dict[str, Json], new: dict[str, Json]
) -> None:
    silent = {"name", "fullyQualifiedName", nested.ordinal, nested.display and nested.display[0]}
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if key in silent or same(before, after):
            continue
        if key == nested.children:
            _compare_items(changes, resource, nested, name, before or [], after or [])
        elif isinstance(before or after, list):
            changes.several(f"{name}.{key}", before or [], after or [])
        else:
            changes.single(f"{name}.{key}", before, after)
            changes.major = changes.major or (key in resource.reduced and _is_reduction(key, before, after))


def _is_reduction(key: str, before: Json, after: Json) -> bool:
    """A length that appears, a precision or scale that goes, or any of them becoming smaller."""
    if before is None:
        return key == "dataLength"
    if after is None:
        return key != "dataLength"
    return bool(after < before)


def _identity(nested: Nested, item: Mapping[str, Json]) -> Hashable:
    return tuple(
        str(item.get(part)).lower() if part == "name" else orjson.dumps(item.get(part)) for part in nested.identity
    )
