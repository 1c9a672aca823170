"""Reads the nouns of a contract out of its expanded document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from mockserver.contract.errand import read_errand
from mockserver.contract.labels import Finder, read_labels
from mockserver.contract.manners import (
    read_alerts,
    read_assets,
    read_counted,
    read_derived,
    read_nested,
    read_ranks,
    read_review,
    read_series,
)
from mockserver.contract.model import Contract, Operation, Resource
from mockserver.contract.naming import read_naming
from mockserver.contract.operations import Mark, Operations
from mockserver.contract.quality import read_quality
from mockserver.contract.reference import resolved
from mockserver.contract.relation import Relation, read_relation
from mockserver.contract.sheets import read_sheet
from mockserver.contract.terms import Errors, Parameter, Versioning
from mockserver.contract.window import read_window

Json = Any
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
IGNORED_HEADERS = frozenset(("accept", "content-type", "authorization"))


def read_contract(
    name: str, document: Mapping[str, Json], profile: str | None = None, marks: Iterable[Mark] | None = None
) -> Contract:
    """The contract of a document that was expanded under a profile and found to be sound.

    `marks` are those of its operations where they are known already, so that it need not be read for them.
    """
    declarations = document.get("x-resources", {})
    beside = {
        name
        for declared in declarations.values()
        for name, relation in declared.get("relations", {}).items()
        if relation.get("beside")
    }
    labels = read_labels(document.get("x-labels"))
    finder, resources = None if labels is None else Finder(document, labels.schema, labels.without), {}
    for resource, declared in declarations.items():
        relations = {each: read_relation(each, given, beside) for each, given in declared.get("relations", {}).items()}
        if labels is not None:
            relations[labels.relation] = Relation(labels.relation, tuple(labels.kinds.values()), many=True, hidden=True)
        resources[resource] = read_resource(document, declared, relations, finder)
    prefix = urlsplit((document.get("servers") or [{}])[0].get("url", "")).path.rstrip("/")
    errors, versioning = document.get("x-errors", {}), document.get("x-versioning", {})

    def read(mark: Mark) -> Operation:
        item = document["paths"][mark.path]
        method = mark.method.lower()
        return read_operation(document, resources, mark.path, method, item, item[method])

    operations = Operations(marks_of(document) if marks is None else marks, read)
    return Contract(
        name,
        document,
        operations,
        resources,
        prefix,
        document.get("x-dialect"),
        Versioning(**versioning),
        Errors(**errors),
        labels,
        profile,
    )


def operations_of(document: Mapping[str, Json]) -> Iterator[tuple[str, str, Json, Json]]:
    """`(path, method, path item, operation)` of every operation of a document."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield path, method, item, item[method]


def marks_of(document: Mapping[str, Json]) -> Iterator[Mark]:
    """What the operations of a document are known by."""
    for path, method, _, operation in operations_of(document):
        yield Mark(operation.get("operationId", f"{method} {path}"), method.upper(), path)


def read_resource(
    document: Mapping[str, Json], declared: Mapping[str, Json], relations: Mapping[str, Relation], finder: Finder | None
) -> Resource:
    return Resource(
        name=declared["name"],
        path=declared["path"],
        entity=declared["entity"],
        title=declared["title"],
        plural=declared["plural"],
        schema=declared["schema"],
        create=declared.get("create"),
        naming=read_naming(declared.get("naming", {}), declared.get("lowered", ())),
        defaults=declared.get("defaults", {}),
        on_request=frozenset((*declared.get("onRequest", ()), *declared.get("apart", ()))),
        apart=frozenset(declared.get("apart", ())),
        relations=relations,
        derived=read_derived(declared.get("derived", {})),
        inherited={name: tuple(steps) for name, steps in declared.get("inherited", {}).items()},
        summarized=tuple(declared.get("summarized", ())),
        counted=read_counted(declared.get("counted", {})),
        nested={name: read_nested(name, nested) for name, nested in declared.get("nested", {}).items()},
        removed=tuple(declared.get("major", {}).get("removed", ())),
        reduced=tuple(declared.get("major", {}).get("reduced", ())),
        protected=tuple(declared.get("protected", ())),
        kept=frozenset(declared.get("kept", ())),
        merged=frozenset(declared.get("merged", ())),
        fixed=frozenset(declared.get("fixed", ())),
        moves=frozenset(declared.get("moves", ())),
        wrapped=declared.get("wrapped", {}),
        modelled=declared.get("modelled"),
        unstored=frozenset(declared.get("unstored", ())),
        withheld=frozenset(declared.get("withheld", ())),
        permissions=declared.get("permissions", {}),
        views=declared.get("views", {}),
        operations=tuple(declared.get("operations", ())),
        governs=declared.get("governs"),
        parts=document,
        finder=finder,
        assets=read_assets(declared.get("assets")),
        review=read_review(declared.get("review")),
        series=read_series(declared.get("series", {})),
        alerts=read_alerts(declared.get("alerts")),
        secrets=tuple(tuple(path.split(".")) for path in declared.get("secrets", ())),
        sheet=read_sheet(declared["name"], declared.get("csv"), document.get("x-csv", {})),
        ranks=read_ranks(declared.get("ranks")),
        masked=declared.get("masked", {}),
        private=declared.get("private", {}),
        sole=tuple(declared.get("sole", ())),
        settled=declared.get("settled", {}),
        quality=read_quality(declared),
        window=read_window(declared.get("window")),
        errand=read_errand(declared.get("errand")),
        refers=tuple((field, member) for field, member in (path.split(".") for path in declared.get("refers", ()))),
        vouched=declared.get("vouched", {}),
        searched={name: tuple(steps) for name, steps in declared.get("searched", {}).items()},
    )


