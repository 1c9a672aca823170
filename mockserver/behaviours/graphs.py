"""The verbs on a graph: edges between records of any kind, each with its details, kept as links with a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.items import find
from mockserver.behaviours.jsonpatch import apply
from mockserver.exchange import Problem, Violation
from mockserver.world.record import Record

Json = Any
KEPT = ("createdAt", "createdBy")


def connect(context: Context) -> Answer:
    """Adds an edge, or gives it other details; the ends stand in the path, or in the body with the details."""
    body = context.body
    if "fromFqn" not in context.arguments:
        edge = body["edge"]
        ends = [end(context, edge[side].get("type"), edge[side]) for side in ("fromEntity", "toEntity")]
        details = dict(edge.get("lineageDetails") or {})
        if edge.get("description"):
            details.setdefault("description", edge["description"])
    else:
        ends, details = list(_ends(context)), dict(body)
    source, target = ends
    _authorize(context, source, target)
    if context.operation.resource is not None and find(context).id not in (source.id, target.id):
        raise Problem.of([Violation("body /edge", "neither end is the record that the path names")])
    if source.id == target.id:
        raise Problem(400, f"{source.data['fullyQualifiedName']} cannot lead to itself")
    before = context.world.links(source.id, _graph(context)).get(target.id) or {}
    store(context, source, target, before, details)
    return Answer(200, b"")


def edge(context: Context) -> Answer:
    """One edge with its ends and details."""
    source, target = _ends(context)
    _authorize(context, source, target, "ViewAll")
    return Answer(200, {"edge": _shown_edge(context, source, target, _details(context, source, target))})


def patch_edge(context: Context) -> Answer:
    """Applies a JSON Patch to the details of an edge."""
    source, target = _ends(context)
    _authorize(context, source, target)
    before = _details(context, source, target)
    # What is stored is not to be changed in place.
    edited = apply(context.body, orjson.loads(orjson.dumps(before)))
    if not isinstance(edited, dict):
        raise Problem(400, "the patch leaves no object behind")
    store(context, source, target, before, edited)
    return Answer(200, {"edge": _shown_edge(context, source, target, edited)})


def disconnect(context: Context) -> Answer:
    """Removes one edge."""
    source, target = _ends(context)
    _authorize(context, source, target)
    _details(context, source, target)
    context.world.unlink(source.id, _graph(context), target.id)
    return Answer(200, b"")


def disconnect_source(context: Context) -> Answer:
    """Removes the edges to and from a record that came about in one way, or all where none is named."""
    record, graph, origin = next(iter(_ends(context))), _graph(context), context.arguments.get("source")
    context.dialect.authorize(context, [context.operation.permission or "EditAll"], record)
    for source, target in [*pairs(context, record, up=True), *pairs(context, record, up=False)]:
        if origin in (None, (context.world.links(source.id, graph)[target.id] or {}).get("source")):
            context.world.unlink(source.id, graph, target.id)
    return Answer(200, b"")


def graph(context: Context) -> Answer:
    """What leads to a record and what it leads to, as many steps away as are asked for."""
    record = next(iter(_ends(context)))
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], record)
    nodes: dict[str, Record] = {}
    upstream = _around(context, record, int(context.arguments.get("upstreamDepth", 1)), nodes, up=True)
    downstream = _around(context, record, int(context.arguments.get("downstreamDepth", 1)), nodes, up=False)
    nodes.pop(record.id, None)
    shown = {
        "entity": context.dialect.reference(context, record),
        "nodes": [context.dialect.reference(context, node) for node in nodes.values()],
        "upstreamEdges": upstream,
        "downstreamEdges": downstream,
    }
    return Answer(200, shown)


def _around(context: Context, start: Record, depth: int, nodes: dict[str, Record], *, up: bool) -> list[Json]:
    """The edges of so many steps one way, each once; the records met are added to `nodes`."""
    edges: dict[tuple[str, str], Json] = {}
    severed = context.dialect.severs(context)
    reached, layer = {start.id}, [start]
    for _ in range(depth):
        following: dict[str, Record] = {}
        for record in layer:
            for source, target in pairs(context, record, up=up, severed=severed):
                details = context.world.links(source.id, _graph(context))[target.id]
                edges[source.id, target.id] = _bare_edge(source, target, details)
                other = source if up else target
                following[other.id] = other
        nodes.update(following)
        layer = [record for id, record in following.items() if id not in reached]
        reached |= following.keys()
    return list(edges.values())


def pairs(
    context: Context,
    record: Record,
    *,
    up: bool,
    deleted: bool = False,
    severed: Callable[[Record], bool] | None = None,
) -> Iterator[tuple[Record, Record]]:
    """The edges at one side of a record whose other end is alive, or may be `deleted`, and is not `severed`."""
    world, graph = context.world, _graph(context)
    ids: Iterable[str] = sorted(world.sources(record.id, graph)) if up else list(world.links(record.id, graph))
    for id in ids:
        other = world.record(id)
        if other is None or (other.deleted and not deleted):
            continue
        if severed is None or not severed(other):
            yield (other, record) if up else (record, other)


def _ends(context: Context) -> Iterator[Record]:
    """The records that the path names: the operation's own, or those at the ends, by id or by type and name."""
    arguments = context.arguments
    if context.operation.resource is not None:
        yield find(context)
    for kind, id, name in (("fromEntity", "fromId", "fromFqn"), ("toEntity", "toId", "toFqn")):
        if id in arguments or name in arguments:
            yield end(
                context, arguments.get(kind), {"id": arguments.get(id), "fullyQualifiedName": arguments.get(name)}
            )


