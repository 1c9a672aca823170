"""Finds what labels, counts, assets, ranks, inheritance and series name in a contract and what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockserver.contract.extensions import faults
from mockserver.contract.origins import Origins
from mockserver.contract.pointer import join
from mockserver.contract.problem import Finding, nearest

Json = Any
RELATION = "labels"


def labels(document: Mapping[str, Json], origins: Origins) -> Iterator[Finding]:
    """Schemas and resources that labels name and that are not there."""
    declared = document.get("x-labels")
    if not isinstance(declared, dict) or faults("x-labels", declared):
        return
    schemas, resources = document.get("components", {}).get("schemas", {}), document.get("x-resources", {})
    yield from _absent(origins, "/x-labels/schema", declared["schema"], schemas, "schema")
    for position, name in enumerate(declared.get("without", ())):
        yield from _absent(origins, f"/x-labels/without/{position}", name, schemas, "schema")
    for kind, name in declared["kinds"].items():
        yield from _absent(origins, join(("x-labels", "kinds", kind)), name, resources, "resource")


def ties(document: Mapping[str, Json], origins: Origins, declared: Mapping[str, Json], at: str) -> Iterator[Finding]:
    """Everything that a resource's counts, assets, inheritance, ranks and series name and that is not there."""
    yield from counted(document, origins, declared, at)
    yield from assets(document, origins, declared, at)
    yield from inherited(origins, declared, at)
    yield from ranked(origins, declared, at)
    yield from series(document, origins, declared, at)


def counted(document: Mapping[str, Json], origins: Origins, declared: Mapping[str, Json], at: str) -> Iterator[Finding]:
    """Relations that a count goes back by and that no resource stores."""
    known = stored(document)
    for name, count in declared.get("counted", {}).items():
        for position, step in enumerate(count.get("back", ())):
            yield from _absent(origins, at + join(("counted", name, "back", position)), step, known, "relation")
        for key in ("of", "below"):
            if key in count:
                own = declared.get("relations", {})
                yield from _absent(origins, at + join(("counted", name, key)), count[key], own, "relation")


def ranked(origins: Origins, declared: Mapping[str, Json], at: str) -> Iterator[Finding]:
    """Relations that ranks name and that the resource does not have, and kinds that are none."""
    ranks = declared.get("ranks", {})
    for key in ("above", "below", "members"):
        if key in ranks:
            yield from _absent(origins, f"{at}/ranks/{key}", ranks[key], declared.get("relations", {}), "relation")
    kinds = ranks.get("holds", {})
    for kind, below in kinds.items():
        for position, name in enumerate(below):
            yield from _absent(origins, at + join(("ranks", "holds", kind, position)), name, kinds, "kind")
    for position, name in enumerate(ranks.get("single", ())):
        yield from _absent(origins, f"{at}/ranks/single/{position}", name, kinds, "kind")


def assets(document: Mapping[str, Json], origins: Origins, declared: Mapping[str, Json], at: str) -> Iterator[Finding]:
    """Relations that assets would be found by and that no resource stores."""
    given = declared.get("assets", {})
    known = stored(document)
    for key in ("by", "below"):
        if key in given:
            yield from _absent(origins, f"{at}/assets/{key}", given[key], known, "relation")
    for position, name in enumerate(given.get("except", ())):
        yield from _absent(origins, f"{at}/assets/except/{position}", name, document["x-resources"], "resource")


def inherited(origins: Origins, declared: Mapping[str, Json], at: str) -> Iterator[Finding]:
    """Relations that something is said to be inherited by, and that the resource does not have."""
    relations = declared.get("relations", {})
    for name, relation in relations.items():
        for key in ("inherits", "along", "through"):
            steps = relation.get(key, ())
            for position, step in enumerate([steps] if isinstance(steps, str) else steps):
                place = at + join(("relations", name, key)) + ("" if isinstance(steps, str) else f"/{position}")
                yield from _absent(origins, place, step, relations, "relation")
        if "gathered" in relation:
            step = relation["gathered"]["along"]
            yield from _absent(
                origins, at + join(("relations", name, "gathered", "along")), step, relations, "relation"
            )


def series(document: Mapping[str, Json], origins: Origins, declared: Mapping[str, Json], at: str) -> Iterator[Finding]:
    """Schemas and nested lists that series name and that are not there, and names that a relation has already."""
    schemas = document.get("components", {}).get("schemas", {})
    for name, each in declared.get("series", {}).items():
        here = at + join(("series", name))
        yield from _absent(origins, f"{here}/schema", each["schema"], schemas, "schema")
        if "under" in each:
            yield from _absent(origins, f"{here}/under", each["under"], declared.get("nested", {}), "nested list")
        if name in declared.get("relations", {}):
            yield origins.finding(here, f"'{name}' is the name of a relation, too")


def stored(document: Mapping[str, Json]) -> set[str]:
    """The names of all relations that are stored, the one of labels among them."""
    given, resources = document.get("x-labels"), document["x-resources"].values()
    known = {name for other in resources for name, each in other.get("relations", {}).items() if "to" in each}
    known.add(given.get("relation", RELATION) if isinstance(given, dict) else RELATION)
    return known


def _absent(origins: Origins, at: str, name: str, known: Iterable[str], what: str) -> Iterator[Finding]:
    if name not in known:
        yield origins.finding(at, f"unknown {what} '{name}'", nearest(name, known))


def all_series(origins: Origins) -> set[str]:
    """The series that any resource has, for operations on whatever their path names."""
    return {name for resource in origins.value["x-resources"].values() for name in resource.get("series", {})}
