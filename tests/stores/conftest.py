"""Gives each test its worlds over every kind of store in turn."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from mockserver.http.loop import Loop
from mockserver.world.registry import Limits
from tests.stores.kept import Kept, Kind, Memory, Stored
from tests.support.nursery import Nursery, nursery
from tests.support.postgres import Postgres
from tests.support.time import Now

Open = Callable[..., Kept]
SHARED = ("sqlite", "postgresql")
KINDS = ("memory", *SHARED)


@contextmanager
def empty(name: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Kind]:
    """A store of that kind with nothing in it."""
    with ExitStack() as stack:
        if name == "memory":
            yield Memory()
            return
        url = f"sqlite:///{folder / 'worlds.db'}"
        if name == "postgresql":
            postgres: Postgres = request.getfixturevalue("postgres")
            url = stack.enter_context(postgres.empty())
        yield stack.enter_context(closing(Stored(url)))


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kind]:
    with empty(request.param, tmp_path, request) as made:
        yield made


@pytest.fixture
def open(kind: Kind) -> Iterator[Open]:
    """Opens worlds, the same ones again where the store is shared; all of them have one clock."""
    loop, now = Loop(), Now()
    yield lambda limits=None: Kept(kind.open(limits or Limits(), now), loop, now)
    loop.close()


@pytest.fixture
def kept(open: Open) -> Kept:
    return open()


@pytest.fixture(scope="session")
def cradle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Where servers come from that are killed; they have a key of their own."""
    with nursery({**os.environ, "XDG_STATE_HOME": str(tmp_path_factory.mktemp("state"))}) as made:
        yield made
