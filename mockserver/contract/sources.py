"""The files of a contract: read only from under its root, within a budget."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
from pathlib import Path
from urllib.parse import unquote

from mockserver.contract.budget import TreeBudget
from mockserver.contract.problem import ContractError, Finding, nearest, shown
from mockserver.contract.yamlfile import Document, load_yaml

DEFAULT = TreeBudget()
ENTRIES = ("openapi.yaml", "openapi.yml", "openapi.json")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class RefusedSource(ContractError):
    """A file that is not there or may not be read; a reference to it gives the finding its place."""

    def __init__(self, source: str, message: str, suggestion: str | None = None) -> None:
        super().__init__([Finding(source, 0, "", message, suggestion)])
        self.message = message
        self.suggestion = suggestion


class Sources:
    """The files under one root folder; a single file stands for its folder, with itself as the entry."""

    def __init__(self, root: Path, budget: TreeBudget = DEFAULT) -> None:
        self.budget = budget
        self._documents: dict[str, Document] = {}
        self._digests: dict[str, str] = {}
        self._bytes = 0
        self._entry: str | None = None
        if root.is_file():
            self._entry = root.name
            root = root.parent
        self._root = root.resolve()

    @property
    def entry(self) -> str:
        """The name of the root document."""
        if self._entry is not None:
            return self._entry
        for name in ENTRIES:
            if self._root.joinpath(name).is_file():
                return name
        raise RefusedSource(str(self._root), f"no contract here: none of {', '.join(ENTRIES)}")

    def locate(self, target: str, base: str = "") -> str:
        """The name, relative to the root, of the file that `target` means inside the file `base`."""
        path = unquote(target)
        if SCHEME.match(path) or path.startswith("//"):
            raise RefusedSource(
                target, f"{shown(target)} is not a file beside the contract; nothing is fetched from elsewhere"
            )
        if path.startswith("/"):
            raise RefusedSource(
                target, f"{shown(target)} is an absolute path; write it relative to the file it stands in"
            )
        if "\\" in path or not path.isprintable():
            raise RefusedSource(target, f"{shown(target)} is not a relative path; write it with '/' between its parts")
        name = posixpath.normpath(posixpath.join(posixpath.dirname(base), path))
        if name == ".." or name.startswith("../"):
            raise RefusedSource(target, f"{shown(target)} leads out of the folder of the contract")
        return name

    def load(self, relative: str) -> Document:
        """The document in a file under the root, read once; ContractError when it cannot be read or is refused."""
        name = self.locate(relative)
        if name not in self._documents:
            raw = self._read(name)
            self._documents[name] = load_yaml(raw, name, self.budget.file)
        return self._documents[name]

    def fingerprint(self) -> str:
        """A hash of the names and contents of all files read so far."""
        lines = "".join(f"{digest} {name}\n" for name, digest in sorted(self._digests.items()))
        return hashlib.sha256(lines.encode()).hexdigest()

    def _read(self, name: str) -> bytes:
        if len(self._digests) >= self.budget.files:
            raise RefusedSource(name, f"more than {self.budget.files:,} files in one contract")
        raw = self._bytes_of(name)
        self._bytes += len(raw)
        if self._bytes > self.budget.bytes:
            raise RefusedSource(name, f"more than {self.budget.bytes:,} bytes in the files of one contract")
        self._digests[name] = hashlib.sha256(raw).hexdigest()
        return raw

    def _bytes_of(self, name: str) -> bytes:
        file = self._file(name)
        try:
            with file.open("rb") as stream:
                raw: bytes = stream.read(self.budget.file.bytes + 1)
        except OSError as error:
            raise RefusedSource(name, f"{shown(name)} cannot be read: {error.strerror or error}") from None
        return raw

    def _file(self, name: str) -> Path:
        file = Path(os.path.realpath(self._root.joinpath(*name.split("/"))))
        if not file.is_relative_to(self._root):
            raise RefusedSource(name, f"{shown(name)} is a link that leads out of the folder of the contract")
        try:
            found = file.is_file()
        except OSError:
            found = False
        if not found:
            raise RefusedSource(name, f"there is no file {shown(name)}", nearest(name, self._neighbours(name)))
        return file

    def _neighbours(self, name: str) -> list[str]:
        folder = posixpath.dirname(name)
        try:
            there = self._root.joinpath(*folder.split("/")) if folder else self._root
            return sorted(posixpath.join(folder, child.name) for child in there.iterdir() if child.is_file())
        except OSError:
            return []
