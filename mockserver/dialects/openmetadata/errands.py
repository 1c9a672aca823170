"""Tasks as records of their own: how they are opened, whose they are, and how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mockserver.behaviours import filtering
from mockserver.behaviours.collections import check_direction, page
from mockserver.behaviours.context import Answer, Context
from mockserver.dialects.openmetadata import commenting, deciding, names, narrowing, threads
from mockserver.dialects.openmetadata.grants import linked
from mockserver.world.links import Links
from mockserver.world.record import Data, Record
from mockserver.world.sorted import SortedKeys

Json = Any
OVER = frozenset(("Approved", "Rejected", "Completed", "Cancelled", "Failed", "Revoked", "Expired"))
# Types whose tasks are decided on by one of two transitions, if they are about something.
REVIEWED = frozenset(
    ("GlossaryApproval", "RequestApproval", "DescriptionUpdate", "TagUpdate", "OwnershipUpdate", "TierUpdate")
) | {"DomainUpdate", "Suggestion"}
TRANSITIONS = [
    {
        "id": word,
        "label": word.capitalize(),
        "targetStageId": kind.lower(),
        "targetTaskStatus": kind,
        "resolutionType": kind,
        "formRef": word,
        "requiresComment": word == "reject",
    }
    for word, kind in (("approve", "Approved"), ("reject", "Rejected"))
]


def answer(context: Context) -> Answer:
    return WHAT[context.operation.settings["what"]](context)


def meant(context: Context, body: Mapping[str, Json]) -> Mapping[str, Json]:
    """A create body with a reference to what its link names."""
    errand = context.resource.errand
    assert errand is not None
    # What the workflow opens says by a reference what it is about, and is opened in nobody's name.
    if not isinstance(link := body.get(errand.about), str):
        return body
    _, entity = threads.entity_of(context, link, f"body /{errand.about}", errand.about)
    narrowing.admit(context, entity)
    return {**body, errand.about: context.dialect.reference(context, entity)}


def take_over(context: Context, links: dict[str, Links]) -> None:
    """Has the caller be the author, and the owners of what it is about be asked where nobody else is."""
    errand = context.resource.errand
    assert errand is not None
    if context.principal.id is not None:
        links.setdefault(errand.author, {context.principal.id: None})
    entity = _linked(context, links.get(errand.about))
    if entity is not None and not links.get(errand.asked):
        links[errand.asked] = {each.id: None for each in linked(context.world, context.contract, entity, "owners")}


def settled(context: Context, data: Data, before: Mapping[str, Json], links: Mapping[str, Links]) -> Data:
    """The fields of a task with what its state says: how it may be decided on, or that it is over."""
    errand, now = context.resource.errand, context.world.now()
    assert errand is not None
    if before:
        over = data["status"] in OVER and "resolution" not in data
        return {**data, "resolution": {"type": "Completed", "resolvedAt": now}} if over else data
    made: Data = {"createdAt": now, "createdById": next(iter(links.get(errand.author, ())), None)}
    entity = _linked(context, links.get(errand.about))
    if entity is None:
        return {**data, **made}
    made["aboutFqnHash"] = ".".join(names.digest(part) for part in names.parts(entity.data["fullyQualifiedName"]))
    if data["type"] in REVIEWED:
        made.update(workflowStageId="review", workflowStageDisplayName="Review", availableTransitions=TRANSITIONS)
    return {**data, **made}


def _linked(context: Context, links: Links | None) -> Record | None:
    return context.world.record(next(iter(links))) if links else None


def _list(context: Context, chosen: Callable[[Context], set[str]]) -> Answer:
    """A page of those among the chosen ones that the filters leave."""
    fields = context.dialect.requested(context)
    check_direction(context)
    context.dialect.authorize_view(context)
    keys, ids = _left(context, str(context.arguments.get("include", "non-deleted"))), chosen(context)
    shown, paging = page(context, SortedKeys.in_order(key for key in keys if key[-1] in ids), [str, str])
    records = (context.world.record(str(key[-1])) for key in shown)
    return Answer(
        200, {"data": [context.dialect.view(context, each, fields) for each in records if each], "paging": paging}
    )


def _left(context: Context, include: str = "non-deleted") -> SortedKeys:
    return filtering.left(context, include)


def _people(context: Context) -> set[str]:
    """The caller and the caller's teams."""
    caller = context.principal.id
    return set() if caller is None else {caller, *context.world.links(caller, "teams")}


def _tied(context: Context, people: Iterable[str], relation: str) -> set[str]:
    return {id for person in people for id in context.world.sources(person, relation)}


def _assigned(context: Context) -> set[str]:
    errand = context.resource.errand
    assert errand is not None
    return _tied(context, _people(context), errand.asked)


def _owned(context: Context) -> set[str]:
    errand = context.resource.errand
    assert errand is not None
    return _tied(context, _tied(context, _people(context), "owners"), errand.about)


def _created(context: Context) -> set[str]:
    errand, caller = context.resource.errand, context.principal.id
    assert errand is not None
    return set() if caller is None else _tied(context, (caller,), errand.author)


def _mentioned(context: Context) -> set[str]:
    caller = context.principal.id
    return set() if caller is None else _tied(context, (caller,), commenting.MENTIONED)


def _visible(context: Context) -> set[str]:
    return _assigned(context) | _owned(context)


VIEWS: Mapping[str, Callable[[Context], set[str]]] = {
    "assigned": _assigned,
    "owned": _owned,
    "created": _created,
    "mentioned": _mentioned,
}
NAMING = ("assignee", "createdBy", "mentionedUser")


def _count(context: Context) -> Answer:
    """How many there are in which state."""
    context.dialect.authorize_view(context)
    view, keys = str(context.arguments.get("view")), _left(context)
    if view in ("all", "visible") and not any(name in context.arguments for name in NAMING):
        ids = _visible(context)
        keys = SortedKeys.in_order(key for key in keys if key[-1] in ids)
    elif view in VIEWS:
        ids = VIEWS[view](context)
        keys = SortedKeys.in_order(key for key in keys if key[-1] in ids)
    found = (context.world.record(str(key[-1])) for key in keys)
    states = Counter(each.data["status"] for each in found if each is not None)
    counted = {
        "open": sum(states[state] for state in deciding.OPEN),
        "inProgress": states["InProgress"],
        "approved": states["Approved"],
        "granted": states["Granted"],
        "completed": sum(states[state] for state in OVER),
        "total": states.total(),
    }
    return Answer(200, counted)


WHAT: Mapping[str, Callable[[Context], Answer]] = {
    "assigned": lambda context: _list(context, _assigned),
    "visible": lambda context: _list(context, _visible),
    "owned": lambda context: _list(context, _owned),
    "created": lambda context: _list(context, _created),
    "count": _count,
    "resolve": deciding.resolve,
    "close": deciding.close,
    "apply": deciding.apply,
    "bulk": deciding.bulk,
    "comment": commenting.add,
    "editComment": commenting.edit,
    "dropComment": commenting.drop,
}
