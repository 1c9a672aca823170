"""How a contract says what records are about, which are tests, and what is told of suites and incidents."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Json = Any
NOTHING: Mapping[str, Json] = MappingProxyType({})


class About(NamedTuple):
    """Says what a record is about: a link in one of its fields.

    `relation` leads to the record that it names, and `named` is the field for the unique name of what it names in it.
    """

    by: str
    relation: str
    named: str


class Tested(NamedTuple):
    """How a resource is one of tests: each by a `definition`, with `values` for what that one leaves open.

    `columns` are those by which results are told apart. A test belongs to the `suite` of what it is about and to others
    of the `suites`.
    """

    definition: str
    values: str
    columns: str
    suite: str
    suites: str


class Summed(NamedTuple):
    """What a record tells of those that lead here by a relation: their newest points, counted and listed."""

    relation: str
    series: str
    into: str
    listed: str


class Incidents(NamedTuple):
    """Points of the series `opened` whose `status` is `bad` open an incident, or belong to the one that is open.

    What became of incidents are points of the series `told`. A result bears the incident's id as `mark`, and so does
    the record while it is open; `shown` is the record's field for what became of it last. What went wrong may be kept
    in `found` until a point is `good`.
    """

    opened: str
    status: str
    bad: str
    good: str
    told: str
    mark: str
    shown: str
    found: str | None = None


class Quality(NamedTuple):
    """All of that of one resource; and of its fields those that say whether there is something of a relation, and those
    of a create body that mean another one."""

    about: About | None = None
    tested: Tested | None = None
    summed: Summed | None = None
    incidents: Incidents | None = None
    flagged: Mapping[str, str] = NOTHING
    aliases: Mapping[str, str] = NOTHING

    @property
    def worked_out(self) -> frozenset[str]:
        """The fields of an answer that follow from something else."""
        found = set(self.flagged)
        if self.about is not None:
            found.update((self.about.by, self.about.named))
        if self.summed is not None:
            found.update((self.summed.into, self.summed.listed))
        if self.incidents is not None:
            found.update((self.incidents.mark, self.incidents.shown))
            found.update(() if self.incidents.found is None else (self.incidents.found,))
        return frozenset(found)


NO_QUALITY = Quality()
KINDS = {"about": About, "tested": Tested, "summed": Summed, "incidents": Incidents}


def read_quality(declared: Mapping[str, Json]) -> Quality:
    """What a resource declares of this."""
    made: dict[str, Json] = {key: kind(**declared[key]) for key, kind in KINDS.items() if key in declared}
    flagged, aliases = declared.get("flagged", NOTHING), declared.get("aliases", NOTHING)
    return Quality(**made, flagged=flagged, aliases=aliases)
