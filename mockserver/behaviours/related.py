"""What a record is related to: through stored links, through other relations, or as their other end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mockserver.contract.manners import Counted
from mockserver.contract.model import Contract
from mockserver.contract.relation import Relation
from mockserver.world.recall import Reader
from mockserver.world.record import Record


def related(world: Reader, contract: Contract, record: Record, relation: Relation) -> list[Record]:
    """The records at the other end that are there: in the order they were linked, an inverse by name."""
    if relation.via:
        return along(world, record, relation.via)
    if relation.inverse:
        return _sources(world, contract, record, relation)
    found = along(world, record, (relation.name,))
    if not found and relation.inherits:
        return inherited(world, contract, record, relation)
    if relation.fallback is None:
        return found
    stand_in = world.find(relation.to[0], relation.fallback)
    return _living(found) or ([stand_in] if stand_in is not None and stand_in.id != record.id else [])


def inherited(world: Reader, contract: Contract, record: Record, relation: Relation) -> list[Record]:
    """What a record that has nothing of its own takes from those above it, the first that have something."""
    for step in relation.inherits:
        found: dict[str, Record] = {}
        for above in along(world, record, (step,)):
            same = contract.resources[above.resource].relations.get(relation.name)
            if same is not None:
                found.update({each.id: each for each in related(world, contract, above, same)})
        if found:
            return list(found.values())
    return []


def falls_back_on(relation: Relation, record: Record) -> bool:
    """Whether the record is the one that stands in where this relation has nothing."""
    return record.resource in relation.to and record.data["fullyQualifiedName"] == relation.fallback


def _living(records: Iterable[Record]) -> list[Record]:
    return [record for record in records if not record.deleted]


def living(world: Reader, resource: str, *, deleted: bool = False) -> Iterator[Record]:
    """The living, or the soft-deleted, records of a resource in the order of their names."""
    for _, id in world.keys(resource, deleted=deleted):
        record = world.record(id)
        if record is not None:
            yield record


def along(world: Reader, record: Record, steps: Iterable[str]) -> list[Record]:
    """The records that a chain of stored relations leads to."""
    found = [record]
    for step in steps:
        reached = (world.record(id) for each in found for id in world.links(each.id, step))
        found = [record for record in reached if record is not None]
    return found


def count(world: Reader, record: Record, counted: Counted) -> int:
    """How many living records are at the far end of these relations, gone backwards; a link may count for more."""
    found = [record.id]
    for relation in counted.back[:-1]:
        found = [source for id in found for source in _living_sources(world, id, relation)]
    last, total = counted.back[-1], 0
    while found:
        reached = [(source, id) for id in found for source in _living_sources(world, id, last)]
        total += sum(world.links(source, last).get(id) or 1 for source, id in reached)
        found = [source for source, _ in reached] if counted.deep else []
    return total


def _living_sources(world: Reader, id: str, relation: str) -> list[str]:
    sources = ((source, world.record(source)) for source in world.sources(id, relation))
    return [source for source, record in sources if record is not None and not record.deleted]


def _sources(world: Reader, contract: Contract, record: Record, relation: Relation) -> list[Record]:
    assert relation.inverse is not None
    sources = [world.record(id) for id in world.sources(record.id, relation.inverse)]
    found = [
        source
        for source in sources
        if source is not None and not source.deleted and (not relation.of or source.resource in relation.of)
    ]
    found.extend(_falling_back(world, contract, record, relation))
    return sorted(found, key=lambda source: (source.name, source.id))


def _falling_back(world: Reader, contract: Contract, record: Record, relation: Relation) -> Iterable[Record]:
    """The records that have this one as their fallback, since they are linked to none."""
    for name in relation.of:
        forward = contract.resources[name].relations.get(str(relation.inverse))
        if forward is None or not falls_back_on(forward, record):
            continue
        for _, id in world.keys(name):
            other = world.record(str(id))
            if other is not None and other.id != record.id and not _living(along(world, other, (forward.name,))):
                yield other
