"""Run by the SDK's Python: prints which methods and paths the mixins of its client ask for, as a JSON list."""

import ast
import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

ROUTES: dict[str, str] = import_module("metadata.ingestion.ometa.routes").ROUTES
MIXINS = import_module("metadata.ingestion.ometa.mixins")
METHODS = ("get", "put", "post", "patch", "delete")


def asked(source: Path) -> Iterator[tuple[str, str]]:
    """The calls of the REST client in one module whose path can be read."""
    for node in ast.walk(ast.parse(source.read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in METHODS and ast.unparse(node.func.value) in ("self.client", "client"):
            given = [*node.args[:1], *(each.value for each in node.keywords if each.arg == "path")]
            path = given and text(given[0])
            if path and path.startswith("/"):
                yield node.func.attr.upper(), path.partition("?")[0].rstrip("/")


def text(node: ast.expr) -> str | None:
    """A path with `{}` for what is put in; None for one that is not written where it is used."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Call):
        return route(node)
    if not isinstance(node, ast.JoinedStr):
        return None
    parts = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
            continue
        assert isinstance(part, ast.FormattedValue)
        inner = part.value
        found = route(inner) if isinstance(inner, ast.Call) else None
        parts.append(found or ("" if isinstance(inner, ast.Name) and inner.id.endswith("_str") else "{}"))
    return "".join(parts)


def route(call: ast.Call) -> str | None:
    """The path of a collection that a call names by the class of its entities."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "get_suffix" and isinstance(call.args[0], ast.Name):
        return ROUTES.get(call.args[0].id)
    return None


if __name__ == "__main__":
    home = Path(next(iter(MIXINS.__path__)))
    found = {each for source in sorted(home.glob("*_mixin.py")) for each in asked(source)}
    json.dump(sorted(found), sys.stdout)
