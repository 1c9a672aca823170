"""Worlds over every store, asked through any of the servers that share it, do what dicts would do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from itertools import count, cycle
from typing import Any

import httpx2
import orjson
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mockserver.http.app import App
from mockserver.http.inprocess import client
from mockserver.http.loop import Loop
from mockserver.world.registry import Limits
from tests.conversations.control.test_control_plane import URL, seeded
from tests.conversations.known import KNOWN
from tests.stores.conftest import KINDS, empty
from tests.support.tables import PATCH_TYPE, SCHEMA
from tests.support.time import Now

Json = Any
PEOPLE = {name: KNOWN[key] for name, key in (("maya_chen2", "maya"), ("lars_nilsson5", "lars"))}
NAMES = st.sampled_from(["m.a", "m.b"])
TEXTS = st.sampled_from(["", "one", "two"])
USERS = st.sampled_from(sorted(PEOPLE))
WORLDS = st.integers(0, 1)
SNAPSHOTS = st.sampled_from(["s", "t"])
VOTES = st.sampled_from(["votedUp", "votedDown", "unVoted"])
MOST_WORLDS = 2
EXAMPLES, STEPS = {"memory": 30, "sqlite": 25, "postgresql": 20}, 40
NUMBERS = count()


@dataclass
class Table:
    """What is remembered of a table; of each version the number, the description and whether it was deleted."""

    id: str
    versions: list[tuple[float, str, bool]]
    followers: list[str] = field(default_factory=list)
    votes: dict[str, str] = field(default_factory=dict)

    @property
    def now(self) -> tuple[float, str, bool]:
        return self.versions[-1]

    def become(self, description: str, deleted: bool) -> None:
        version, *before = self.now
        if before != [description, deleted]:
            self.versions.append((round(version + 0.1, 1), description, deleted))


Tables = dict[str, Table]


@dataclass
class Model:
    """One world."""

    initial: Tables
    tables: Tables
    snapshots: dict[str, Tables] = field(default_factory=dict)


class Machine(RuleBasedStateMachine):
    """Does the same to a server's worlds and to models of them."""

    def __init__(self, servers: list[httpx2.Client]) -> None:
        super().__init__()
        self._turns = cycle(servers)
        self._worlds: dict[str, Model] = {}

    @initialize()
    def start(self) -> None:
        self._base = self.made("fixtures")
        # Whatever is written at the same time is the same in every world.
        self.ask(self._base, "POST", "/__mock__/clock/freeze", {"at": 1_800_000_000_000})
        self.make({"world": self._base}, {})
        self.create(0, "m.a", "one")

    @rule(world=WORLDS, name=NAMES, text=TEXTS)
    def create(self, world: int, name: str, text: str) -> None:
        here, model = self.world(world)
        there = name in model.tables
        answer = self.ask(here, "POST", "/api/v1/tables", table(name, text), 409 if there else 201)
        if not there:
            model.tables[name] = Table(answer["id"], [(0.1, text, False)])

    @rule(world=WORLDS, name=NAMES, text=TEXTS)
    def put(self, world: int, name: str, text: str) -> None:
        here, model = self.world(world)
        known = model.tables.get(name)
        answer = self.ask(here, "PUT", "/api/v1/tables", table(name, text), 200 if known else 201)
        if known is None:
            model.tables[name] = Table(answer["id"], [(0.1, text, False)])
        else:
            known.become(text, deleted=False)

    @rule(world=WORLDS, name=NAMES, text=TEXTS)
    def patch(self, world: int, name: str, text: str) -> None:
        self.on(world, name, "PATCH", "", [{"op": "add", "path": "/description", "value": text}])
        for known in self.living(world, name):
            known.become(text, deleted=False)

    @rule(world=WORLDS, name=NAMES, user=USERS, wanted=st.booleans())
    def follow(self, world: int, name: str, user: str, wanted: bool) -> None:
        if wanted:
            self.on(world, name, "PUT", "/followers", PEOPLE[user])
        else:
            self.on(world, name, "DELETE", f"/followers/{PEOPLE[user]}")
        for known in self.living(world, name):
            known.followers = [each for each in known.followers if each != user or wanted]
            if wanted and user not in known.followers:
                known.followers.append(user)

    @rule(world=WORLDS, name=NAMES, user=USERS, kind=VOTES)
    def vote(self, world: int, name: str, user: str, kind: str) -> None:
        self.on(world, name, "PUT", "/vote", {"updatedVoteType": kind}, user)
        for known in self.living(world, name):
            known.votes.pop(user, None)
            if kind != "unVoted":
                known.votes[user] = kind

    @rule(world=WORLDS, name=NAMES, hard=st.booleans())
    def delete(self, world: int, name: str, hard: bool) -> None:
        here, model = self.world(world)
        known = model.tables.get(name)
        if known is None or (known.now[2] and not hard):
            return
        self.ask(here, "DELETE", f"/api/v1/tables/{known.id}?hardDelete={str(hard).lower()}")
        if hard:
            del model.tables[name]
        else:
            known.become(known.now[1], deleted=True)

    @rule(world=WORLDS, name=NAMES)
    def restore(self, world: int, name: str) -> None:
        here, model = self.world(world)
        known = model.tables.get(name)
        if known is not None:
            self.ask(here, "PUT", "/api/v1/tables/restore", {"id": known.id})
            known.become(known.now[1], deleted=False)

    @rule(world=WORLDS)
    def fork(self, world: int) -> None:
        here, model = self.world(world)
        if len(self._worlds) < MOST_WORLDS:
            self.make({"world": here}, model.tables)

    @rule(world=WORLDS, snapshot=SNAPSHOTS)
    def fork_snapshot(self, world: int, snapshot: str) -> None:
        here, model = self.world(world)
        if len(self._worlds) < MOST_WORLDS and snapshot in model.snapshots:
            self.make({"world": here, "snapshot": snapshot}, model.snapshots[snapshot])

    @rule(world=WORLDS)
    def drop(self, world: int) -> None:
        here, _ = self.world(world)
        if len(self._worlds) > 1:
            self.ask(here, "DELETE", f"/__mock__/worlds/{here}", None, 204)
            self.ask(here, "GET", "/api/v1/tables", None, 410)
            del self._worlds[here]

    @rule(world=WORLDS, snapshot=SNAPSHOTS)
    def keep(self, world: int, snapshot: str) -> None:
        here, model = self.world(world)
        known = snapshot in model.snapshots
        self.ask(here, "PUT", f"/__mock__/snapshots/{snapshot}", None, 200 if known else 201)
        model.snapshots[snapshot] = deepcopy(model.tables)

    @rule(world=WORLDS, snapshot=SNAPSHOTS)
    def go_back(self, world: int, snapshot: str) -> None:
        here, model = self.world(world)
        known = model.snapshots.get(snapshot)
        self.ask(here, "POST", f"/__mock__/snapshots/{snapshot}/restore", None, 404 if known is None else 204)
        if known is not None:
            model.tables = deepcopy(known)

    @rule(world=WORLDS)
    def reset(self, world: int) -> None:
        here, model = self.world(world)
        self.ask(here, "POST", "/__mock__/reset", None, 204)
        model.tables, model.snapshots = deepcopy(model.initial), {}

    @rule(before=WORLDS, after=WORLDS)
    def compare(self, before: int, after: int) -> None:
        (one, old), (other, new) = self.world(before), self.world(after)
        told = self.ask(one, "POST", "/__mock__/diff", {"before": {"world": one}, "after": {"world": other}})
        assert {each["id"]: each["change"] for each in told["differences"]} == changes(old.tables, new.tables)

    @invariant()
    def every_world_is_as_its_model(self) -> None:
        for here, model in self._worlds.items():
            listed = self.ask(here, "GET", "/api/v1/tables?include=all&limit=100&fields=followers,votes")["data"]
            assert {each["name"]: shown(each) for each in listed if each["name"].startswith("m.")} == {
                name: expected(known) for name, known in model.tables.items()
            }

    def teardown(self) -> None:
        self.ask(self._base, "DELETE", f"/__mock__/worlds/{self._base}", None, 204)
        for here, model in self._worlds.items():
            kept = self.ask(here, "GET", "/__mock__/snapshots")["snapshots"]
            assert sorted(each["name"] for each in kept) == sorted(model.snapshots)
            for known in model.tables.values():
                history = self.ask(here, "GET", f"/api/v1/tables/{known.id}/versions")["versions"]
                told = [(each["version"], each["description"], each["deleted"]) for each in map(orjson.loads, history)]
                assert told[::-1] == known.versions
            self.ask(here, "DELETE", f"/__mock__/worlds/{here}", None, 204)

    def world(self, number: int) -> tuple[str, Model]:
        """One of the worlds that are there."""
        names = list(self._worlds)
        name = names[number % len(names)]
        return name, self._worlds[name]

    def living(self, world: int, name: str) -> Iterator[Table]:
        known = self.world(world)[1].tables.get(name)
        if known is not None and not known.now[2]:
            yield known

    def make(self, source: Json, tables: Tables) -> None:
        self._worlds[self.made(source)] = Model(deepcopy(tables), deepcopy(tables))

    def made(self, source: Json) -> str:
        name = f"w{next(NUMBERS)}"
        self.ask("default", "POST", "/__mock__/worlds", {"name": name, "from": source}, 201)
        return name

    def on(self, world: int, name: str, method: str, path: str, body: Json = None, user: str = "admin") -> None:
        """Asks something of a table, which is not found when it was deleted."""
        here, model = self.world(world)
        known = model.tables.get(name)
        if known is not None:
            status = 404 if known.now[2] else 200
            self.ask(here, method, f"/api/v1/tables/{known.id}{path}", body, status, user)

    def ask(
        self, world: str, method: str, path: str, body: Json = None, status: int = 200, user: str = "admin"
    ) -> Json:
        headers = {
            "X-Mock-World": world,
            "Authorization": f"Bearer {token(user)}",
            "Content-Type": PATCH_TYPE if method == "PATCH" else "application/json",
        }
        content = None if body is None else orjson.dumps(body)
        answer = next(self._turns).request(method, path, headers=headers, content=content)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None


