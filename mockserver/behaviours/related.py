"""What a record is related to: through stored links, through other relations, or as their other end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mockserver.contract.manners import Counted
from mockserver.contract.model import Contract
from mockserver.contract.relation import Gathered, Relation
from mockserver.world.recall import Reader
from mockserver.world.record import Record


def related(world: Reader, contract: Contract, record: Record, relation: Relation) -> list[Record]:
    """The records at the other end that are there: in the order they were linked, an inverse by name."""
    if relation.via:
        return along(world, record, relation.via)
    if relation.inverse:
        ends = [record, *(each for step in relation.through for each in step_from(world, contract, record, step))]
        sources = {each.id: each for end in ends for each in _sources(world, contract, end, relation)}
        return list(sources.values())
    if relation.gathered is not None:
        return gathered(world, contract, record, relation.gathered)
    found = along(world, record, (relation.name,))
    if relation.inherits and (relation.joins or not found):
        return [*found, *_without(inherited(world, contract, record, relation), found)]
    if relation.stand_in is not None and not found:
        return standing_in(world, relation)
    if relation.fallback is None:
        return found
    stand_in = world.find(relation.to[0], relation.fallback)
    return _living(found) or ([stand_in] if stand_in is not None and stand_in.id != record.id else [])


def inherited(world: Reader, contract: Contract, record: Record, relation: Relation) -> list[Record]:
    """What a record that has nothing of its own takes from those above it, the first that have something."""
    for step in relation.inherits:
        found: dict[str, Record] = {}
        for above in step_from(world, contract, record, step):
            same = contract.resources[above.resource].relations.get(relation.name)
            if same is not None:
                found.update({each.id: each for each in related(world, contract, above, same)})
        if found:
            return list(found.values())
    return []


def gathered(world: Reader, contract: Contract, record: Record, how: Gathered) -> list[Record]:
    """What all that stand above a record have of one relation, each once, by name."""
    if how.without is not None and record.data.get(how.without):
        return []
    found: dict[str, Record] = {}
    seen: set[str] = set()
    waiting = step_from(world, contract, record, how.along)
    while waiting:
        above = waiting.pop()
        if above.id in seen or above.deleted:
            continue
        seen.add(above.id)
        found.update({each.id: each for each in _living(step_from(world, contract, above, how.take))})
        if how.up is not None:
            waiting.extend(step_from(world, contract, above, how.up))
    return sorted(found.values(), key=lambda each: (each.name, each.id))


def standing_in(world: Reader, relation: Relation) -> list[Record]:
    """The living record that stands in where a relation has none, if there is one."""
    field = str(relation.stand_in)
    return [each for resource in relation.to for each in living(world, resource) if each.data.get(field)][:1]


def step_from(world: Reader, contract: Contract, record: Record, name: str) -> list[Record]:
    """The records that one relation of a record shows; none if it has no such relation."""
    relation = contract.resources[record.resource].relations.get(name)
    return [] if relation is None else related(world, contract, record, relation)


def _without(records: Iterable[Record], others: Iterable[Record]) -> list[Record]:
    ids = {each.id for each in others}
    return [each for each in records if each.id not in ids]


def inherited_field(world: Reader, contract: Contract, record: Record, name: str, steps: Iterable[str]) -> object:
    """What a record takes for a field from what is above it, the nearest that has it; None when nothing has."""
    for step in steps:
        for above in along(world, record, (step,)):
            if name in above.data:
                return above.data[name]
            further = contract.resources[above.resource].inherited.get(name, ())
            if (found := inherited_field(world, contract, above, name, further)) is not None:
                return found
    return None


def fields_of_others(world: Reader, contract: Contract, record: Record) -> dict[str, object]:
    """The fields that are read from related records, as far as these have them."""
    resource, shown = contract.resources[record.resource], dict[str, object]()
    for name, derived in resource.derived.items():
        for found in along(world, record, derived.via):
            if derived.field in found.data:
                shown[name] = found.data[derived.field]
    for name, steps in resource.inherited.items():
        if (taken := inherited_field(world, contract, record, name, steps)) is not None:
            shown[name] = taken
    return shown


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


def counts(world: Reader, contract: Contract, record: Record, fields: frozenset[str] | None) -> dict[str, int]:
    """The numbers that are shown of a record when these fields are asked for; None means what a write answers."""
    resource = contract.resources[record.resource]
    shown: dict[str, int] = {}
    for name, counted in resource.counted.items():
        usual = not counted.only_asked and (fields is None or name not in resource.on_request)
        if usual or (fields is not None and name in fields):
            shown[name] = count(world, contract, record, counted)
        elif counted.otherwise is not None:
            shown[name] = counted.otherwise
    return shown


def count(world: Reader, contract: Contract, record: Record, counted: Counted) -> int:
    """How many living records are at the far end of these relations, gone backwards; a link may count for more."""
    if counted.of is not None:
        return len(_shown_below(world, contract, record, counted.of, counted.below))
    found = [record.id]
    for relation in counted.back[:-1]:
        found = [source for id in found for source in _living_sources(world, id, relation)]
    last, total = counted.back[-1], 0
    while found:
        reached = [(source, id) for id in found for source in _living_sources(world, id, last)]
        total += sum(world.links(source, last).get(id) or 1 for source, id in reached)
        found = [source for source, _ in reached] if counted.deep else []
    return total


def _shown_below(world: Reader, contract: Contract, record: Record, of: str, below: str | None) -> set[str]:
    """The ids of what a relation shows of a record and of all that another relation leads down to."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [record]
    while waiting:
        place = waiting.pop()
        if place.id in seen:
            continue
        seen.add(place.id)
        found.update(each.id for each in _living(step_from(world, contract, place, of)))
        if below is not None:
            waiting.extend(_living(step_from(world, contract, place, below)))
    return found


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
