"""What a state document must look like, and what in it must fit together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from typing import Any

from mockserver.contract.problem import nearest, shown
from mockserver.exchange import Violation
from mockserver.forms import (
    Found,
    Full,
    anything,
    closed,
    exactly,
    fill,
    integer,
    mapping,
    optional,
    sequence,
    stop,
    text,
)

Json = Any
LARGEST = 2**53 - 1
YEAR_10000 = 253_402_300_800_000

ID = text(r"[0-9a-z-]{1,64}", "an id: small letters, digits and hyphens")
OBJECT_TEXT = text(r"(?s)\{.*\}", "the JSON text of an object")
SNAPSHOT = closed({"version": text(r"\d+(\.\d+)?", "a version such as '0.1'"), "text": OBJECT_TEXT})
RECORD = closed(
    {
        "resource": text(),
        "id": ID,
        "names": sequence(text()),
        "data": mapping(anything),
        "links": mapping(mapping(anything)),
        "history": sequence(SNAPSHOT),
    }
)
EVENT = closed(
    {
        "sequence": integer(0, LARGEST),
        "id": ID,
        "kind": text(),
        "entityType": text(),
        "entityId": ID,
        "timestamp": integer(0, YEAR_10000),
        "user": text(),
        "body": mapping(anything),
        "entity": OBJECT_TEXT,
    }
)
STATE = closed(
    {
        "format": exactly("mockserver-state"),
        "version": exactly(1),
        "seed": integer(0, LARGEST),
        "drawn": integer(0, LARGEST),
        "clock": closed(
            {"offset": integer(-YEAR_10000, YEAR_10000), "frozen": optional(integer(0, YEAR_10000))},
        ),
        "records": sequence(RECORD),
        "events": sequence(EVENT),
        "nextEvent": integer(0, LARGEST),
    }
)


def check_state(document: Json, relations: Mapping[str, Mapping[str, bool]]) -> None:
    """A Problem with all that is wrong in a state document.

    `relations`: those of each resource under which links are stored, and whether such links lead to records.
    """
    fill(STATE, document)
    found = Found()
    with suppress(Full):
        for violation in chain(_clashes(document), _strangers(document, relations), _gaps(document)):
            found.add(violation.where, violation.message)
    stop(found)


def _clashes(document: Json) -> Iterator[Violation]:
    """Ids and names that are there twice."""
    ids: dict[str, int] = {}
    names: dict[tuple[str, str], int] = {}
    for at, record in enumerate(document["records"]):
        first = ids.setdefault(record["id"], at)
        if first != at:
            yield Violation(f"body /records/{at}/id", f"is the id of /records/{first} too")
        for position, name in enumerate(record["names"]):
            first = names.setdefault((record["resource"], name), at)
            if first != at:
                yield Violation(f"body /records/{at}/names/{position}", f"is a name of /records/{first} too")


def _strangers(document: Json, relations: Mapping[str, Mapping[str, bool]]) -> Iterator[Violation]:
    """Resources and relations that the contract does not have, and links that lead nowhere."""
    ids = {record["id"] for record in document["records"]}
    for at, record in enumerate(document["records"]):
        resource = record["resource"]
        if resource not in relations:
            yield Violation(f"body /records/{at}/resource", _unknown("resource", resource, relations))
            continue
        if record["data"].get("id", record["id"]) != record["id"]:
            yield Violation(f"body /records/{at}/data/id", f"must be the record's own, {shown(record['id'])}")
        for name, targets in record["links"].items():
            where = f"body /records/{at}/links/{name}"
            if name not in relations[resource]:
                yield Violation(where, _unknown("stored relation", name, relations[resource]))
            for target in targets if relations[resource].get(name, True) else ():
                if target not in ids:
                    yield Violation(where, f"no record has the id {shown(target)}")


def _gaps(document: Json) -> Iterator[Violation]:
    """Events are numbered without a gap, up to the next one's number."""
    first = document["nextEvent"] - len(document["events"])
    if first < 0:
        yield Violation("body /nextEvent", f"must be at least {len(document['events'])}, the number of events")
        return
    for at, event in enumerate(document["events"]):
        if event["sequence"] != first + at:
            yield Violation(f"body /events/{at}/sequence", f"must be {first + at}: events are numbered up to nextEvent")


def _unknown(what: str, name: str, known: Collection[str]) -> str:
    meant = nearest(name, known)
    return f"there is no {what} {shown(name)}" + (f"; did you mean '{meant}'?" if meant else "")
