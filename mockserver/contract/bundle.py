"""Makes one document of several files: what they refer to in one another becomes part of the root document."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from mockserver.contract.pointer import Missing, follow, join, parents, split
from mockserver.contract.problem import ContractError, Finding, Location, nearest, shown
from mockserver.contract.refs import encoded, is_reference
from mockserver.contract.sources import RefusedSource, Sources
from mockserver.contract.walk import NAMES, Trail, is_data, is_schema_place, pointer_of, trail_of
from mockserver.contract.yamlfile import Document

Json = Any

NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]")
MOST_NESTED = 50


@dataclass(frozen=True, slots=True)
class Target:
    """A value in one of the files, by its pointer there."""

    document: Document
    pointer: str

    @property
    def key(self) -> tuple[str, str]:
        return self.document.source, self.pointer


@dataclass(frozen=True, slots=True)
class Bundle:
    """A document assembled from files, which still knows where each part of it was written."""

    value: dict[str, Json]
    origins: dict[str, Target]

    def origin(self, pointer: str) -> Target:
        """The file, and the pointer in it, that a value came from."""
        for known in parents(pointer):
            if known in self.origins:
                origin = self.origins[known]
                return Target(origin.document, origin.pointer + pointer[len(known) :])
        raise KeyError(pointer)

    def where(self, pointer: str) -> Location:
        """Where a value is written."""
        origin = self.origin(pointer)
        return origin.document.where(origin.pointer)

    def finding(self, pointer: str, message: str, suggestion: str | None = None) -> Finding:
        """A finding on the value at `pointer`, placed in the file that it came from."""
        origin = self.origin(pointer)
        return origin.document.finding(origin.pointer, message, suggestion)


def bundle(root_document: Document, sources: Sources) -> Bundle:
    """The root document with nothing left outside; the files' own values stay as they are. ContractError with all findings."""
    return _Bundler(root_document, sources).run()


...
