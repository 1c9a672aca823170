"""Whether a state is whole: what its events tell, from the seeds on, must be exactly what its records hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Json = Any


def halves(seeds: Json, state: Json) -> list[str]:
    """What is in one place of a state document and not in the others; both are documents of `export_state`."""
    records = {record["id"]: record for record in state["records"]}
    told = {record["id"]: _Told(record) for record in seeds["records"]}
    found = list(_replayed(told, state["events"]))
    found += [f"{id} is there, and no event tells of it" for id in records.keys() - told.keys()]
    found += [f"{id} was told of, and is not there" for id in told.keys() - records.keys()]
    for id in records.keys() & told.keys():
        found += told[id].differences(records[id], records)
    return found


class _Told:
    """A record as events tell of it: versions, description and followers."""

    def __init__(self, record: Json) -> None:
        self.versions = [*(each["version"] for each in record["history"][::-1]), str(record["data"]["version"])]
        self.description = record["data"].get("description")
        self.followers = list(record["links"].get("followers", {}))

    def hear(self, event: Json) -> Iterator[str]:
        before, after = (str(event["body"][name]) for name in ("previousVersion", "currentVersion"))
        if before != self.versions[-1]:
            yield f"event {event['sequence']} follows version {before}, but {self.versions[-1]} was told before"
        if after != before:
            self.versions.append(after)
        change = event["body"]["changeDescription"]
        for each in (*change["fieldsAdded"], *change["fieldsUpdated"], *change["fieldsDeleted"]):
            old, new = each.get("oldValue"), each.get("newValue")
            if each["name"] == "description":
                self.description = new
            elif each["name"] == "followers":
                gone = {one["id"] for one in old or ()}
                self.followers = [*(id for id in self.followers if id not in gone), *(one["id"] for one in new or ())]

    def differences(self, record: Json, records: Mapping[str, Json]) -> Iterator[str]:
        there = _Told(record)
        for name in ("versions", "description", "followers"):
            if getattr(there, name) != getattr(self, name):
                yield f"{record['id']} has {name} {getattr(there, name)}, and was told {getattr(self, name)}"
        if record["names"] != [record["data"]["fullyQualifiedName"]]:
            yield f"{record['id']} is found as {record['names']}"
        lost = {id for targets in record["links"].values() for id in targets} - records.keys()
        if lost:
            yield f"{record['id']} is linked to {lost}, which are not there"


def _replayed(told: dict[str, _Told], events: list[Json]) -> Iterator[str]:
    for number, event in enumerate(events):
        id = event["entityId"]
        if event["sequence"] != number:
            yield f"event {event['sequence']} is number {number}"
        if event["kind"] == "entityCreated":
            if id in told:
                yield f"{id} was created twice"
            told[id] = _Told({"history": [], "data": {"version": event["body"]["currentVersion"]}, "links": {}})
        elif id in told:
            yield from told[id].hear(event)
        else:
            yield f"event {event['sequence']} is about {id}, which is not there"
