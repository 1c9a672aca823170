"""The verb that explores a graph around a record: nodes with their distance, edges with their details, by name."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.graphs import end, pairs
from mockserver.world.record import Record

Json = Any
# What an edge tells under another name here.
RENAMED = {"columnsLineage": "columns"}


def explore(context: Context) -> Answer:
    """What leads to a record and what it leads to; deleted ones, and what is behind them, where they are included."""
    arguments = context.arguments
    record = end(context, arguments.get("type"), {"fullyQualifiedName": arguments["fqn"]})
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"], record)
    nodes: dict[str, tuple[Record, int]] = {record.id: (record, 0)}
    upstream = _walk(context, record, int(arguments.get("upstreamDepth", 3)), nodes, up=True)
    downstream = _walk(context, record, int(arguments.get("downstreamDepth", 3)), nodes, up=False)
    shown = {str(each.data["fullyQualifiedName"]): _node(context, each, depth) for each, depth in nodes.values()}
    return Answer(200, {"nodes": shown, "upstreamEdges": upstream, "downstreamEdges": downstream})


def _walk(
    context: Context, start: Record, depth: int, nodes: dict[str, tuple[Record, int]], *, up: bool
) -> dict[str, Json]:
    """The edges of so many steps one way; the records met are added to `nodes`, each at its least distance."""
    deleted, severed = bool(context.arguments.get("includeDeleted")), context.dialect.severs(context)
    edges: dict[str, Json] = {}
    layer, met = [start], {start.id}
    for distance in range(1, depth + 1):
        following = []
        for record in layer:
            for source, target in pairs(context, record, up=up, deleted=deleted, severed=severed):
                edge = _edge(context, source, target)
                edges[edge["docId"]] = edge
                other = source if up else target
                nodes.setdefault(other.id, (other, distance))
                if other.id not in met:
                    met.add(other.id)
                    following.append(other)
        layer = following
    return edges


def _node(context: Context, record: Record, depth: int) -> dict[str, Json]:
    counts = {
        "entityDownstreamCount": sum(1 for _ in pairs(context, record, up=False)),
        "entityUpstreamCount": sum(1 for _ in pairs(context, record, up=True)),
    }
    return {"entity": context.dialect.mention(context, record, whole=True), "paging": counts, "nodeDepth": depth}


def _edge(context: Context, source: Record, target: Record) -> dict[str, Json]:
    details = context.world.links(source.id, str(context.operation.settings["graph"]))[target.id] or {}
    told = {RENAMED.get(key, key): value for key, value in details.items()}
    ends = {"fromEntity": _end(context, source), "toEntity": _end(context, target)}
    return {**ends, **told, "docId": f"{source.id}--->{target.id}"}


def _end(context: Context, record: Record) -> dict[str, Json]:
    entity = context.contract.resources[record.resource].entity
    return {"id": record.id, "fullyQualifiedName": record.data["fullyQualifiedName"], "type": entity}
