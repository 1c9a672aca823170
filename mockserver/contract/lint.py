"""Finds what is wrong with an expanded contract: names that lead nowhere, and operations that nothing answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from mockserver.contract.extensions import faults, keywords
from mockserver.contract.lintfilters import filters, searched
from mockserver.contract.lintlabels import all_series, labels, ties
from mockserver.contract.lintsheets import columns, sheets, used
from mockserver.contract.naming import read_naming
from mockserver.contract.origins import Origins
from mockserver.contract.pointer import join
from mockserver.contract.problem import Finding, nearest
from mockserver.contract.reading import METHODS, canned_answer, operations_of
from mockserver.contract.reference import resolved
from mockserver.contract.verbs import SAFE, VERBS, Verb

Json = Any
# Parts of a declaration that go by names of fields.
MAPS = ("relations", "derived", "inherited", "counted", "nested", "defaults")
MANNERS = ("permissions", "views", "masked", "private", "settled")
FOREIGN = ("x-resources",)
OURS = {"x-resources", "x-dialect"}
PLACES = ("path", "query", "header", "cookie")


def lint(document: Mapping[str, Json], origins: Origins, broken: AbstractSet[str] = frozenset()) -> Iterator[Finding]:
    """Everything wrong with the meaning of a document; what names a `broken` resource is not looked into."""
    yield from _root(document, origins)
    resources = document.get("x-resources", {})
    for name, declared in resources.items():
        yield from _resource(document, origins, resources, declared, join(("x-resources", name)), broken)
    seen: dict[str, str] = {}
    for path, method, item, operation in operations_of(document):
        at = join(("paths", path, method))
        if operation.get("x-resource") not in broken:
            yield from _operation(document, origins, item, operation, at)
        id = operation.get("operationId")
        if id in seen:
            yield origins.finding(f"{at}/operationId", f"the operation id '{id}' is used at {seen[id]} too")
        elif id is not None:
            seen[id] = at
    for path, item in document["paths"].items():
        for key in item:
            if key not in METHODS and key not in ("parameters", "summary", "description", "servers", "$ref"):
                yield from _unknown(origins, join(("paths", path, key)), key, (*METHODS, "parameters"))


def _root(document: Mapping[str, Json], origins: Origins) -> Iterator[Finding]:
    version = str(document.get("openapi", ""))
    if not version.startswith("3.1"):
        yield origins.finding("/openapi", f"'{version}' is served by nobody here; write openapi: 3.1.1")
    for key, value in document.items():
        if key.startswith("x-") and key not in FOREIGN:
            yield from _keyword(origins, f"/{key}", key, value)
    yield from labels(document, origins)
    yield from columns(document, origins)


def _keyword(origins: Origins, at: str, key: str, value: Json) -> Iterator[Finding]:
    known = keywords()
    if key not in known:
        # A plain document may have extensions of other tools; a contract of ours says nothing that nobody reads.
        if _is_ours(origins.value, known):
            yield origins.finding(at, f"unknown keyword '{key}'", nearest(key, known))
        return
    for pointer, message, suggestion in faults(key, value):
        yield origins.finding(at + pointer, message, suggestion)


def _is_ours(document: Mapping[str, Json], known: list[str]) -> bool:
    """Whether a document uses any of our keywords, at its root or in an operation."""
    return not OURS.isdisjoint(document) or any(
        not operation.keys().isdisjoint(known) for *_, operation in operations_of(document)
    )


def _unknown(origins: Origins, at: str, name: str, known: Iterable[str], what: str = "key") -> Iterator[Finding]:
    if not name.startswith("x-"):
        yield origins.finding(at, f"unknown {what} '{name}'", nearest(name, known))


def _resource(
    document: Mapping[str, Json],
    origins: Origins,
    resources: Mapping[str, Json],
    declared: Mapping[str, Json],
    at: str,
    broken: AbstractSet[str],
) -> Iterator[Finding]:
    schemas = document.get("components", {}).get("schemas", {})
    for key in ("schema", "create"):
        if key in declared and declared[key] not in schemas:
            yield from _unknown(origins, f"{at}/{key}", declared[key], schemas, "schema")
    relations = declared.get("relations", {})
    for name, relation in relations.items():
        here = f"{at}{join(('relations', name))}"
        for key in ("to", "of"):
            for position, target in enumerate(relation.get(key, ())):
                if target not in resources and target not in broken:
                    yield from _unknown(origins, f"{here}/{key}/{position}", target, resources, "resource")
        if "via" in relation:
            yield from _steps(origins, resources, declared, relation["via"], f"{here}/via")
        if "inverse" in relation:
            known = {each for other in resources.values() for each in other.get("relations", {})}
            if relation["inverse"] not in known:
                yield from _unknown(origins, f"{here}/inverse", relation["inverse"], known, "relation")
    yield from _naming(origins, declared, at)
    for name, derived in declared.get("derived", {}).items():
        yield from _steps(origins, resources, declared, derived["via"], f"{at}{join(('derived', name))}/via")
    yield from ties(document, origins, declared, at)
    yield from sheets(document, origins, declared, at)
    yield from searched(document, origins, declared, at)
    yield from _fields(document, origins, declared, at)


def _naming(origins: Origins, declared: Mapping[str, Json], at: str) -> Iterator[Finding]:
    relations = declared.get("relations", {})
    own, opens = declared["name"], declared.get("review", {}).get("opens", {})
    for key, named in (("modelled", declared.get("modelled", own)), ("review/opens/of", opens.get("of", own))):
        if named not in origins.value["x-resources"]:
            yield from _unknown(origins, f"{at}/{key}", named, origins.value["x-resources"], "resource")
    for parent in read_naming(declared.get("naming", {})).parents:
        if parent not in relations:
            yield from _unknown(origins, f"{at}/naming/parent", parent, relations, "relation")


def _fields(document: Mapping[str, Json], origins: Origins, declared: Mapping[str, Json], at: str) -> Iterator[Finding]:
    """Field names in a declaration that the resource's schema does not have."""
    schema = resolved(document, document.get("components", {}).get("schemas", {}).get(declared["schema"], {}))
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not properties:
        return
    named = [
        (key, position, name)
        for key in ("onRequest", "apart", "protected", "kept", "moves", "sole", "lowered")
        for position, name in enumerate(declared.get(key, ()))
    ]
    named += [
        (key, name, name)
        for key in (*MAPS, *MANNERS)
        for name, each in declared.get(key, {}).items()
        if not (key == "relations" and each.get("hidden"))
    ]
    for key, step, name in named:
        if name not in properties:
            yield from _unknown(origins, f"{at}{join((key, step))}", name, properties, "field")


