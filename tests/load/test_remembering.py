"""What callers make up anew with each request is not kept: memory stays where it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.load.process import MIB, serving
from tests.support.live import Line

COLLECTIONS = ("tables", "teams", "users", "databases", "databaseSchemas", "roles")
REQUESTS = 1500
WARM = 60
LARGE = "x" * 40_000
GROWTH = 16 * MIB

# What is made up: its place in a target, or a field; with a body where it tells of one.
MADE_UP = {
    "query": ("GET", "?limit=1&made-up={}", ()),
    "path": ("GET", "/name/{}", ()),
    "Accept": ("GET", "?limit=1", ("Accept: */*, made/{}",)),
    "Authorization": ("GET", "?limit=1", ("Authorization: Bearer {}",)),
    "Content-Type": ("POST", "", ("Content-Type: application/json; made-up={}", "Content-Length: 2")),
    "If-None-Match": ("GET", "?limit=1", ('If-None-Match: "{}"',)),
    "Origin": ("GET", "?limit=1", ("Origin: http://{}",)),
}


@pytest.mark.parametrize("name", MADE_UP)
def test_what_is_made_up_is_not_kept(tmp_path: Path, name: str) -> None:
    method, place, fields = MADE_UP[name]
    with serving(tmp_path, "--journal-size", "1") as server, Line(server.url) as line:

        def ask(number: int, large: str) -> None:
            made_up = f"{number}{large}"
            own = [field.format(made_up) for field in fields]
            usual = [] if name == "Authorization" else [server.authorization]
            target = f"/api/v1/{COLLECTIONS[number % len(COLLECTIONS)]}{place.format(made_up)}"
            body = b"{}" if method == "POST" else b""
            line.say(f"{method} {target} HTTP/1.1", *usual, *own, body=body)
            line.hear()

        for number in range(WARM):
            ask(number, "")
        memory = server.memory()
        for number in range(REQUESTS):
            ask(number, LARGE)

        assert server.memory() - memory < GROWTH


def test_a_token_is_known_however_far_it_stands_from_its_scheme_and_kept_once(tmp_path: Path) -> None:
    with serving(tmp_path, "--journal-size", "1") as server, Line(server.url) as line:

        def ask(number: int, spaces: int) -> int:
            field = f"Authorization: Bearer {' ' * (spaces + number)}{server.tokens['admin']}"
            line.say("GET /api/v1/users/loggedInUser HTTP/1.1", field)
            return line.hear().status

        assert {ask(number, 0) for number in range(WARM)} == {200}
        memory = server.memory()
        assert {ask(number, 40_000) for number in range(REQUESTS)} == {200}

        assert server.memory() - memory < GROWTH
