"""What the tests of the transport share: a sandbox at its seeds, and callers of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx2
import pytest

from mockserver.http.app import App
from mockserver.http.inprocess import client
from mockserver.http.loop import Loop
from mockserver.http.sandbox import Sandbox, open_sandbox
from mockserver.world.world import World
from tests.support import tokens

URL = "http://localhost"

Caller = Callable[[App], httpx2.Client]


@pytest.fixture(scope="session")
def seeded() -> Sandbox:
    return open_sandbox(fixtures="documented", key=tokens.key("server"))


@pytest.fixture
def sandbox(seeded: Sandbox) -> Sandbox:
    """One with a world of its own."""
    return replace(seeded, world=World(seeded.world.initial))


@pytest.fixture
def app(sandbox: Sandbox) -> App:
    return App(sandbox)


@pytest.fixture
def calling(sandbox: Sandbox) -> Iterator[Caller]:
    """Makes callers of an application, who are the admin."""
    loop = Loop()
    headers = {"Authorization": f"Bearer {sandbox.token('admin')}"}
    yield lambda app: client(app, URL, headers, loop)
    loop.close()


@pytest.fixture
def http(app: App, calling: Caller) -> httpx2.Client:
    return calling(app)
