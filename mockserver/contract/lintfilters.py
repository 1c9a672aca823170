"""Finds what the filters of lists, and searches, name in a contract and what is not there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from mockserver.contract.origins import Origins
from mockserver.contract.pointer import join
from mockserver.contract.problem import Finding, nearest
from mockserver.contract.reference import resolved

Json = Any


def filters(
    document: Mapping[str, Json],
    origins: Origins,
    resource: Mapping[str, Json],
    parameter: Mapping[str, Json],
    others: Collection[str],
    at: str,
) -> Iterator[Finding]:
    """A field that a filter looks at and that nobody has, or another parameter, one of `others`, that it goes by."""
    declared = parameter.get("x-filter")
    told = declared if isinstance(declared, dict) else {"field": declared}
    field = told.get("field")
    if not isinstance(field, str):
        return
    known = _fields(document, resource)
    if field not in known:
        yield from _absent(origins, f"{at}/x-filter", field, known, "field")
        return
    if "of" in told:
        yield from _absent(origins, f"{at}/x-filter/of", str(told["of"]), _further(document, resource, field), "field")
    ends = resource.get("relations", {}).get(field, {}).get("to", ())
    known = {name for end in ends for name in document["x-resources"].get(end, {}).get("relations", {})}
    for position, step in enumerate(told.get("along") or ()):
        yield from _absent(origins, f"{at}/x-filter/along/{position}", step, known, "relation")
    if "along" in told and not ends:
        yield origins.finding(f"{at}/x-filter/along", f"'{field}' leads to no records")
    if "wide" in told:
        yield from _absent(origins, f"{at}/x-filter/wide", str(told["wide"]), others, "parameter")


def searched(
    document: Mapping[str, Json], origins: Origins, declared: Mapping[str, Json], at: str
) -> Iterator[Finding]:
    """What searches alone find: fields of the resource, or of what one of its relations leads to."""
    for name, steps in declared.get("searched", {}).items():
        here = at + join(("searched", name))
        if not steps:
            yield from _absent(origins, here, name, _fields(document, declared), "field")
        elif steps[0] not in declared.get("relations", {}):
            yield from _absent(origins, f"{here}/0", steps[0], declared.get("relations", {}), "relation")
        else:
            yield from _absent(origins, f"{here}/1", steps[1], _further(document, declared, steps[0]), "field")


def _fields(document: Mapping[str, Json], resource: Mapping[str, Json]) -> set[str]:
    return {*resource.get("relations", {}), *_properties(document, resource["schema"])}


def _further(document: Mapping[str, Json], resource: Mapping[str, Json], field: str) -> set[str]:
    """What can be asked of what a field shows: of the records that it leads to, or of an object in it."""
    resources, relation = document.get("x-resources", {}), resource.get("relations", {}).get(field)
    if relation is not None:
        ends = [resources[name] for name in (*relation.get("to", ()), *relation.get("of", ())) if name in resources]
        return {name for end in ends for name in _fields(document, end)}
    schema = _properties(document, resource["schema"]).get(field, {})
    return set(resolved(document, schema).get("properties", {}))


def _properties(document: Mapping[str, Json], schema: str) -> Mapping[str, Json]:
    found: Mapping[str, Json] = resolved(document, document["components"]["schemas"].get(schema, {})).get(
        "properties", {}
    )
    return found


def _absent(origins: Origins, at: str, name: str, known: Iterable[str], what: str) -> Iterator[Finding]:
    if name not in known:
        yield origins.finding(at, f"unknown {what} '{name}'", nearest(name, known))
