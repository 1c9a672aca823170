"""Watches the files that a sandbox was made of."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from mockserver.bundled import FILES

Stamp = dict[str, tuple[int, int]]
INTERVAL_SECONDS = 0.5
MOST_WATCHED = 5_000


def stamp(places: list[Path], own: Path | None = None) -> Stamp:
    """Size and time of the YAML and JSON files that may belong to what is read from the places; `own` is not read."""
    found: Stamp = {}
    for file in _files(places):
        try:
            if own is not None and os.path.basename(file) == own.name and os.path.samefile(file, own):
                continue
            status = os.stat(file)
        except OSError:
            continue
        found[file] = (status.st_mtime_ns, status.st_size)
        if len(found) >= MOST_WATCHED:
            break
    return found


def changed(before: Stamp, after: Stamp) -> list[str]:
    """The files that came, went or changed."""
    return sorted(file for file in before.keys() | after.keys() if before.get(file) != after.get(file))


async def watch(
    places: list[Path],
    before: Stamp,
    on_change: Callable[[list[str]], Awaitable[None]],
    interval: float = INTERVAL_SECONDS,
    own: Path | None = None,
) -> None:
    """Calls back after each change since `before`, for as long as it is not cancelled."""
    while True:
        await asyncio.sleep(interval)
        after = await asyncio.to_thread(stamp, places, own)
        if different := changed(before, after):
            await on_change(different)
        before = after


def _files(places: list[Path]) -> Iterator[str]:
    """The files below a folder; of a file, those in its own folder and one below, where what it refers to may stand."""
    for place in places:
        if place.is_file():
            yield from (str(file) for deep in ("*", "*/*") for file in place.parent.glob(deep) if file.suffix in FILES)
            continue
        for folder, folders, names in os.walk(place):
            folders[:] = [name for name in folders if not name.startswith(".")]
            yield from (os.path.join(folder, name) for name in names if name.endswith(FILES))
