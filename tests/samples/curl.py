"""Reads the curl commands of a shell sample as the requests that they send."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

HOST = re.compile(r"^(\{base_url\}/api/v1|https://[^/]+/api/v1|\$OPENMETADATA_HOST)")
START = re.compile(r"^(?=curl )", re.MULTILINE)
DATA = frozenset(("-d", "--data", "--data-binary"))


class Command(NamedTuple):
    """What one curl command sends; `path` follows the prefix of the API, with its query."""

    method: str
    path: str
    content_type: str | None
    body: str | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def commands(code: str) -> Iterator[Command]:
    """The commands in their order; what stands between them is left out."""
    for part in START.split(re.sub(r"^\s*#.*$", "", code, flags=re.MULTILINE)):
        if part.startswith("curl ") and (command := _command(shlex.split(_first(part)))) is not None:
            yield command


def _first(part: str) -> str:
    """A command without the lines of other programs that follow it."""
    lines = part.replace("\\\n", " ").split("\n")
    for end in range(1, len(lines)):
        text = "\n".join(lines[:end])
        if text.count("'") % 2 == 0 and text.count('"') % 2 == 0:
            return text
    return "\n".join(lines)


def _command(words: list[str]) -> Command | None:
    method, url, content_type, body = None, "", None, None
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(":")
            content_type = value.strip() if name.lower() == "content-type" else content_type
        elif word in DATA:
            body = next(rest)
        elif not word.startswith("-"):
            url = word
    path, found = HOST.subn("", url)
    return Command(method or "GET", path, content_type, body) if found else None
