"""Imports between the package's rooms run one way: each floor stands on those before it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.project.tree import ROOT, modules, named

FLOORS = (
    *("exchange values later", "contract bundled", "forms search", "world", "stores"),
    *("behaviours", "dialects", "engine", "seeding", "http"),
    *("check testing console", "commands cli __main__"),
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms.split()}


def climbs(room: str, text: str) -> Iterator[str]:
    """The rooms on higher floors that a module of this room imports, wherever in it."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{each.name}" for each in node.names]
        else:
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        rooms = {name.split(".")[1] for name in names if name.startswith("mockserver.")}
        yield from (other for other in sorted(rooms) if FLOOR[other] > FLOOR[room])


def test_no_room_imports_one_that_stands_on_it() -> None:
    files = {file: file.relative_to(ROOT / "mockserver").parts[0].removesuffix(".py") for file in modules("mockserver")}
    found = {named(file): list(climbs(room, file.read_text())) for file, room in files.items() if room != "__init__"}
    assert {name: rooms for name, rooms in found.items() if rooms} == {}


@pytest.mark.parametrize(
    ("room", "text"),
    [
        ("world", "from mockserver.engine.handle import Engine"),
        ("behaviours", "def f():\n    import mockserver.dialects.openmetadata"),
        ("engine", "from mockserver import http"),
    ],
)
def test_an_import_that_runs_the_other_way_is_found(room: str, text: str) -> None:
    assert list(climbs(room, text))
