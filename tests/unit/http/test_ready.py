"""What a started server says, and to whom."""

from __future__ import annotations

import os
from pathlib import Path

import orjson
import pytest

from mockserver.http.listening import CannotServe
from mockserver.http.ready import Ready, ReadyFile

READY = Ready("openmetadata", "http://127.0.0.1:1", "http://127.0.0.1:1/api", {"guest": "g.g.g", "admin": "a.a.a"})


def test_the_line_names_url_base_and_the_admins_token() -> None:
    assert READY.line() == (
        "Serving openmetadata at http://127.0.0.1:1 (API base http://127.0.0.1:1/api). Token of admin: a.a.a"
    )


def test_without_an_admin_the_first_token_is_told() -> None:
    assert Ready("x", "u", "a", {"guest": "g.g.g"}).line().endswith("Token of guest: g.g.g")


def test_without_tokens_the_line_says_how_to_make_one() -> None:
    assert "mockserver token" in Ready("x", "u", "a", {}).line()


def test_where_no_token_is_asked_for_the_line_says_so() -> None:
    assert Ready("x", "u", "a", {"admin": "a.a.a"}, auth=False).line().endswith("no token is needed)")


def test_the_file_holds_what_scripts_need_and_only_the_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"

    ReadyFile(path).write(READY)

    assert orjson.loads(path.read_bytes()) == {
        "url": READY.url,
        "api": READY.api,
        "tokens": READY.tokens,
        "pid": os.getpid(),
    }
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_of_an_earlier_server_goes_away_before_the_start(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    path.write_text("{}")

    ReadyFile(path)

    assert not path.exists()


def test_the_file_goes_when_the_server_does(tmp_path: Path) -> None:
    file = ReadyFile(tmp_path / "ready.json")
    file.write(READY)

    file.remove()
    file.remove()

    assert list(tmp_path.iterdir()) == []


def test_another_servers_file_is_left_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    file = ReadyFile(path)
    path.write_bytes(orjson.dumps({"pid": os.getpid() + 1}))

    file.remove()

    assert path.exists()


@pytest.mark.parametrize(("name", "reason"), [("none/ready.json", "there is no folder"), (".", "this is a folder")])
def test_a_file_that_cannot_be_written_is_refused_at_once(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(CannotServe, match=reason):
        ReadyFile(tmp_path / name)
