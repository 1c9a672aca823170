"""What tests of every room may ask for: a real PostgreSQL, one cluster a worker, and an empty database in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.postgres import Postgres
from tests.support.postgres import postgres as cluster


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with cluster() as running:
        yield running


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    """The URL of a database of the test's own."""
    with postgres.empty() as url:
        yield url
