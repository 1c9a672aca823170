"""The project's own files, as a clone of it has them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HIDDEN = (".ci",)

# A work tree beside the first one has a file of this name in place of the folder.
LINK = ".git"


def files(*folders: str, suffix: str = "") -> Iterator[Path]:
    """All files below some folders, or all of the project's; what .gitignore names and hidden folders are left out."""
    made = _made()
    for folder in folders or (".",):
        for parent, inner, names in os.walk(ROOT / folder):
            inner[:] = sorted(name for name in inner if _is_ours(name) and name not in made)
            ours = (name for name in sorted(names) if name.endswith(suffix) and name not in made and name != LINK)
            yield from (Path(parent, name) for name in ours)


def modules(*folders: str) -> list[Path]:
    return list(files(*folders, suffix=".py"))


def named(file: Path) -> str:
    """The file as messages call it."""
    return file.relative_to(ROOT).as_posix()


def _is_ours(folder: str) -> bool:
    return (not folder.startswith(".") or folder in HIDDEN) and not folder.endswith(".egg-info")


def _made() -> frozenset[str]:
    """What the tools make, which is nobody's source."""
    return frozenset(line.strip().rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines())
