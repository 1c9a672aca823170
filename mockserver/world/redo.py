"""What a transaction wrote, as JSON, and done again on the same root."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from mockserver.world.clock import Clock
from mockserver.world.events import Event
from mockserver.world.faults import Fault, Faults
from mockserver.world.outbox import Attempt, Delivery, Outbox
from mockserver.world.record import Record
from mockserver.world.root import Root, Snapshot
from mockserver.world.shown import Shown
from mockserver.world.transaction import Transaction, Write

Json = Any


def encode(writes: Iterable[Write]) -> bytes:
    """A transaction's log as a JSON list; each write is its name and its arguments."""
    return orjson.dumps(list(writes), default=_plain)


def decode(text: bytes) -> list[Write]:
    """The log that `encode` made a text of."""
    return [(name, *_READERS[name](*arguments)) for name, *arguments in orjson.loads(text)]


def replay(root: Root, writes: Iterable[Write]) -> Root:
    """The root that follows from this one by these writes."""
    transaction = Transaction(root)
    for name, *arguments in writes:
        getattr(transaction, name)(*arguments)
    return transaction.commit()


def _plain(value: object) -> Json:
    if isinstance(value, Shown):
        return value.text.decode()
    if isinstance(value, Snapshot):
        return (value.version, value.text)
    if isinstance(value, Outbox):
        return ([*value.listed()], value.first, value.next)
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
    "remember": lambda record, snapshot: (record, Snapshot(*snapshot)),
    "forget_latest": lambda record: (record,),
    "tell": lambda event: (Event(*event),),
    "new_id": lambda: (),
    "set_faults": _faults,
    "enqueue": lambda delivery: (_delivery(delivery),),
    "amend": lambda delivery: (_delivery(delivery),),
    "set_outbox": _outbox,
    "set_clock": lambda clock: (Clock(**clock),),
}
