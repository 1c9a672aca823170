"""What a transaction wrote, as JSON, and done again on the same root."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from mockserver.world.clock import Clock
from mockserver.world.events import Event, Events
from mockserver.world.faults import Fault, Faults
from mockserver.world.likeness import likened, whole
from mockserver.world.outbox import Attempt, Delivery, Outbox
from mockserver.world.record import Record
from mockserver.world.root import Root, Snapshot
from mockserver.world.transaction import Transaction, Write

Json = Any
ENTITY_ID = Event._fields.index("entity_id")


def encode(writes: Iterable[Write], events: Events) -> bytes:
    """A transaction's log as a JSON list, on top of these events; each write is its name and its arguments.

    What the newest event about a record says already is not said again.
    """
    told: list[Write] = []
    for write in writes:
        if write[0] == "tell":
            event: Event = write[1]
            told.append(("tell", (*event[:-1], likened(event.entity, events.newest(event.entity_id)))))
            events = events.add(event)
        elif write[0] == "remember":
            _, id, snapshot = write
            told.append(("remember", id, (snapshot.version, likened(snapshot.text, events.newest(id)))))
        else:
            told.append(write)
    return orjson.dumps(told, default=_plain)


def redo(root: Root, text: bytes) -> Root:
    """The root that follows from this one by the log that `encode` made a text of."""
    transaction = Transaction(root)
    for name, *told in orjson.loads(text):
        if name == "tell":
            *fields, entity = told[0]
            about = transaction.events.newest(fields[ENTITY_ID])
            transaction.tell(Event._make((*fields, whole(entity, about))))
        elif name == "remember":
            id, (version, entity) = told
            transaction.remember(id, Snapshot(version, whole(entity, transaction.events.newest(id))))
        elif name == "new_id":
            transaction.draw()
        else:
            getattr(transaction, name)(*_READERS[name](*told))
    return transaction.commit()


def _plain(value: object) -> Json:
    if isinstance(value, Outbox):
        return ([*value.listed()], value.first, value.next)
    if isinstance(value, Clock):
        return value._asdict()
    if isinstance(value, tuple):
        return tuple(value)
    raise TypeError(f"a write holds no {type(value).__name__}")


def _faults(fields: list[Json]) -> tuple[Faults]:
    planned, next_id, drawn = fields
    return (Faults(tuple(Fault(*each) for each in planned), next_id, drawn),)


def _delivery(fields: list[Json]) -> Delivery:
    delivery = Delivery(*fields)
    attempts = tuple(Attempt(*each) for each in delivery.attempts)
    return delivery._replace(recipients=tuple(delivery.recipients), attempts=attempts)


def _outbox(fields: list[Json]) -> tuple[Outbox]:
    deliveries, first, following = fields
    return (Outbox.of(map(_delivery, deliveries), first, following),)


_READERS: Mapping[str, Callable[..., tuple[Any, ...]]] = {
    "put": lambda record, unique: (Record(*record), unique),
    "replace": lambda record: (Record(*record),),
    "rename": lambda record, old, new: (Record(*record), old, new),
    "remove": lambda record, unique: (Record(*record), unique),
    "link": lambda *arguments: arguments,
    "unlink": lambda *arguments: arguments,
    "forget_latest": lambda record: (record,),
    "set_faults": _faults,
    "enqueue": lambda delivery: (_delivery(delivery),),
    "amend": lambda delivery: (_delivery(delivery),),
    "set_outbox": _outbox,
    "set_clock": lambda clock: (Clock(**clock),),
}
