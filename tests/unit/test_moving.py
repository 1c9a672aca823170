"""`mockserver export` and `import`: a world goes from anywhere to anywhere, whole."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from itertools import count
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from mockserver.cli import main
from mockserver.commands.export import put
from mockserver.http.app import App
from mockserver.http.founding import Founding
from mockserver.http.live import live
from mockserver.http.sandbox import Sandbox, open_sandbox
from mockserver.http.settings import Settings
from mockserver.http.wire import Receive, Scope, Send
from mockserver.http.worlds import MemoryWorlds
from mockserver.stores.opening import open_store
from mockserver.world.registry import MOST_WORLDS, Limits
from tests.support import tokens

SECRET = "let me in"
SMALL = 4096


def run(*arguments: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(main, arguments, input=given)


def written(*arguments: str) -> bytes:
    """What a command that goes well says."""
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout_bytes


@pytest.fixture
def sandbox() -> Sandbox:
    sandbox = open_sandbox(fixtures="documented", key=tokens.key("server"))
    sandbox.world.set_clock(sandbox.world.root.clock.freeze(1_700_000_000_000))
    return sandbox


@pytest.fixture
def url(sandbox: Sandbox) -> Iterator[str]:
    with live(App(sandbox, Settings(control_token=SECRET))) as url:
        yield url


def test_a_world_goes_from_a_server_to_a_file_to_a_database_and_back(
    url: str, sandbox: Sandbox, database: str, tmp_path: Path
) -> None:
    server = ("--url", url, "--control-token", SECRET)
    file = tmp_path / "world.json"

    written("export", *server, "--output", str(file))
    written("import", str(file), "--store", f"sqlite:///{tmp_path}/worlds.db", "--world", "mine")
    first = written("export", "--store", f"sqlite:///{tmp_path}/worlds.db", "--world", "mine")
    (tmp_path / "first.json").write_bytes(first)
    written("import", str(tmp_path / "first.json"), "--store", database)
    second = written("export", "--store", database)
    (tmp_path / "second.json").write_bytes(second)
    written("import", str(tmp_path / "second.json"), *server, "--world", "back")

    assert first == second == file.read_bytes()
    assert written("export", *server, "--world", "back") == first
    assert orjson.loads(first)["clock"] == {"offset": 0, "frozen": 1_700_000_000_000}


def test_a_document_with_errors_changes_nothing(tmp_path: Path) -> None:
    store = ("--store", f"sqlite:///{tmp_path}/worlds.db", "--world", "mine")
    document = orjson.loads(written("export", *_made(tmp_path)))
    document["records"][0]["resource"] = "tabels"

    result = run("import", "-", *store, given=orjson.dumps(document))

    assert result.exit_code == 2
    assert "body /records/0/resource: there is no resource 'tabels'; did you mean 'tables'?" in result.stderr
    assert "no world is named 'mine'" in run("export", *store).stderr


def _made(folder: Path) -> tuple[str, str]:
    """A store with seeds in it."""
    from mockserver.http.sandbox import with_store

    url = f"sqlite:///{folder}/worlds.db"
    with_store(open_sandbox(key=tokens.key("server")), url).worlds.close()
    return "--store", url


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("export",), "say where the world is, by --store or by --url, and not by both"),
        (("export", "--store", "memory", "--url", "http://x"), "and not by both"),
        (("export", "--store", "memory"), "--store memory ends with its server; ask the server with --url"),
        (("export", "--url", "localhost"), "--url 'localhost' is no URL of a server"),
        (("export", "--store", "sqlite:///nowhere.db", "--control-token", "x"), "--control-token is for --url"),
        (("export", "--store", "sqlite:///nowhere.db"), "--store sqlite:///nowhere.db: there is no file nowhere.db"),
        (("export", "--url", "http://127.0.0.1:1"), "--url http://127.0.0.1:1 does not answer: "),
        (("export", "--url", "http://[::1/"), "--url 'http://[::1/' is no URL of a server"),
        (("export", "--url", "http:// x"), "--url 'http:// x' is no URL of a server"),
        (("export", "--url", "http://127.0.0.1:99999"), "--url 'http://127.0.0.1:99999' is no URL of a server"),
        (("export", "--url", "http://x/__world__/y"), "--url 'http://x/__world__/y' is no URL of a server"),
        (("export", "--url", "http://127.0.0.1:1", "--world", "a\nb"), "--world 'a\\nb' cannot name a world"),
        (
            ("export", "--url", "http://127.0.0.1:1", "--control-token", "漢"),
            "--control-token holds what cannot be",
        ),
        (("export", "--store", "sqlite:///x.db", "--contract", "none"), "none"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_empty_database_is_left_empty_by_an_export(database: str) -> None:
    first, second = run("export", "--store", database), run("export", "--store", database)

    assert first.stderr.endswith("no worlds are kept in this database\n")
    assert second.stderr == first.stderr


def test_the_control_token_is_asked_for(url: str) -> None:
    result = run("export", "--url", url)

    assert result.exit_code == 2
    assert result.stderr.startswith("error: answered 401: ")


def test_a_new_world_that_a_document_does_not_fit_in_is_not_left_behind(tmp_path: Path) -> None:
    small = open_sandbox(fixtures="fresh", key=tokens.key("server"), limits=Limits(records=300))
    full = ("--store", _made(tmp_path)[1])
    document = written("export", *full)
    with live(App(small, Settings())) as url:
        result = run("import", "-", "--url", url, "--world", "mine", given=document)
        left = run("export", "--url", url, "--world", "mine")

    assert result.exit_code == 2
    assert "answered 507: a world holds 300 records at most, as --max-records says" in result.stderr
    assert "no world is named 'mine'" in left.stderr
    assert isinstance(small.worlds, MemoryWorlds)
    assert [entry.name for entry in small.worlds.registry] == ["default"]


@pytest.mark.parametrize("most", range(6))
def test_wherever_an_import_ends_nobody_sees_half_of_it(most: int, sandbox: Sandbox) -> None:
    app, asked = App(sandbox, Settings()), count()

    async def lost(scope: Scope, receive: Receive, send: Send) -> None:
        """Answers so many requests, and no other one."""
        if next(asked) < most:
            await app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with live(app) as url:
        document = written("export", "--url", url)
        sandbox.world.reset()
        with live(lost) as broken:
            run("import", "-", "--url", broken, "--world", "mine", given=document)
        found = run("export", "--url", url, "--world", "mine")

    assert "no world is named 'mine'" in found.stderr or found.stdout_bytes == document
    assert (found.exit_code == 0) == (most > 3)


def test_an_import_drives_no_other_world_away(tmp_path: Path) -> None:
    store, url = _made(tmp_path)
    document = written("export", store, url)
    with closing(open_store(url, "openmetadata")) as many:
        founding = Founding(many, open_sandbox(key=tokens.key("server")).world.initial)
        found = [founding.found(f"world-{number}", None, "fixtures", None, 1.0)[0] for number in range(MOST_WORLDS)]
        assert all(many.apply(found))

    assert run("import", "-", store, url, "--world", "mine", given=document).exit_code == 0

    with closing(open_store(url, "openmetadata")) as many:
        assert len(many.rows()) == MOST_WORLDS + 2


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "204 No Content"])
def test_what_is_no_control_plane_is_told_from_one(status: str, tmp_path: Path) -> None:
    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": int(status[:3]), "headers": []})
        await send({"type": "http.response.body", "body": b"" if status[0:3] == "204" else b"<html>"})

    with live(page) as url:
        exported = run("export", "--url", url, "--output", str(tmp_path / "world.json"))

    assert exported.exit_code == 2
    assert "see where --url leads" in exported.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_import_that_no_control_plane_took_is_no_success() -> None:
    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"<html>"})

    with live(page) as url:
        result = run("import", "-", "--url", url, given=b"{}")

    assert (result.exit_code, result.stderr) == (
        2,
        "error: answered 200, which is not how a control plane answers; see where --url leads\n",
    )


def test_a_file_that_there_is_no_room_for_leaves_the_one_before_it(tmp_path: Path) -> None:
    kept = tmp_path / "world.json"
    kept.write_text("of yesterday")
    kept.chmod(0o600)
    small = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (SMALL, SMALL))
    program = (
        "import pathlib, sys; from mockserver.commands.export import put; put(pathlib.Path(sys.argv[1]), b'x' * 9999)"
    )
    command = [sys.executable, "-c", program, str(kept)]

    ended = subprocess.run(command, capture_output=True, check=False, preexec_fn=small)

    assert b"File too large" in ended.stderr
    assert kept.read_text() == "of yesterday"
    assert list(tmp_path.iterdir()) == [kept]

    put(kept, b"of today")
    assert kept.read_text() == "of today"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_an_end_of_the_line_without_room_is_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mockserver", "export", *_made(tmp_path)]
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (2, "error: stdout: No space left on device\n")


def test_a_file_that_cannot_be_written_is_named(url: str, tmp_path: Path) -> None:
    result = run("export", "--url", url, "--control-token", SECRET, "--output", str(tmp_path))

    assert result.exit_code == 2
    assert result.stderr == f"error: --output {tmp_path}: Is a directory\n"
