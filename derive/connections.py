"""Prints which steps test each kind of connection, as JSON; run by the SDK's own Python, without the project."""

from __future__ import annotations

import ast
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import metadata  # type: ignore[import-not-found]

SOURCES = Path(next(iter(metadata.__path__))) / "ingestion" / "source"
MODELS = "metadata.generated.schema.entity.services.connections."
COMMON = ("CheckAccess", "GetSchemas", "GetTables", "GetViews")
BY_COMMON = ("test_connection_db_common", "test_connection_db_schema_sources")


def kinds(tree: ast.Module) -> Iterator[str]:
    """The words of the connection models that a module imports, such as `SQLite`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(MODELS):
            continue
        module = importlib.import_module(str(node.module))
        for alias in node.names:
            kind = getattr(getattr(module, alias.name), "model_fields", {}).get("type")
            word = getattr(getattr(kind, "default", None), "value", None)
            if alias.name.endswith("Connection") and word is not None:
                yield str(word)


def steps(tree: ast.Module) -> list[str]:
    """The names of the steps that a module has functions for, in order."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in BY_COMMON:
            found += COMMON
            found += [name for keyword in node.keywords if keyword.arg == "queries" for name in names(keyword.value)]
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(getattr(target, "id", "") in ("test_fn", "queries") for target in targets):
                found += names(node.value)
        if isinstance(node, ast.FunctionDef):
            found += [step for decorator in node.decorator_list for step in checked(decorator)]
    return list(dict.fromkeys(found)) or [COMMON[0]]


def checked(decorator: ast.expr) -> list[str]:
    """The step that a function is marked to check."""
    if not isinstance(decorator, ast.Call) or getattr(decorator.func, "id", "") != "check":
        return []
    return [argument.attr for argument in decorator.args if isinstance(argument, ast.Attribute)]


def names(node: ast.expr | None) -> list[str]:
    """The plain texts among the keys of a dict that is written out."""
    if not isinstance(node, ast.Dict):
        return []
    return [key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]


def main() -> None:
    said: dict[str, list[str]] = {}
    for file in sorted(SOURCES.glob("*/*/connection.py")):
        tree = ast.parse(file.read_text())
        try:
            found = list(dict.fromkeys(kinds(tree)))
        except ImportError:
            continue
        for kind in found[:1]:
            said.setdefault(kind, steps(tree))
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
