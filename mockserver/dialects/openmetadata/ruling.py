"""The rules of a policy as they are kept: in order, without what says nothing more, their conditions tried out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.behaviours.context import Context
from mockserver.dialects.openmetadata.circumstances import FUNCTIONS, called
from mockserver.dialects.openmetadata.grants import ALL, EVERY_RESOURCE, parsed
from mockserver.dialects.openmetadata.spel import Unanswerable, calls, holds
from mockserver.dialects.openmetadata.speltokens import Unreadable, tokens
from mockserver.exchange import Problem, Violation
from mockserver.world.recall import Reader
from mockserver.world.record import Data

Json = Any


def settled(world: Reader | None, field: str, data: Data) -> Data:
    """A policy's fields with its rules as they are kept; Problem 400 where they cannot be kept.

    Without a world, the records that conditions name are not looked for.
    """
    if not data[field]:
        message = "At least one rule is required in a policy"
        raise Problem(400, message, violations=(Violation(f"body /{field}", message),))
    for at, rule in enumerate(data[field]):
        if rule.get("condition"):
            try_out(world, str(rule["condition"]), f"body /{field}/{at}/condition", f" (in rule {rule['name']})")
    return {**data, field: sorted((_kept(rule) for rule in data[field]), key=lambda rule: str(rule["name"]))}


def try_out(world: Reader | None, condition: str, where: str, whose: str = "") -> None:
    """Asks a condition once, every function of which says no; Problem 400 if it cannot be read or has no answer."""

    def ask(name: str, arguments: tuple[Json, ...]) -> bool:
        function, names = called(name, arguments)
        for each in names if world is not None and function.resources else ():
            found = [world.find(resource, each) for resource in function.resources] if world is not None else []
            if not any(record is not None and not record.deleted for record in found):
                raise Unanswerable(f"{function.entity} instance for {each} not found")
        return False

    try:
        node = parsed(condition)
        for call in calls(node):
            called(call.name, ())
        holds(node, ask)
    except Unreadable as error:
        message = f"Failed to parse - {error}{whose}"
    except Unanswerable as error:
        message = f"Failed to evaluate - {error}{whose}"
    else:
        return
    raise Problem(400, message, violations=(Violation(where, message),))


def rename(context: Context, resource: str, old: str, new: str) -> None:
    """Has every condition that names a record by its old name say the new one; that makes no version of a policy."""
    world = context.world
    functions = frozenset(name for name, each in FUNCTIONS.items() if resource in each.resources)
    for governing in [each for each in context.contract.resources.values() if each.governs is not None]:
        for _, id in list(world.all_keys(governing.name)):
            policy = world.record(str(id))
            rules = [] if policy is None else policy.data.get(str(governing.governs), [])
            said = [{**rule, **_reworded(rule.get("condition"), functions, old, new)} for rule in rules]
            if policy is not None and said != rules:
                world.replace(policy.with_data(**{str(governing.governs): said}))


def _reworded(condition: str | None, functions: frozenset[str], old: str, new: str) -> dict[str, str]:
    """The condition in which these functions are given another name."""
    if condition is None or old not in condition:
        return {}
    text, shift, within = condition, 0, [""]
    word = ""
    for token in tokens(condition):
        if token.kind == "(":
            within.append(word)
        elif token.kind == ")" and len(within) > 1:
            within.pop()
        elif token.kind == "text" and token.value == old and within[-1] in functions:
            quote = condition[token.at - 1]
            before, after = (f"{quote}{each.replace(quote, quote * 2)}{quote}" for each in (old, new))
            start = token.at - 1 + shift
            text, shift = text[:start] + after + text[start + len(before) :], shift + len(after) - len(before)
        word = token.value if token.kind == "word" else ""
    return {"condition": text}


def _kept(rule: Mapping[str, Json]) -> dict[str, Json]:
    resources = sorted(dict.fromkeys(rule.get("resources", ())), key=str.lower)
    every = [each for each in resources if each.lower() == EVERY_RESOURCE]
    return {**rule, "operations": _operations(rule.get("operations", ())), "resources": every[:1] or resources}


def _operations(given: list[str]) -> list[str]:
    """In order, without those that another one stands for."""
    kept = sorted(set(given))
    for word in ("View", "Edit"):
        whole = f"{word}{ALL}"
        if whole in kept:
            kept = [each for each in kept if each == whole or not each.startswith(word)]
    return kept
