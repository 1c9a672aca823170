"""The key that a user's sandboxes share: made once, kept private, replaced when it is damaged."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from mockserver.http.keys import KEY_FILE, load_key, state_folder

MAKE = """
import sys
from pathlib import Path
from mockserver.http.keys import load_key
print(load_key(Path(sys.argv[1])).decode())
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "mockserver"


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        ("linux", {"HOME": "/h"}, "/h/.local/state/mockserver"),
        ("linux", {"HOME": "/h", "XDG_STATE_HOME": "/s"}, "/s/mockserver"),
        ("linux", {"HOME": "/h", "XDG_STATE_HOME": "relative"}, "/h/.local/state/mockserver"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support/mockserver"),
        ("win32", {"HOME": "/h", "LOCALAPPDATA": "/h/local"}, "/h/local/mockserver"),
    ],
)
def test_the_key_is_where_the_platform_keeps_such_things(
    platform: str, environment: dict[str, str], folder: str
) -> None:
    assert state_folder(environment, platform) == Path(folder)


def test_a_key_is_made_once_and_then_found(folder: Path) -> None:
    made = load_key(folder)

    load_pem_private_key(made, None)
    assert load_key(folder) == made == (folder / KEY_FILE).read_bytes()


def test_only_the_owner_can_read_it(folder: Path) -> None:
    load_key(folder)

    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_a_key_that_others_could_read_is_taken_from_them(folder: Path) -> None:
    load_key(folder)
    (folder / KEY_FILE).chmod(0o644)

    load_key(folder)

    assert (folder / KEY_FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nMIIE"])
def test_a_damaged_key_is_replaced_with_a_word(folder: Path, damage: bytes, caplog: pytest.LogCaptureFixture) -> None:
    load_key(folder)
    (folder / KEY_FILE).write_bytes(damage)

    replaced = load_key(folder)

    load_pem_private_key(replaced, None)
    assert (folder / KEY_FILE).read_bytes() == replaced
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert str(folder / KEY_FILE) in caplog.text


def test_a_key_that_is_known_to_be_bad_is_replaced(folder: Path) -> None:
    bad = load_key(folder)

    renewed = load_key(folder, renew=bad)

    assert renewed != bad
    assert load_key(folder, renew=bad) == renewed == load_key(folder)


def test_a_place_that_cannot_be_written_to_gives_a_key_for_this_process(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()

    made = load_key(tmp_path / "file" / "mockserver")

    load_pem_private_key(made, None)
    assert "as long as this process" in caplog.text


def test_a_folder_in_place_of_the_key_gives_a_key_for_this_process(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / KEY_FILE).mkdir(parents=True)

    load_pem_private_key(load_key(folder), None)

    assert "as long as this process" in caplog.text


def test_processes_that_start_at_once_make_one_key(folder: Path) -> None:
    command = [sys.executable, "-c", MAKE, str(folder)]
    makers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    keys = {maker.communicate()[0] for maker in makers}

    assert keys == {(folder / KEY_FILE).read_text() + "\n"}
    assert sorted(os.listdir(folder)) == [".lock", KEY_FILE]