def _steps(
    origins: Origins, resources: Mapping[str, Json], declared: Mapping[str, Json], steps: list[str], at: str
) -> Iterator[Finding]:
    """A chain of relations that breaks somewhere."""
    here = declared
    for position, step in enumerate(steps):
        relations = {name: each for name, each in here.get("relations", {}).items() if "to" in each}
        if step not in relations:
            yield from _unknown(origins, f"{at}/{position}", step, relations, "relation")
            return
        target = relations[step]["to"][0]
        if target not in resources:
            return
        here = resources[target]


def _operation(
    document: Mapping[str, Json],
    origins: Origins,
    item: Mapping[str, Json],
    operation: Mapping[str, Json],
    at: str,
) -> Iterator[Finding]:
    for key, value in operation.items():
        if key.startswith("x-") and key != "x-resource":
            yield from _keyword(origins, f"{at}/{key}", key, value)
    resources = document.get("x-resources", {})
    name = operation.get("x-resource")
    if name is not None and name not in resources:
        yield from _unknown(origins, f"{at}/x-resource", str(name), resources, "resource")
        return
    yield from _parameters(document, origins, resources.get(name), item, operation, at)
    settings = operation.get("x-behaviour")
    if settings is None:
        if canned_answer(document, operation) is None:
            yield origins.finding(at, "nothing answers this operation: it has neither `x-behaviour` nor an example")
        return
    use = settings.get("use") if isinstance(settings, dict) else None
    if not isinstance(use, str):
        return
    if use not in VERBS:
        yield from _unknown(origins, f"{at}/x-behaviour/use", use, VERBS, "behaviour")
        return
    yield from _behaviour(document, origins, VERBS[use], resources.get(name), operation, f"{at}/x-behaviour")


def _behaviour(
    document: Mapping[str, Json],
    origins: Origins,
    verb: Verb,
    resource: Mapping[str, Json] | None,
    operation: Mapping[str, Json],
    at: str,
) -> Iterator[Finding]:
    settings = operation["x-behaviour"]
    use = settings["use"]
    if verb.resource and resource is None:
        yield origins.finding(at, f"the behaviour '{use}' needs `x-resource`")
    yield from used(resource or {}, use, origins, at)
    if use == "example" and canned_answer(document, operation) is None:
        yield origins.finding(at, "the behaviour 'example' needs an example of a successful answer")
    for key in settings:
        if key != "use" and key not in verb.settings:
            yield from _unknown(origins, f"{at}/{key}", key, verb.settings, f"setting of '{use}'")
    relation = settings.get("relation")
    if relation is not None and resource is not None and relation not in resource.get("relations", {}):
        yield from _unknown(origins, f"{at}/relation", relation, resource.get("relations", {}), "relation")
    for position, name in enumerate(settings.get("series", ())):
        known = all_series(origins) if resource is None else resource.get("series", {})
        if name not in known:
            yield from _unknown(origins, f"{at}/series/{position}", name, known, "series")
    if verb.writes and at.split("/")[-2] in SAFE:
        yield origins.finding(at, f"'{use}' writes, which a {at.split('/')[-2].upper()} must not")
    if "relation" in verb.settings and relation is None and "relation" not in verb.optional:
        yield origins.finding(at, f"the behaviour '{use}' needs `relation`")


def _parameters(
    document: Mapping[str, Json],
    origins: Origins,
    resource: Mapping[str, Json] | None,
    item: Mapping[str, Json],
    operation: Mapping[str, Json],
    at: str,
) -> Iterator[Finding]:
    path_at = at.rpartition("/")[0]
    given = (resolved(document, each) for each in (*item.get("parameters", ()), *operation.get("parameters", ())))
    named = {str(each["name"]) for each in given if isinstance(each, dict) and "name" in each}
    for holder, place in ((item, path_at), (operation, at)):
        for position, declared in enumerate(holder.get("parameters", ())):
            parameter = resolved(document, declared)
            here = f"{place}/parameters/{position}"
            if not isinstance(parameter, dict) or parameter.get("in") not in PLACES or "name" not in parameter:
                yield origins.finding(here, f"a parameter has a `name`, and `in`, one of {', '.join(PLACES)}")
                continue
            if resource is not None:
                yield from filters(document, origins, resource, parameter, named, here)
