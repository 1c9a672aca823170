"""The conditions of alerts: calls of known functions, joined as those of access rules are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mockserver.contract.problem import nearest, shown
from mockserver.dialects.openmetadata.spel import Invoked, Junction, Listed, Literal, Negation, Node, holds, parse
from mockserver.dialects.openmetadata.speltokens import Unreadable
from mockserver.exchange import Problem

Json = Any
Words = tuple[str, ...]
# What a function is called with is a list of texts for each of its arguments.
Ask = Callable[[str, tuple[Words, ...]], bool]
Condition = Callable[[Ask], bool]


class Rule(NamedTuple):
    """A condition, whether it must not hold, and whether it is joined to those before it by `||`."""

    condition: str
    excludes: bool = False
    joined_by_or: bool = False


def whole(rules: list[Rule]) -> str:
    """The condition that several come to; `&&` binds closer than `||`."""
    text = ""
    for rule in rules:
        one = f"!({rule.condition})" if rule.excludes else f"({rule.condition})"
        text = f"{text} {'||' if rule.joined_by_or else '&&'} {one}" if text else one
    return text


def compiled(text: str, known: Mapping[str, int]) -> Condition:
    """A condition made ready to be asked; `known` are the functions, each with how many lists it takes. Problem 400."""
    try:
        node = parse(text)
        _check(node, known)
    except Unreadable as error:
        raise Problem(400, f"Failed to parse the condition {shown(text[:200])}: {error}") from error
    return lambda ask: holds(node, lambda name, given: ask(name, _lists(given, known[name])))


def _check(node: Node, known: Mapping[str, int]) -> None:
    """Refuses what is anything but calls, joined; Unreadable."""
    match node:
        case Junction(_, parts):
            for part in parts:
                _check(part, known)
        case Negation(of):
            _check(of, known)
        case Invoked(name, arguments):
            _check_call(name, arguments, known)
        case _:
            raise Unreadable("a condition is made of calls, such as matchAnyOwnerName({'someone'})")


def _check_call(name: str, arguments: tuple[Node, ...], known: Mapping[str, int]) -> None:
    if name not in known:
        meant = nearest(name, known)
        raise Unreadable(f"there is no function {shown(name)}" + (f"; did you mean '{meant}'?" if meant else ""))
    words = [word for each in arguments for word in (each.items if isinstance(each, Listed) else (each,))]
    if not all(isinstance(word, Literal) and isinstance(word.value, str) for word in words):
        raise Unreadable(f"{name} is given texts in quotes, or lists of them in braces")
    wanted = known[name]
    if len(arguments) != wanted and not (wanted == 1 and len(arguments) > 1):
        raise Unreadable(f"{name} takes {wanted} lists, and is given {len(arguments)}")


def _lists(given: tuple[Json, ...], wanted: int) -> tuple[Words, ...]:
    """What a function is given, each a list; where it takes one, its texts may stand without their braces."""
    lists = [tuple(each) if isinstance(each, list) else (each,) for each in given]
    return (tuple(word for each in lists for word in each),) if wanted == 1 else tuple(lists)
