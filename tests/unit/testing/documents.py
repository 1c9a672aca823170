"""Reads the examples of a Markdown page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# (\S+\.\w+)\n")


class Block(NamedTuple):
    """One fenced block: its language, the file that its first line names, if it names one, and its text."""

    language: str
    file: str | None
    text: str


def blocks(page: Path) -> Iterator[Block]:
    for language, text in FENCED.findall(page.read_text(encoding="utf-8")):
        named = NAMED.match(text)
        yield Block(language, named and named[1], text)
