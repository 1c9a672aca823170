"""What concurrent clients see on real sockets is what one world alone would have shown them, one after another."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from mockserver.http.app import App
from mockserver.http.worlds import MemoryWorlds, Worlds
from mockserver.world.registry import Limits
from mockserver.world.root import Root
from mockserver.world.world import World
from tests.conversations.control.test_control_plane import seeded
from tests.stores.histories import contradiction, recorded
from tests.stores.kept import Kind
from tests.support.live import served
from tests.support.tables import TableClient
from tests.support.time import Now

CLIENTS, ROUNDS, REPLICAS = 6, 30, 2


@contextmanager
def clients(*worlds: Worlds) -> Iterator[list[TableClient]]:
    """Callers of as many servers, each of which starts with another one."""
    sandbox = seeded()
    token = sandbox.token("admin")
    with ExitStack() as stack:
        urls = [stack.enter_context(served(App(sandbox._replace(worlds=each)))) for each in worlds]
        made = [TableClient([*urls[at % len(urls) :], *urls[: at % len(urls)]], token) for at in range(CLIENTS)]
        for client in made:
            stack.callback(client.close)
        yield made


@pytest.mark.parametrize("seed", range(3))
def test_what_clients_see_at_the_same_time_is_one_worlds_history(kind: Kind, seed: int) -> None:
    replicas = REPLICAS if kind.shared else 1
    with clients(*(kind.open(Limits(), Now()) for _ in range(replicas))) as callers:
        initial = callers[0].read()

        history = recorded(callers, ROUNDS, seed)

        assert len(history) == CLIENTS * ROUNDS
        assert contradiction(history, initial) is None


class Lagging(MemoryWorlds):
    """Shows readers what was there some changes ago."""

    def __init__(self, seeds: Root) -> None:
        super().__init__(seeds)
        self.shown = deque([World(seeds)] * 10, maxlen=10)

    def at_once(self, name: str, method: str) -> World | None:
        world = super().at_once(name, method)
        if method == "GET" or world is None:
            return self.shown[0]
        self.shown.append(World(world.root))
        return world


class Forgetful(MemoryWorlds):
    """Takes every tenth change back when the next one comes."""

    changes = 0
    lost: World | None = None

    def at_once(self, name: str, method: str) -> World | None:
        world = super().at_once(name, method)
        if method == "GET" or world is None:
            return world
        self.changes += 1
        if self.lost is not None:
            world.become(self.lost.root)
            self.lost = None
        elif self.changes % 10 == 0:
            self.lost = World(world.root)
        return world


@pytest.mark.parametrize("defect", [Lagging, Forgetful])
def test_a_server_that_shows_what_was_or_forgets_what_is_gets_caught(defect: Callable[..., Worlds]) -> None:
    with clients(defect(seeded().worlds.default.initial)) as callers:
        initial = callers[0].read()

        assert contradiction(recorded(callers, ROUNDS, 0), initial) is not None
