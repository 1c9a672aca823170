"""`mockserver serve` as a process of its own."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread

import httpx2
import orjson
import pytest

from mockserver.bundled import contract_root
from tests.support.live import Line
from tests.support.processes import SERVE
from tests.support.tokens import key
from tests.unit.http.conftest import Start

TABLE = "/v1/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3"


def test_the_ready_line_and_file_say_how_to_call_it(start: Start) -> None:
    server = start()

    ready = server.ready
    url, token = ready["url"], ready["tokens"]["admin"]
    assert server.line == f"Serving openmetadata at {url} (API base {url}/api). Token of admin: {token}"
    assert ready["api"] == f"{ready['url']}/api"
    assert set(ready["tokens"]) == {"admin", "ingestion-bot", "consumer", "guest"}
    assert ready["pid"] == server.process.pid
    for token in ready["tokens"].values():
        assert server.get(f"/api{TABLE}", Authorization=f"Bearer {token}").status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_when_it_is_told_to(start: Start, number: signal.Signals) -> None:
    server = start()

    assert server.stop(number) == (0, "")
    assert not server.ready_file.exists()


def test_it_finishes_what_it_is_doing_before_it_stops(start: Start) -> None:
    server = start()
    body = orjson.dumps("2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4")
    with Line(server.ready["url"]) as line:
        token = f"Authorization: Bearer {server.ready['tokens']['admin']}"
        line.say(f"PUT /api{TABLE}/followers HTTP/1.1", token, f"Content-Length: {len(body)}", "Expect: 100-continue")
        assert line.hear().status == 100
        line.send(body[:5])
        ended: list[tuple[int, str]] = []
        stopping = Thread(target=lambda: ended.append(server.stop(signal.SIGTERM)))
        stopping.start()
        refused = False
        while not refused:
            try:
                Line(f"http://{line.host}").__exit__(None, None, None)
            except ConnectionError:
                refused = True
        line.send(body[5:])
        answer = line.hear()
    stopping.join()

    assert answer.status == 200
    assert ended == [(0, "")]


def test_a_token_made_elsewhere_is_good_here(start: Start, environment: dict[str, str]) -> None:
    server = start()
    command = [sys.executable, "-m", "mockserver", "token", "consumer", "--lifetime", "1h"]
    token = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()

    assert server.get("/api/v1/users/loggedInUser", Authorization=f"Bearer {token}").json()["name"] == "consumer"


def test_servers_with_one_key_take_one_anothers_tokens(
    start: Start, tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "key.pem").write_bytes(key("shared"))
    named = {"MOCKSERVER_KEY_FILE": str(tmp_path / "key.pem")}
    first = start(XDG_STATE_HOME=str(tmp_path / "first"), **named)
    second = start("--key-file", str(tmp_path / "key.pem"), XDG_STATE_HOME=str(tmp_path / "second"))
    command = [sys.executable, "-m", "mockserver", "token", "guest"]
    made = subprocess.run(command, env={**environment, **named}, capture_output=True, text=True, check=True)
    taken = {
        server.get(f"/api{TABLE}", Authorization=f"Bearer {token}").status_code
        for server in (first, second)
        for token in (first.ready["tokens"]["admin"], second.ready["tokens"]["admin"], made.stdout.strip())
    }

    assert taken == {200}
    assert start().get(f"/api{TABLE}", Authorization=f"Bearer {made.stdout.strip()}").status_code == 401
    assert not (tmp_path / "second").exists()


def test_without_auth_everybody_is_let_in(start: Start) -> None:
    server = start("--no-auth")

    assert server.line.endswith("no token is needed)")
    assert server.get(f"/api{TABLE}").status_code == 200


def test_ids_follow_from_the_seed(start: Start) -> None:
    def first_id(*options: str) -> str:
        api = start("--no-auth", *options).ready["api"]
        team = httpx2.put(f"{api}/v1/teams", json={"name": "New", "teamType": "Group"}, trust_env=False)
        return str(team.json()["id"])

    assert first_id() == first_id("--seed", "0") != first_id("--seed", "1")


def test_the_control_token_from_the_environment_is_asked_for(start: Start) -> None:
    server = start("--host", "0.0.0.0", MOCKSERVER_CONTROL_TOKEN="secret")

    assert server.ready["url"].startswith("http://localhost:")
    assert server.get("/__mock__/clock").status_code == 401
    assert server.get("/__mock__/clock", Authorization="Bearer secret").status_code == 200


def test_no_control_plane_is_there_when_none_is_wanted(start: Start) -> None:
    assert start("--host", "0.0.0.0", "--no-control").get("/__mock__/clock").status_code == 404


def test_the_body_limit_is_as_it_was_set(start: Start) -> None:
    server = start("--body-limit", "10", "--no-auth")

    answer = httpx2.put(f"{server.ready['api']}{TABLE}/vote", content=b"x" * 11, trust_env=False)

    assert answer.status_code == 413


def test_requests_are_logged_as_json_where_that_is_asked_for(start: Start) -> None:
    server = start("--log-format", "json")
    server.get("/api/v1/system/version")

    line = orjson.loads(server.stop(signal.SIGTERM)[1])

    assert (line["target"], line["status"]) == ("/api/v1/system/version", 200)


def test_a_taken_port_is_one_line_and_ends_with_2(start: Start, environment: dict[str, str]) -> None:
    port = start().ready["url"].rpartition(":")[2]

    second = subprocess.run([*SERVE, "--port", port], env=environment, capture_output=True, text=True, check=False)

    assert second.returncode == 2
    assert second.stderr == (
        f"error: 127.0.0.1:{port} is taken by another program; choose another --port, or --port 0 for a free one\n"
    )


def test_a_change_of_a_file_is_followed(start: Start, tmp_path: Path) -> None:
    contract = copied(tmp_path)
    server = start(str(contract), "--reload")
    assert server.process.stdout is not None
    token = f"Bearer {server.ready['tokens']['admin']}"

    replace_in(contract / "openapi.yaml", "version: 2.0.7\n", "version: 2.0.8\n")
    said = server.process.stdout.readline()

    assert said == "Reloaded after a change of openapi.yaml; everything is at its seeds\n"
    assert server.get("/openapi.json").json()["info"]["version"] == "2.0.8"
    assert server.get(f"/api{TABLE}", Authorization=token).status_code == 200


def test_stored_worlds_outlive_a_change_of_the_contract_and_are_told_by_the_new_one(
    start: Start, tmp_path: Path
) -> None:
    contract = copied(tmp_path)
    stored = (str(contract), "--reload", "--store", f"sqlite:///{tmp_path / 'worlds.db'}")
    server = start(*stored)
    assert server.process.stdout is not None
    token = f"Bearer {server.ready['tokens']['admin']}"
    url = f"{server.ready['api']}{TABLE}"
    patch = {"Authorization": token, "Content-Type": "application/json-patch+json"}
    said = orjson.dumps([{"op": "add", "path": "/displayName", "value": "Kept"}])
    assert httpx2.patch(url, headers=patch, content=said).status_code == 200

    replace_in(contract / "openapi.yaml", "'404': NOT_FOUND", "'404': ABSENT")
    assert server.process.stdout.readline() == (
        "Reloaded after a change of openapi.yaml; "
        "new worlds start from the new seeds, and those that are there stay as they are\n"
    )
    table = server.get(f"/api{TABLE}", Authorization=token).json()
    missing = server.get(f"/api{TABLE[:-1]}0", Authorization=token).json()
    assert (table["displayName"], missing["errorType"]) == ("Kept", "ABSENT")

    server.process.kill()
    server.process.wait()
    again = start(*stored)
    token = f"Bearer {again.ready['tokens']['admin']}"
    restored = again.get(f"/api{TABLE}", Authorization=token).json()
    assert (restored["displayName"], restored["version"]) == ("Kept", table["version"])


def test_what_it_writes_itself_is_no_change(start: Start, tmp_path: Path) -> None:
    fixtures = tmp_path / "mine.yaml"
    fixtures.write_text("contract: openmetadata\nextends: documented\n")
    server = start("--reload", "--fixtures", str(fixtures))
    assert server.process.stdout is not None
    assert server.ready_file.parent == fixtures.parent

    for number in range(3):
        fixtures.write_text(f"contract: openmetadata\nextends: documented\n# {number}\n")
        assert server.process.stdout.readline() == "Reloaded after a change of mine.yaml; everything is at its seeds\n"


def test_a_change_for_the_worse_is_told_and_not_followed(start: Start, tmp_path: Path) -> None:
    contract = copied(tmp_path)
    server = start(str(contract), "--reload")
    assert server.process.stderr is not None

    replace_in(contract / "parts" / "events.yaml", "use: events", "use: evnets")
    said = [server.process.stderr.readline() for _ in range(2)]

    assert "did you mean 'events'?" in said[0]
    assert said[1] == "not reloaded after a change of events.yaml: what was served before goes on\n"
    assert server.get("/api/v1/system/version").status_code == 200


def copied(folder: Path) -> Path:
    root = contract_root("openmetadata")[1]
    assert isinstance(root, Path)
    return Path(shutil.copytree(root, folder / "openmetadata"))


def replace_in(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
