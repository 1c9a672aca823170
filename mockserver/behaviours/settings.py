"""The verbs on settings: named values that are kept with one record, beside its versions."""

from __future__ import annotations

from typing import Any

import orjson

from mockserver.behaviours.context import Answer, Context
from mockserver.behaviours.jsonpatch import apply
from mockserver.contract.problem import nearest
from mockserver.exchange import Problem
from mockserver.world.record import Record

Json = Any
NAME, VALUE = "config_type", "config_value"


def settings(context: Context) -> Answer:
    """All of them, in the order of their names."""
    _authorize(context)
    data = [_shown(name, value) for name, value in sorted(_held(context).items())]
    return Answer(200, {"data": data, "paging": {"total": len(data)}})


def setting(context: Context) -> Answer:
    """One of them."""
    _authorize(context)
    name = _known(context)
    return Answer(200, _shown(name, _held(context)[name]))


def set_setting(context: Context) -> Answer:
    """Puts a value in the place of the one that was there, if one was."""
    _authorize(context)
    name, held = str(context.body[NAME]), _held(context)
    there = name in held
    return _kept(context, name, context.body.get(VALUE), 200 if there else 201)


def patch_setting(context: Context) -> Answer:
    """Applies a JSON Patch to a value."""
    _authorize(context)
    name = _known(context)
    value = apply(context.body, orjson.loads(orjson.dumps(_held(context)[name])))
    return _kept(context, name, value, 200)


def value_of(context: Context, keeper: str, of: str, field: str, name: str) -> Json:
    """What a setting says that is kept with a record of another resource; None where there is none."""
    found = context.world.find(keeper, of)
    return None if found is None else found.data.get(field, {}).get(name)


def _authorize(context: Context) -> None:
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])


def _owner(context: Context) -> Record:
    wanted = str(context.operation.settings["of"])
    found = context.world.find(context.resource.name, wanted)
    if found is None:
        raise context.dialect.missing(context.resource, wanted)
    return found


def _held(context: Context) -> dict[str, Json]:
    held: dict[str, Json] = _owner(context).data.get(str(context.operation.settings["field"]), {})
    return held


def _known(context: Context) -> str:
    """The setting that the path names; 404 says which one is meant most likely."""
    name, held = str(context.arguments["name"]), _held(context)
    if name in held:
        return name
    meant = nearest(name, held)
    raise Problem(404, f"setting instance for {name} not found" + (f"; did you mean '{meant}'?" if meant else ""))


def _kept(context: Context, name: str, value: Json, status: int) -> Answer:
    held, field = _held(context), str(context.operation.settings["field"])
    if name not in held or held[name] != value:
        context.world.replace(_owner(context).with_data(**{field: {**held, name: value}}))
    return Answer(status, _shown(name, value))


def _shown(name: str, value: Json) -> Json:
    return {NAME: name, VALUE: value}
