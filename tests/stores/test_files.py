"""A file without room costs a server the writes that it refuses; one that may only be read is left as it is."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mockserver.world.world import World
from tests.stores.conftest import Open
from tests.stores.kept import Kind, Stored, refusal
from tests.stores.load import Load
from tests.stores.witness import Witness
from tests.support.nursery import Nursery, Server
from tests.support.polling import until
from tests.support.tables import Refused, TableClient

Json = Any
HOME = Path(__file__).parent
OLD_TABLE = "9ebaaf2d-b47f-4079-bc9c-0e8499936ad5"
PAGES = 8 * 4096
# Root writes where nobody may; without these two capabilities it is like anybody else.
AS_ANYBODY = """
import ctypes, os, sys
PR_CAPBSET_DROP, DAC_OVERRIDE, DAC_READ_SEARCH = 24, 1, 2
for capability in (DAC_OVERRIDE, DAC_READ_SEARCH):
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
os.execv(sys.executable, [sys.executable, "-m", "mockserver", *sys.argv[1:]])
"""


@pytest.fixture
def kind(tmp_path: Path) -> Iterator[Kind]:
    """A copy of a file that the first schema's server wrote."""
    shutil.copy(HOME / "schema-1.db", tmp_path / "worlds.db")
    with closing(Stored(f"sqlite:///{tmp_path / 'worlds.db'}")) as made:
        yield made


def test_a_file_without_room_is_told_and_nothing_is_lost(cradle: Nursery, tmp_path: Path) -> None:
    file = tmp_path / "worlds.db"
    server, witness = Server(cradle, tmp_path, "--store", f"sqlite:///{file}"), Witness()
    server.start()
    witness.look(server.url)
    client = TableClient([server.url], server.token)
    with Load(lambda _: TableClient([server.url], server.token), "room", lasting=True) as load:
        load.until_answered(20)
        limit(server, max(size(file), size(file.with_name("worlds.db-wal"))) + PAGES)
        until(lambda: load.refused >= 20, "requests are refused")
        with pytest.raises(Refused) as refused:
            client.describe("x" * PAGES)
        client.read()
        client.close()
        limit(server, resource.RLIM_INFINITY)
        load.until_answered(20)
    witness.hear(load)
    witness.look(server.url)
    assert refused.value.status in (503, 507)
    assert "nothing was changed" in str(refused.value)

    server.kill()
    server.start()
    witness.look(server.url)
    server.kill()


@pytest.mark.parametrize(("file_mode", "folder_mode", "told"), [(0o444, 0o755, "it"), (0o644, 0o555, "the folder")])
def test_a_file_that_may_only_be_read_is_told_and_left_as_it_is(
    tmp_path: Path, file_mode: int, folder_mode: int, told: str
) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    file = folder / "worlds.db"
    shutil.copy(HOME / "schema-1.db", file)
    before = file.read_bytes()
    file.chmod(file_mode)
    folder.chmod(folder_mode)
    try:
        command = [sys.executable, "-c", AS_ANYBODY, "serve", "--port", "0", "--store", f"sqlite:///{file}"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        found = sorted(each.name for each in folder.iterdir())
    finally:
        folder.chmod(0o755)
    reason = f"{file} may only be read, and was left as it is; let this user write to {told}"
    assert ended.returncode == 2
    assert reason in ended.stderr
    assert "Traceback" not in ended.stderr
    assert found == [file.name]
    assert file.read_bytes() == before


def test_a_file_of_the_first_schema_opens_with_all_that_it_holds(open: Open) -> None:
    kept = open()

    def told(world: World) -> Json:
        table = world.root.records[OLD_TABLE]
        return table.data["description"], len(world.begin().links(OLD_TABLE, "followers"))

    assert kept.look(told) == ("later", 1)
    assert kept.look(told, "fork") == ("forked", 0)
    assert kept.look(lambda world: (world.root.clock.now(), list(world.snapshots))) == (1_800_000_000_000, ["first"])
    assert kept.look(lambda world: [(each.operation, each.remaining) for each in world.faults.planned]) == [
        ("addTeam*", 2)
    ]
    assert refusal(lambda: kept.look(told, "gone")) == (410, "the world 'gone' was deleted")
    assert kept.change(lambda world: world.restore("first"))
    assert kept.look(told) == ("kept", 0)
    kept.change(lambda world: world.reset(), "fork")
    assert kept.look(told, "fork") == ("kept", 0)
    assert kept.create("new").records == len(kept.root().records)


def size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def limit(server: Server, size: int) -> None:
    """Lets no file of the server's grow beyond so many bytes."""
    assert server.pid is not None
    hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (size, hard))
