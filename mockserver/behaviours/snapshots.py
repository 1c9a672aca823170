"""Versions as they are kept: the JSON text that was answered, apart from where the server was reached."""

from __future__ import annotations

from functools import partial

from mockserver.world.root import Snapshot
from mockserver.world.shown import Shown

# In a JSON text these quotes can only be those of a member's name: inside of a value they would be escaped.
HREF = '"href":"'
HOME = "{home}"


def keep(version: float, shown: Shown, home: str) -> Snapshot:
    """The snapshot of an answer that was given, or would have been given, under this home; a text once it is read."""
    return Snapshot(str(version), partial(_text, shown.bare(), home))


def _text(shown: Shown, home: str) -> str:
    return shown.text.decode().replace(f"{HREF}{home}/", f"{HREF}{HOME}/")


def told(snapshot: Snapshot, home: str) -> str:
    """The snapshot's JSON text for somebody who reaches the server under this home."""
    return snapshot.text.replace(f"{HREF}{HOME}/", f"{HREF}{home}/")
