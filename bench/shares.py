"""Processes that are held to a share of a core, as if each had a small machine of its own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
# Short, so that who has spent its share is not missed for long; the kernel takes no shorter quota than a millisecond.
PERIOD_MICROSECONDS = 10_000


class CannotHold(Exception):
    """The system lets this user hold no process to anything."""


@contextmanager
def held(processes: Iterable[int], share: float) -> Iterator[None]:
    """Each process, with all that it starts from now on, has so much of a core for as long as the block runs."""
    groups: list[Path] = []
    try:
        try:
            for process in processes:
                groups.append(_group(f"bench-{os.getpid()}-{process}", share))
                (groups[-1] / "cgroup.procs").write_text(str(process))
        except OSError as error:
            raise CannotHold(f"processes cannot be held to a share of a core here: {error.strerror}") from error
        yield
    finally:
        for group in groups:
            _leave(group)


def _group(name: str, share: float) -> Path:
    """A new group by either version of the kernel's interface."""
    quota = str(round(share * PERIOD_MICROSECONDS))
    newer = (GROUPS / "cgroup.controllers").exists()
    group = GROUPS / name if newer else GROUPS / "cpu" / name
    group.mkdir()
    if newer:
        (group / "cpu.max").write_text(f"{quota} {PERIOD_MICROSECONDS}")
    else:
        (group / "cpu.cfs_period_us").write_text(str(PERIOD_MICROSECONDS))
        (group / "cpu.cfs_quota_us").write_text(quota)
    return group


def _leave(group: Path) -> None:
    """Processes that are still there go back to where all others are."""
    with suppress(OSError):
        for process in (group / "cgroup.procs").read_text().split():
            (group.parent / "cgroup.procs").write_text(process)
        group.rmdir()