@cache
def token(user: str) -> str:
    return seeded().token(user)


def table(name: str, text: str) -> Json:
    return {
        "name": name,
        "databaseSchema": SCHEMA,
        "description": text,
        "columns": [{"name": "id", "dataType": "BIGINT"}],
    }


def shown(told: Json) -> Json:
    votes = {kind: sorted(each["name"] for each in told["votes"][kind]) for kind in ("upVoters", "downVoters")}
    followers = [each["name"] for each in told["followers"]]
    return told["id"], (told["version"], told["description"], told["deleted"]), followers, votes


def expected(known: Table) -> Json:
    kinds = (("upVoters", "votedUp"), ("downVoters", "votedDown"))
    votes = {kind: sorted(user for user, each in known.votes.items() if each == voted) for kind, voted in kinds}
    return known.id, known.now, known.followers, votes


def changes(old: Tables, new: Tables) -> dict[str, str]:
    before, after = ({each.id: content(name, each) for name, each in tables.items()} for tables in (old, new))
    found = dict.fromkeys(before.keys() - after.keys(), "deleted")
    found |= dict.fromkeys(after.keys() - before.keys(), "created")
    return found | {id: "updated" for id in before.keys() & after.keys() if before[id] != after[id]}


def content(name: str, known: Table) -> Json:
    """Worlds of one origin draw the same ids, so that one id may be of tables of several names."""
    return name, known.now, sorted(known.followers), known.votes


@pytest.mark.parametrize("name", KINDS)
def test_worlds_do_what_dicts_would_do(
    name: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with ExitStack() as stack:
        kind = stack.enter_context(empty(name, tmp_path_factory.mktemp("kept"), request))
        loop, now = stack.enter_context(closing(Loop())), Now()
        apps = [App(seeded()._replace(worlds=kind.open(Limits(), now))) for _ in range(2 if kind.shared else 1)]
        servers = [stack.enter_context(client(app, URL, {}, loop)) for app in apps]

        class Served(Machine):
            def __init__(self) -> None:
                super().__init__(servers)

        run_state_machine_as_test(
            Served,
            settings=settings(
                deadline=None,
                max_examples=EXAMPLES[name],
                stateful_step_count=STEPS,
                suppress_health_check=list(HealthCheck),
                # What servers remember of earlier tries would make smaller ones come out otherwise.
                phases=(Phase.generate,),
                database=None,
            ),
        )
