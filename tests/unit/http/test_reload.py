"""Noticing that files have changed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from mockserver.http.reload import changed, stamp, watch


def test_files_that_come_go_and_change_are_noticed(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("same.yaml", "deep/changes.yml", "goes.json"):
        (tmp_path / name).write_text("1")
    before = stamp([tmp_path])
    (tmp_path / "deep/changes.yml").write_text("22")
    (tmp_path / "goes.json").unlink()
    (tmp_path / "comes.yaml").touch()

    found = changed(before, stamp([tmp_path]))

    assert [Path(file).name for file in found] == ["comes.yaml", "changes.yml", "goes.json"]


def test_files_of_other_kinds_and_hidden_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config.yaml").touch()

    assert stamp([tmp_path]) == {}


def test_with_a_file_its_neighbours_are_watched_and_nothing_further_down(tmp_path: Path) -> None:
    for name in ("openapi.yaml", "other.yml", "parts/a.yaml", "parts/deep/b.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    found = stamp([tmp_path / "openapi.yaml", tmp_path / "none.yaml"])

    assert sorted(found) == [str(tmp_path / name) for name in ("openapi.yaml", "other.yml", "parts/a.yaml")]


def test_every_change_since_the_files_were_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "contract.yaml"
    file.write_text("1")
    before = stamp([tmp_path])
    file.write_text("22")
    told: list[list[str]] = []

    async def on_change(files: list[str]) -> None:
        told.append(files)
        file.write_text("3" * (len(told) + 2))
        if len(told) == 3:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(asyncio.wait_for(watch([tmp_path], before, on_change, interval=0.01), timeout=10))

    assert told == [[str(file)]] * 3
