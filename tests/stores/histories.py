"""Concurrent clients of one table, what they saw, and what one table alone could have shown them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier
from time import monotonic
from typing import Any

from tests.conversations.known import KNOWN
from tests.support.linear import IMPOSSIBLE, Operation, linearized
from tests.support.tables import Lost, Refused, Seen, TableClient, Unreached

PEOPLE = [KNOWN[name] for name in ("maya", "lars", "priya", "aaron", "andrew")]
Asked = tuple[str, str]


def table(state: Seen, operation: Operation) -> Any:
    """The model: a table whose description makes a version, and who follows it."""
    kind, value = operation.asked
    after = state
    if kind == "describe" and value != state.description:
        after = state._replace(version=round(state.version + 0.1, 1), description=value)
    elif kind == "follow":
        after = state._replace(followers=state.followers | {value})
    elif kind == "unfollow":
        after = state._replace(followers=state.followers - {value})
    return after if not operation.certain or operation.answered == after else IMPOSSIBLE


def recorded(clients: Sequence[TableClient], rounds: int, seed: int) -> list[Operation]:
    """What clients saw that all go on at the same time, each in its own way."""
    start = Barrier(len(clients))

    def run(number: int) -> list[Operation]:
        chance, client = Random(f"{seed} {number}"), clients[number]
        start.wait()
        made = (observed(client, *choice(chance, f"{number}.{at}")) for at in range(rounds))
        return [each for each in made if each is not None]

    with ThreadPoolExecutor(len(clients)) as pool:
        return [each for history in pool.map(run, range(len(clients))) for each in history]


def choice(chance: Random, mark: str) -> Asked:
    """What to ask next; every description is another one."""
    kind = chance.choices(("read", "describe", "follow", "unfollow"), (4, 3, 2, 2))[0]
    value = {"read": "", "describe": f"text {mark}"}.get(kind) or chance.choice(PEOPLE)
    return kind, value if kind != "read" else ""


def observed(client: TableClient, kind: str, value: str) -> Operation | None:
    """One operation with its answer; not certain when there was none, nothing when it was not done."""
    ask: Callable[[], Seen] = client.read if kind == "read" else lambda: getattr(client, kind)(value)
    start = monotonic()
    try:
        answer = ask()
    except Lost:
        return Operation((kind, value), None, start, certain=False)
    except Unreached:
        return None
    except Refused as refused:
        if not refused.is_passing:
            raise
        return None
    return Operation((kind, value), answer, start, monotonic())


def contradiction(history: Sequence[Operation], initial: Seen) -> str | None:
    """What is wrong with a history; None when one table alone could have answered so."""
    if linearized(history, initial, table) is not None:
        return None
    told = sorted(history, key=lambda each: each.start)
    lines = (f"{each.start:.6f} {each.end:.6f} {each.asked} {each.answered}" for each in told)
    return "\n".join(["no order explains these answers:", *lines])
