"""JSON Patch (RFC 6902): steps that change a JSON value, one after the other, all or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from mockserver.contract.pointer import Missing, follow, is_index, join, split
from mockserver.exchange import Problem, Violation
from mockserver.values import DEEPEST, is_deeper, same

Json = Any
Step = Mapping[str, Json]
COPY_LIMIT = 8 * 1024 * 1024
TOO_DEEP = f"the record would be nested deeper than {DEEPEST} levels"


class Impossible(Exception):
    """A step that cannot be done; the message says why."""


def apply(steps: Sequence[Step], document: Json) -> Json:
    """The patched document, which may be changed in place; a 400 Problem names the step that cannot be done."""
    copied = 0
    for position, step in enumerate(steps):
        try:
            if step["op"] == "copy":
                copied += _size(follow(document, split(step["from"])))
                if copied > COPY_LIMIT:
                    raise Impossible(f"more than {COPY_LIMIT} bytes would be copied")
            document = STEPS[step["op"]](document, step)
        except (Impossible, Missing) as error:
            reason = f"nothing is at '{error.at}/{error.token}'" if isinstance(error, Missing) else str(error)
            message = f"cannot {step['op']} at '{step['path']}': {reason}"
            raise Problem.of([Violation(f"body /{position}", message)]) from error
    if any(map(_deepens, steps)) and is_deeper(document):
        raise Problem.of([Violation("body", TOO_DEEP)])
    return document


def _deepens(step: Step) -> bool:
    return step["op"] in ("copy", "move") or isinstance(step.get("value"), dict | list)


def _size(value: Json) -> int:
    if is_deeper(value):
        raise Impossible(TOO_DEEP)
    return len(orjson.dumps(value))


def _add(document: Json, step: Step) -> Json:
    return _put(document, split(step["path"]), step["value"])


def _remove(document: Json, step: Step) -> Json:
    return _take(document, split(step["path"]))


def _replace(document: Json, step: Step) -> Json:
    path = split(step["path"])
    follow(document, path)
    if not path:
        return step["value"]
    holder = follow(document, path[:-1])
    holder[int(path[-1]) if isinstance(holder, list) else path[-1]] = step["value"]
    return document


def _move(document: Json, step: Step) -> Json:
    source, target = split(step["from"]), split(step["path"])
    if target[: len(source)] == source and target != source:
        raise Impossible(f"'{step['from']}' cannot be moved into itself")
    value = follow(document, source)
    return _put(_take(document, source), target, value)


def _copy(document: Json, step: Step) -> Json:
    value = follow(document, split(step["from"]))
    return _put(document, split(step["path"]), orjson.loads(orjson.dumps(value)))


def _test(document: Json, step: Step) -> Json:
    if not same(follow(document, split(step["path"])), step["value"]):
        raise Impossible("the value is another one")
    return document


STEPS: Mapping[str, Callable[[Json, Step], Json]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}


def _put(document: Json, path: list[str], value: Json) -> Json:
    """Adds a member, or an item in front of the one at its place."""
    if not path:
        return value
    holder, last = follow(document, path[:-1]) if len(path) > 1 else document, path[-1]
    if isinstance(holder, dict):
        holder[last] = value
    elif not isinstance(holder, list):
        raise Impossible(f"'{join(path[:-1])}' is neither an object nor a list")
    elif last == "-":
        holder.append(value)
    elif is_index(last) and int(last) <= len(holder):
        holder.insert(int(last), value)
    else:
        raise Impossible(f"'{last}' is no place in a list of {len(holder)}")
    return document


def _take(document: Json, path: list[str]) -> Json:
    follow(document, path)
    if not path:
        return None
    holder = follow(document, path[:-1])
    del holder[int(path[-1]) if isinstance(holder, list) else path[-1]]
    return document
