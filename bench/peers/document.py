"""Our expanded contract as a plain OpenAPI document whose examples are the recorded answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.cases import JSON
from bench.recorded import Exchange, Recording
from mockserver.http.sandbox import open_sandbox

Json = Any
PREFIX = "/api"


@dataclass(frozen=True)
class Operation:
    """One operation of the document, and what was answered to a request of it."""

    method: str
    path: str
    exchange: Exchange


def operations(recording: Recording) -> list[Operation]:
    """The operations that the cases ask for, each with its first answer."""
    paths = [f"{PREFIX}{path}" for path in open_sandbox().contract.document["paths"]]
    found: dict[tuple[str, str], Operation] = {}
    for exchange in recording.exchanges:
        method, path = exchange.request.method, _template(paths, exchange.path)
        found.setdefault((method, path), Operation(method, path, exchange))
    return list(found.values())


def document(recording: Recording) -> Json:
    """With the prefix in its paths instead of in its servers, for not every peer reads those."""
    plain: Json = _without_extensions(open_sandbox().contract.document)
    plain.pop("servers", None)
    plain["paths"] = {f"{PREFIX}{path}": item for path, item in plain["paths"].items()}
    for each in operations(recording):
        answers = plain["paths"][each.path][each.method.lower()]["responses"]
        answers["200"]["content"][JSON]["example"] = json.loads(each.exchange.body)
    return plain


def write_document(file: Path, recording: Recording) -> Path:
    """The document, for a peer that serves one."""
    file.write_text(json.dumps(document(recording)))
    return file


def _template(paths: list[str], path: str) -> str:
    """The path of the document that a request's path is one of; one with fewer placeholders wins."""
    fitting = [each for each in paths if re.fullmatch(pattern(each), path)]
    return min(fitting, key=lambda each: each.count("{"))


def pattern(path: str) -> str:
    """A regular expression for the paths that a document's path stands for."""
    return re.sub(r"\{[^}]+\}", "[^/]+", path.replace(".", r"\."))


def _without_extensions(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _without_extensions(each) for key, each in value.items() if not str(key).startswith("x-")}
    if isinstance(value, list | tuple):
        return [_without_extensions(each) for each in value]
    return value
