"""A world's state as one JSON document, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from operator import itemgetter
from typing import Any

from rpds import HashTrieMap, List

from mockserver.world.clock import Clock
from mockserver.world.descent import Descent
from mockserver.world.events import Event, Events
from mockserver.world.links import Links, Web
from mockserver.world.listing import Listing
from mockserver.world.record import Record
from mockserver.world.root import Root, Snapshot

Json = Any
FORMAT = "mockserver-state"
VERSION = 1


def export_state(root: Root) -> dict[str, Json]:
    """The whole state; equal states give equal documents."""
    names: dict[str, list[str]] = defaultdict(list)
    for (_, name), id in root.names.items():
        names[id].append(name)
    links: dict[str, dict[str, Links]] = defaultdict(dict)
    for (source, relation), targets in sorted(root.web.all(), key=itemgetter(0)):
        links[source][relation] = targets
    records = sorted(root.records.values(), key=lambda record: (record.resource, record.name, record.id))
    return {
        "format": FORMAT,
        "version": VERSION,
        "seed": root.seed,
        "drawn": root.drawn,
        "clock": {"offset": root.clock.offset, "frozen": root.clock.frozen},
        "records": [
            {
                "resource": record.resource,
                "id": record.id,
                "names": sorted(names[record.id]),
                "data": record.data,
                "links": links[record.id],
                "history": [{"version": each.version, "text": each.text} for each in root.histories.get(record.id, ())],
            }
            for record in records
        ],
        "events": [*map(_exported, root.events.newest_first())][::-1],
        "nextEvent": root.events.next,
    }


def import_state(document: Json, relations: Mapping[str, Mapping[str, bool]], *, trusted: bool = False) -> Root:
    """The state in a document; a Problem says all that is wrong. `relations`: as `check_state` takes them.

    A `trusted` document is one that we wrote ourselves; it is not looked at twice.
    """
    if not trusted:
        from mockserver.world.stateform import check_state

        check_state(document, relations)
    listed = document["records"]
    records = {each["id"]: Record(each["resource"], each["id"], each["data"]) for each in listed}
    histories = {each["id"]: List([Snapshot(**kept) for kept in each["history"]]) for each in listed if each["history"]}
    links = {(each["id"], name): targets for each in listed for name, targets in each["links"].items() if targets}
    return Root(
        records=HashTrieMap(records),
        names=HashTrieMap({(each["resource"], name): each["id"] for each in listed for name in each["names"]}),
        listing=Listing.of(records.values()),
        web=Web.of(links),
        histories=HashTrieMap(histories),
        events=Events.of(map(_imported, document["events"]), document["nextEvent"]),
        clock=Clock(**document["clock"]),
        seed=document["seed"],
        drawn=document["drawn"],
        descent=Descent(),
    )


def _exported(event: Event) -> dict[str, Json]:
    return {
        "id": event.id,
        "kind": event.kind,
        "entityType": event.entity_type,
        "entityId": event.entity_id,
        "timestamp": event.timestamp,
        "user": event.user,
        "sequence": event.sequence,
        "body": event.body,
        "entity": event.text,
    }


def _imported(value: Mapping[str, Json]) -> Event:
    return Event(
        sequence=value["sequence"],
        id=value["id"],
        kind=value["kind"],
        entity_type=value["entityType"],
        entity_id=value["entityId"],
        timestamp=value["timestamp"],
        user=value["user"],
        body=value["body"],
        entity=value["entity"],
    )
