"""How a started server says so: a line for people, a file for scripts."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

import orjson

from mockserver.http.files import write_at_once
from mockserver.http.listening import CannotServe

PASTED = "admin"


class Ready(NamedTuple):
    """What a server that answers is known by."""

    name: str
    url: str
    api: str
    tokens: dict[str, str]
    auth: bool = True

    def line(self) -> str:
        """One line with the URL, the API base and a token to paste."""
        served = f"Serving {self.name} at {self.url} (API base {self.api}"
        if not self.auth:
            return f"{served}; no token is needed)"
        user = PASTED if PASTED in self.tokens else next(iter(self.tokens), None)
        if user is None:
            return f"{served}; `mockserver token USER` makes a token)"
        return f"{served}). Token of {user}: {self.tokens[user]}"

    def document(self) -> bytes:
        fields = {"url": self.url, "api": self.api, "tokens": self.tokens, "pid": os.getpid()}
        return orjson.dumps(fields, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


class ReadyFile:
    """The file is there while the server answers, and at no other time."""

    def __init__(self, path: Path) -> None:
        """CannotServe when it could not be written; one that is left from an earlier server goes away."""
        self._path = path.absolute()
        if not self._path.parent.is_dir():
            raise CannotServe(f"--ready-file {path}: there is no folder {path.parent}; create it first")
        if self._path.is_dir():
            raise CannotServe(f"--ready-file {path}: this is a folder; name a file in it")
        if not os.access(self._path.parent, os.W_OK):
            raise CannotServe(f"--ready-file {path}: the folder {path.parent} may not be written to")
        self._path.unlink(missing_ok=True)

    def write(self, ready: Ready) -> None:
        write_at_once(self._path, ready.document(), lasting=False)

    def remove(self) -> None:
        """Takes the file away, unless another server has put its own there."""
        try:
            if orjson.loads(self._path.read_bytes())["pid"] == os.getpid():
                self._path.unlink()
        except (OSError, ValueError, LookupError, TypeError):
            return


class Crier:
    """Says it on stdout, and in the file if there is to be one."""

    def __init__(self, file: Path | None) -> None:
        """CannotServe when the file could not be written."""
        self._file = None if file is None else ReadyFile(file)

    def tell(self, ready: Ready, line: str) -> None:
        say(line)
        if self._file is not None:
            self._file.write(ready)

    def remove(self) -> None:
        """Takes the file away."""
        if self._file is not None:
            self._file.remove()


def say(line: str) -> None:
    """Prints a line at once; nobody listening is no reason to stop."""
    try:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except (OSError, ValueError):
        return