def read_operation(
    document: Mapping[str, Json],
    resources: Mapping[str, Resource],
    path: str,
    method: str,
    item: Mapping[str, Json],
    operation: Mapping[str, Json],
) -> Operation:
    settings = dict(operation.get("x-behaviour", {}))
    body = resolved(document, operation.get("requestBody", {}))
    resource = operation.get("x-resource")
    produces = {
        media_type
        for status, response in operation.get("responses", {}).items()
        if status.startswith("2")
        for media_type in resolved(document, response).get("content", {})
    }
    canned = canned_answer(document, operation)
    return Operation(
        id=operation.get("operationId", f"{method} {path}"),
        method=method.upper(),
        path=path,
        document={**operation, "requestBody": body},
        parameters=tuple(read_parameters(document, item, operation)),
        behaviour=settings.pop("use", None if canned is None else "example"),
        settings=settings,
        resource=None if resource is None else resources[resource],
        permission=operation.get("x-permission"),
        secured=secured(document, operation),
        media_types=tuple(body.get("content", ())),
        body_required=bool(body.get("required")),
        produces=tuple(sorted(produces)),
        canned=canned or (204, "application/json", None),
    )


def secured(document: Mapping[str, Json], operation: Mapping[str, Json]) -> bool:
    """Whether a caller must prove who they are; an empty requirement among the alternatives makes it optional."""
    requirements = operation.get("security", document.get("security", []))
    return bool(requirements) and all(requirements)


def read_parameters(
    document: Mapping[str, Json], item: Mapping[str, Json], operation: Mapping[str, Json]
) -> Iterator[Parameter]:
    """The parameters of an operation; its own replace those of its path, and a later one an earlier one."""
    found: dict[tuple[str, str], Mapping[str, Json]] = {}
    for declared in (*item.get("parameters", ()), *operation.get("parameters", ())):
        parameter = resolved(document, declared)
        if parameter["in"] != "header" or parameter["name"].lower() not in IGNORED_HEADERS:
            found[(parameter["in"], parameter["name"])] = parameter
    for (place, name), parameter in found.items():
        wanted = parameter.get("x-filter")
        style = parameter.get("style", "form" if place in ("query", "cookie") else "simple")
        yield Parameter(
            name,
            place,
            bool(parameter.get("required", place == "path")),
            parameter.get("schema", {}),
            bool(parameter.get("explode", style == "form")),
            wanted["field"] if isinstance(wanted, dict) else wanted,
            wanted.get("match", "is") if isinstance(wanted, dict) else "is",
            wanted.get("values", {}) if isinstance(wanted, dict) else {},
            wanted.get("wide") if isinstance(wanted, dict) else None,
            wanted.get("of") if isinstance(wanted, dict) else None,
            tuple(wanted["along"]) if isinstance(wanted, dict) and "along" in wanted else None,
        )


def canned_answer(document: Mapping[str, Json], operation: Mapping[str, Json]) -> tuple[int, str, Json] | None:
    """Status, media type and value of the first example of a successful answer; None when there is none."""
    for status, declared in sorted(operation.get("responses", {}).items()):
        if not status.startswith("2"):
            continue
        content = resolved(document, declared).get("content", {})
        code = int(status) if status.isdecimal() else 200
        if not content:
            return code, "application/json", b""
        for media_type, media in content.items():
            for value in examples_of(document, media):
                return code, media_type, value
    return None


def examples_of(document: Mapping[str, Json], media: Mapping[str, Json]) -> Iterator[Json]:
    if "example" in media:
        yield media["example"]
    for example in media.get("examples", {}).values():
        yield resolved(document, example).get("value")
    schema = resolved(document, media.get("schema", {}))
    if isinstance(schema, dict):
        yield from schema.get("examples", ())
