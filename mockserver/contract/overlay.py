"""Applies OpenAPI Overlay 1.0 documents: what another version of the API does differently."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from mockserver.contract.pointer import join
from mockserver.contract.problem import Finding, nearest
from mockserver.contract.yamlfile import Document

Json = Any
KEYS = ("overlay", "info", "extends", "actions")
ACTION_KEYS = ("target", "description", "update", "remove")


def apply_overlay(document: dict[str, Json], overlay: Document) -> Iterator[Finding]:
    """Changes the document in place, action by action; yields what is wrong with the overlay.

    A target that matches nothing is a finding: it means that the contract and its overlay have drifted apart.
    """
    if findings := list(_malformed(overlay)):
        yield from findings
        return
    for position, action in enumerate(overlay.value["actions"]):
        at = join(("actions", position, "target"))
        try:
            places = _places(document, action["target"])
        except ValueError as error:
            yield overlay.finding(at, f"not a JSONPath: {error}")
            continue
        if not places:
            yield overlay.finding(at, f"the target {action['target']} matches nothing")
        for place in reversed(places):
            yield from _act(document, overlay, join(("actions", position)), place, action)


def _malformed(overlay: Document) -> Iterator[Finding]:
    value = overlay.value
    if not isinstance(value, dict) or not str(value.get("overlay", "")).startswith("1."):
        yield overlay.finding("", "an overlay is an object with `overlay: 1.0.0`, `info` and `actions`")
        return
    for key in value:
        if key not in KEYS and not key.startswith("x-"):
            yield overlay.finding(join((key,)), f"unknown key '{key}'", nearest(key, KEYS))
    actions = value.get("actions")
    if not isinstance(actions, list) or not actions:
        yield overlay.finding("/actions", "`actions` is a list with at least one action")
        return
    for position, action in enumerate(actions):
        at = join(("actions", position))
        if not isinstance(action, dict) or not isinstance(action.get("target"), str):
            yield overlay.finding(at, "an action has a `target`, a JSONPath")
            continue
        for key in action:
            if key not in ACTION_KEYS and not key.startswith("x-"):
                yield overlay.finding(f"{at}{join((key,))}", f"unknown key '{key}'", nearest(key, ACTION_KEYS))


def _places(document: dict[str, Json], target: str) -> list[tuple[str | int, ...]]:
    """The locations, as keys from the top, of everything that a JSONPath selects."""
    import jsonpath
    from jsonpath.exceptions import JSONPathError

    try:
        return [tuple(match.parts) for match in jsonpath.finditer(target, document)]
    except JSONPathError as error:
        raise ValueError(str(error).splitlines()[0]) from error


def _act(
    document: dict[str, Json], overlay: Document, at: str, place: tuple[str | int, ...], action: dict[str, Json]
) -> Iterator[Finding]:
    *path, last = place or (None,)
    holder: Json = document
    for step in path:
        holder = holder[step]
    if action.get("remove"):
        if last is None:
            yield overlay.finding(at, "the whole document cannot be removed")
        else:
            del holder[last]
        return
    there = document if last is None else holder[last]
    if "update" not in action:
        return
    if isinstance(there, list):
        there.append(deepcopy(action["update"]))
    elif isinstance(there, dict) and isinstance(action["update"], dict):
        _update(there, action["update"])
    else:
        yield overlay.finding(at, "an update's target is an object or a list")


def _update(there: dict[str, Json], update: dict[str, Json]) -> None:
    """Objects merge, lists are appended to, everything else is replaced, as the Overlay specification says."""
    for key, value in update.items():
        known = there.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            _update(known, value)
        elif isinstance(known, list) and isinstance(value, list):
            known.extend(deepcopy(value))
        else:
            there[key] = deepcopy(value)
