"""Labels: in records they stand by name alone, and what they tell of the labelling record is looked up when shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from mockserver.contract.labels import Labels, Places
from mockserver.contract.model import Contract
from mockserver.world.links import Links
from mockserver.world.recall import Reader
from mockserver.world.record import Record
from mockserver.world.transaction import Transaction

Json = Any
Label = dict[str, Json]
# Which record a label stands for: its kind and its unique name.
Key = tuple[str, str]


class Told(NamedTuple):
    """What is told of a labelling record, and the labels that come with it."""

    members: dict[str, Json]
    derived: tuple[Label, ...] = ()


Words = dict[Key, Told]
NO_WORDS: Words = {}


def lists_of(places: Places, value: Json) -> list[list[Label]]:
    """Every list of labels in a value; a label that stands alone is a list of one."""
    lists: list[list[Label]] = []
    _find_lists(places, value, lists)
    return lists


def _find_lists(places: Places, value: Json, lists: list[list[Label]]) -> None:
    if not isinstance(value, dict):
        return
    for name, deeper in places.items():
        found = value.get(name)
        if not found:
            continue
        several = found if isinstance(found, list) else [found]
        if deeper is None:
            lists.append([label for label in several if isinstance(label, dict)])
            continue
        for item in several:
            _find_lists(deeper, item, lists)


def changed(places: Places, value: Json, change: Callable[[list[Label]], list[Label]]) -> Json:
    """The value with every list of labels changed; what holds none is shared.

    An object that stands for a label, and lost it, is None.
    """
    if not isinstance(value, dict):
        return value
    copy: dict[str, Json] | None = None
    for name, deeper in places.items():
        found = value.get(name)
        if not found:
            continue
        made = _changed(deeper, found, change)
        if made is not found:
            copy = dict(value) if copy is None else copy
            if made is None and deeper is None:
                return None
            if made is None:
                del copy[name]
            else:
                copy[name] = made
    return value if copy is None else copy


def _changed(places: Places | None, found: Json, change: Callable[[list[Label]], list[Label]]) -> Json:
    if places is None:
        if not isinstance(found, list):
            kept = change([found]) if isinstance(found, dict) else [found]
            return kept[0] if kept else None
        return change(found) if all(isinstance(label, dict) for label in found) else found
    if not isinstance(found, list):
        return changed(places, found, change)
    items = [changed(places, item, change) for item in found]
    return found if all(map(_is, items, found)) else items


def _is(one: object, other: object) -> bool:
    return one is other


def key_of(labels: Labels, label: Mapping[str, Json]) -> Key:
    return str(label.get(labels.kind)), str(label.get(labels.name))


def keys_of(labels: Labels, places: Places, data: Mapping[str, Json]) -> dict[Key, int]:
    """Which labels stand in a record, and in how many places."""
    found: dict[Key, int] = {}
    for each in lists_of(places, data):
        for label in each:
            key = key_of(labels, label)
            found[key] = found.get(key, 0) + 1
    return found


def bare(labels: Labels, given: list[Label]) -> list[Label]:
    """Labels as they are stored: without what is told of the labelling record, and without derived ones."""
    told = {*labels.shows, "href"}
    return [
        {name: value for name, value in label.items() if name not in told and value is not None}
        for label in given
        if not (labels.derives and labels.derives.items() <= label.items())
    ]


def find(world: Reader, labels: Labels, key: Key) -> Record | None:
    """The living record that a label stands for."""
    resource = labels.kinds.get(key[0])
    found = None if resource is None else world.find(resource, key[1])
    return None if found is None or found.deleted else found


def words(world: Reader, contract: Contract, wanted: tuple[Key, ...], home: str) -> Words:
    """What is told of each of these, as far as it is there."""
    assert contract.labels is not None
    found = {}
    for key in wanted:
        record = find(world, contract.labels, key)
        if record is not None:
            found[key] = Told(_members(contract, record, home), tuple(_derived(world, contract, record, home)))
    return found


def _members(contract: Contract, record: Record, home: str) -> dict[str, Json]:
    assert contract.labels is not None
    data = record.data
    shown = {name: data[name] for name in contract.labels.shows if name in data}
    shown["href"] = f"{home}{contract.resources[record.resource].path}/{record.id}"
    return shown


def _derived(world: Reader, contract: Contract, record: Record, home: str) -> Iterator[Label]:
    """The labels of the labelling record itself, which go where it goes."""
    labels = contract.labels
    assert labels is not None
    own = [name for name, deeper in contract.resources[record.resource].labelled.items() if deeper is None]
    for label in (label for name in own for label in record.data.get(name, ())):
        found = find(world, labels, key_of(labels, label))
        told = {} if found is None else _members(contract, found, home)
        yield {**label, **labels.derives, **told}


def filled(labels: Labels, found: Words, given: list[Label]) -> list[Label]:
    """Labels as they are shown, in the order of their names, each followed home to what it is now."""
    shown: dict[str, Label] = {}
    derived: list[Label] = []
    for label in given:
        told = found.get(key_of(labels, label))
        if told is not None:
            derived += told.derived
            label = {**label, **told.members}
        shown[str(label.get(labels.name))] = label
    for label in derived:
        shown.setdefault(str(label.get(labels.name)), label)
    return [shown[name] for name in sorted(shown)]


def links_of(contract: Contract, record: Record, find: Callable[[Key], str | None]) -> Links:
    """The links that a record's labels make, each with the number of places where the label stands."""
    labels = contract.labels
    assert labels is not None
    found = keys_of(labels, contract.resources[record.resource].labelled, record.data)
    return {id: count for key, count in found.items() if (id := find(key)) is not None}


def tie(world: Transaction, contract: Contract, record: Record, before: Record | None) -> None:
    """Links a record that is about to be stored with what its labels stand for."""
    labels = contract.labels
    places = contract.resources[record.resource].labelled
    if labels is None or not places:
        return
    if before is not None and all(before.data.get(name) is record.data.get(name) for name in places):
        return

    def id_of(key: Key) -> str | None:
        found = find(world, labels, key)
        return None if found is None else found.id

    world.set_links(record.id, labels.relation, links_of(contract, record, id_of))


def take_off(world: Transaction, contract: Contract, gone: Record) -> None:
    """Takes the labels that stand for a record off everything that bears them; no version is made."""
    _rewrite(world, contract, gone, lambda label: None)


def rename(world: Transaction, contract: Contract, record: Record, name: str) -> None:
    """Has the labels that stand for a record say its new name; no version is made."""
    labels = contract.labels
    assert labels is not None
    _rewrite(world, contract, record, lambda label: {**label, labels.name: name})


def _rewrite(world: Transaction, contract: Contract, target: Record, change: Callable[[Label], Label | None]) -> None:
    labels = contract.labels
    if labels is None or target.resource not in labels.kinds.values():
        return
    wanted = next(kind for kind, resource in labels.kinds.items() if resource == target.resource)
    key = (wanted, target.data["fullyQualifiedName"])

    def rewritten(given: list[Label]) -> list[Label]:
        if all(key_of(labels, label) != key for label in given):
            return given
        made = [change(label) if key_of(labels, label) == key else label for label in given]
        return [label for label in made if label is not None]

    for id in sorted(world.sources(target.id, labels.relation)):
        source = world.record(id)
        if source is not None:
            data = changed(contract.resources[source.resource].labelled, source.data, rewritten)
            world.replace(Record(source.resource, source.id, data))
