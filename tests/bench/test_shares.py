"""Which files of the kernel say how much of a core a process may have, by either version of its interface."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench import shares
from bench.shares import CannotHold, held


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(shares, "GROUPS", tmp_path)
    return tmp_path


def test_the_newer_interface_has_quota_and_period_in_one_file(groups: Path) -> None:
    (groups / "cgroup.controllers").touch()

    with held([17], 0.25):
        group = groups / f"bench-{os.getpid()}-17"
        assert (group / "cpu.max").read_text() == "2500 10000"
        assert (group / "cgroup.procs").read_text() == "17"
    assert (groups / "cgroup.procs").read_text() == "17"


def test_the_older_interface_has_a_file_for_each(groups: Path) -> None:
    (groups / "cpu").mkdir()

    with held([17], 0.5):
        group = groups / "cpu" / f"bench-{os.getpid()}-17"
        assert (group / "cpu.cfs_period_us").read_text() == "10000"
        assert (group / "cpu.cfs_quota_us").read_text() == "5000"
        assert (group / "cgroup.procs").read_text() == "17"


def test_where_nobody_may_be_held_it_is_said(groups: Path) -> None:
    said = "processes cannot be held to a share of a core here: No such file or directory"
    with pytest.raises(CannotHold, match=said), held([17], 0.25):
        pytest.fail("it went on")