def end(context: Context, kind: Json, given: Mapping[str, Json]) -> Record:
    """A living record by its id, or by its name and type; 404 when it is not there."""
    resource = context.contract.by_entity.get(kind) if kind is not None else None
    if kind is not None and resource is None:
        raise Problem(404, f"Entity type {kind} not found")
    wanted = str(given.get("id") or given.get("fullyQualifiedName"))
    if given.get("id"):
        found = context.world.record(wanted.lower())
    else:
        found = None if resource is None else context.world.find(resource.name, wanted)
    if found is None or found.deleted or (resource is not None and found.resource != resource.name):
        raise Problem(404, f"{kind or 'entity'} instance for {wanted} not found")
    return found


def _details(context: Context, source: Record, target: Record) -> dict[str, Json]:
    links = context.world.links(source.id, _graph(context))
    if target.id not in links:
        raise Problem(404, "Lineage edge not found")
    return dict(links[target.id] or {})


def store(
    context: Context, source: Record, target: Record, before: Mapping[str, Json], details: Mapping[str, Json]
) -> None:
    """Keeps an edge with its details, who made it and who changed it; the same ones again change nothing."""
    told = {key: value for key, value in details.items() if value is not None and key not in KEPT}
    same = {key: value for key, value in before.items() if key in told} == told if before else False
    if same:
        return
    context.dialect.examine(context, source, _graph(context), told, target)
    now, name = context.world.now(), context.principal.name
    marks = {"createdAt": before.get("createdAt", now), "createdBy": before.get("createdBy", name)}
    stored = {"source": "Manual", **told, **marks, "updatedAt": now, "updatedBy": name}
    context.world.link(source.id, _graph(context), target.id, stored)


def _bare_edge(source: Record, target: Record, details: Json) -> dict[str, Json]:
    return {"fromEntity": source.id, "toEntity": target.id, "lineageDetails": details or {}}


def _shown_edge(context: Context, source: Record, target: Record, details: Mapping[str, Json]) -> dict[str, Json]:
    reference = context.dialect.reference
    ends = {"fromEntity": reference(context, source), "toEntity": reference(context, target)}
    return {**ends, "lineageDetails": details}


def _authorize(context: Context, source: Record, target: Record, permission: str | None = None) -> None:
    for record in (source, target):
        context.dialect.authorize(context, [permission or context.operation.permission or "EditAll"], record)


def _graph(context: Context) -> str:
    return str(context.operation.settings["graph"])
