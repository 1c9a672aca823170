"""`mockserver export` and `import`: a world goes from anywhere to anywhere, whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from mockserver.cli import main
from mockserver.http.app import App
from mockserver.http.live import live
from mockserver.http.sandbox import Sandbox, open_sandbox
from mockserver.http.settings import Settings
from tests.support import tokens

SECRET = "let me in"


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


def test_a_file_that_cannot_be_written_is_named(url: str, tmp_path: Path) -> None:
    result = run("export", "--url", url, "--control-token", SECRET, "--output", str(tmp_path))

    assert result.exit_code == 2
    assert result.stderr == f"error: --output {tmp_path}: Is a directory\n"
