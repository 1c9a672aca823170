"""A fresh store of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver.stores.opening import open_store
from mockserver.stores.sql import SqlStore

KINDS = ("sqlite", "postgresql")


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store may be made."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/worlds.db"
    database: str = request.getfixturevalue("database")
    return database


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    opened = open_store(url, "shop")
    yield opened
    opened.close()
