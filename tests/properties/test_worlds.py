"""What a transaction logs gives its root again, and what is done in one world is nothing to another."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.world import redo
from mockserver.world.clock import Clock
from mockserver.world.faults import Fault
from mockserver.world.registry import Limits, Registry, Source
from mockserver.world.root import Root
from mockserver.world.transaction import Transaction
from mockserver.world.transfer import export_state
from mockserver.world.world import World
from tests.conversations.known import KNOWN
from tests.support.engines import Caller
from tests.support.worlds import digest

Json = Any
Step = tuple[str, str, Json]

TABLE, TEAM = f"/tables/{KNOWN['table']}", f"/teams/{KNOWN['accounting']}"
PLACES = st.sampled_from([TABLE, TEAM, f"/databaseSchemas/{KNOWN['schema']}", f"/users/{KNOWN['maya']}"])
NAMES = st.sampled_from(["a", "B", "é 1"])
PEOPLE = st.sampled_from([KNOWN[name] for name in ("admin", "maya", "lars")])
TEXTS = st.sampled_from(["", "one", "zwölf ☃"])
CALLS: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("POST"), st.just("/teams"), NAMES.map(lambda name: {"name": name, "teamType": "Group"})),
    st.tuples(
        st.just("PUT"),
        st.just("/teams"),
        st.builds(lambda name, text: {"name": name, "teamType": "Group", "description": text}, NAMES, TEXTS),
    ),
    st.tuples(st.just("PATCH"), PLACES, TEXTS.map(lambda text: [{"op": "add", "path": "/description", "value": text}])),
    st.tuples(
        st.just("PATCH"),
        PLACES,
        PEOPLE.map(lambda person: [{"op": "add", "path": "/owners", "value": [{"id": person, "type": "user"}]}]),
    ),
    st.tuples(st.just("PUT"), st.just(f"{TABLE}/followers"), PEOPLE),
    st.tuples(st.just("DELETE"), PEOPLE.map(lambda person: f"{TABLE}/followers/{person}"), st.none()),
    st.tuples(
        st.just("PUT"),
        st.just(f"{TABLE}/vote"),
        st.sampled_from(["votedUp", "votedDown", "unVoted"]).map(lambda kind: {"updatedVoteType": kind}),
    ),
    st.tuples(
        st.just("DELETE"),
        st.builds(lambda place, how: f"{place}{how}", PLACES, st.sampled_from(["", "?hardDelete=true&recursive=true"])),
        st.none(),
    ),
    st.tuples(
        st.just("PUT"),
        st.sampled_from(["/tables/restore", "/teams/restore"]),
        st.sampled_from([KNOWN["table"], KNOWN["accounting"]]).map(lambda known: {"id": known}),
    ),
    st.tuples(st.just("GET"), st.just(f"{TABLE}/versions"), st.none()),
    st.tuples(st.just("clock"), st.just(""), st.integers(0, 10**12)),
    st.tuples(st.just("fault"), st.sampled_from(["get*", "patchTable"]), st.sampled_from([0.5, 1.0])),
)
HISTORIES = st.lists(CALLS, max_size=10)


class Logged(World):
    """Remembers each commit: the root before it, what it logged, and the root after it."""

    def __init__(self, root: Root) -> None:
        super().__init__(root)
        self.commits: list[tuple[Root, bytes, Root]] = []

    def commit(self, transaction: Transaction) -> None:
        before, log = self.root, redo.encode(transaction.log, self.root.events)
        super().commit(transaction)
        self.commits.append((before, log, self.root))


def act(caller: Caller, step: Step) -> None:
    method, path, body = step
    if method == "clock":
        caller.world.set_clock(Clock(frozen=body))
    elif method == "fault":
        caller.world.add_fault(Fault(0, path, status=503, probability=body, remaining=2))
    else:
        caller.reply(method, path, body)


def everything(root: Root) -> bytes:
    """All that a root holds, what is worked out when it is read included."""
    return orjson.dumps([digest(root), export_state(root), repr(root.faults)])


@settings(deadline=None, max_examples=60)
@given(HISTORIES)
def test_the_log_of_a_transaction_gives_the_next_root_again(steps: list[Step]) -> None:
    caller = Caller()
    world = caller.world = Logged(caller.world.root)
    again = world.root
    for step in steps:
        act(caller, step)

    for before, log, after in world.commits:
        assert everything(redo.redo(before, log)) == everything(after)
        again = redo.redo(again, log)
    assert everything(again) == everything(world.root)


@settings(deadline=None, max_examples=40)
@given(HISTORIES, st.lists(st.tuples(st.integers(0, 2), CALLS), max_size=12))
def test_what_happens_in_one_world_is_nothing_to_the_others(first: list[Step], later: list[tuple[int, Step]]) -> None:
    """A world that was written to, its fork and a fresh one end as each would have ended alone."""
    caller = Caller()
    registry = Registry(caller.world.root.with_clock(Clock(frozen=10**12)), Limits(), lambda: 0.0)
    caller.world = registry.default
    for step in first:
        act(caller, step)
    registry.create("fork", Source(world="default"))
    registry.create("fresh", Source())
    starts = {entry.name: entry.world.root for entry in registry}

    for chosen, step in later:
        before = {entry.name: everything(entry.world.root) for entry in registry}
        name = list(starts)[chosen]
        caller.world = registry.find(name)
        act(caller, step)
        after = {entry.name: everything(entry.world.root) for entry in registry}
        assert {other for other in starts if before[other] != after[other]} <= {name}

    for chosen, (name, root) in enumerate(starts.items()):
        caller.world = World(root)
        for each, step in later:
            if each == chosen:
                act(caller, step)
        assert everything(registry.find(name).root) == everything(caller.world.root)
