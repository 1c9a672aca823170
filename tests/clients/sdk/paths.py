"""Run by the SDK's Python: prints which methods and paths the mixins of its client ask for, as a JSON list."""

import ast
import json
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

ROUTES: dict[str, str] = import_module("metadata.ingestion.ometa.routes").ROUTES
MIXINS = import_module("metadata.ingestion.ometa.mixins")
METHODS = ("get", "put", "post", "patch", "delete")
# What a name stands for in one place of a module: its path, or None where it is none.
Names = Mapping[str, str | None]


def asked(source: Path) -> Iterator[tuple[str, str]]:
    """The calls of the REST client in one module whose path can be read."""
    tree = ast.parse(source.read_text())
    constants = assigned(tree.body, {})
    for holder in ast.walk(tree):
        if not isinstance(holder, ast.ClassDef):
            continue
        own = {f"self.{name}": value for name, value in assigned(holder.body, constants).items()}
        for method in holder.body:
            if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from called(method, {**constants, **own})


def called(method: ast.AST, names: Names) -> Iterator[tuple[str, str]]:
    """The calls in one method; a name that is given several values there may be each of them."""
    variables: dict[str, list[ast.expr]] = {}
    for node in ast.walk(method):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            variables.setdefault(node.targets[0].id, []).append(node.value)
    known = {**names, **{name: text(values[0], names) for name, values in variables.items() if len(values) == 1}}
    for node in ast.walk(method):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in METHODS and ast.unparse(node.func.value) in ("self.client", "client"):
            given = [*node.args[:1], *(each.value for each in node.keywords if each.arg == "path")]
            path = given and text(given[0], known)
            if path and path.startswith("/"):
                yield node.func.attr.upper(), path.partition("?")[0].rstrip("/")


def assigned(body: list[ast.stmt], names: Names) -> dict[str, str | None]:
    """The names that a class or a module gives to paths."""
    found: dict[str, str | None] = {}
    for node in body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        for target in targets:
            if isinstance(target, ast.Name) and value is not None:
                found[target.id] = text(value, {**names, **found})
    return found


def text(node: ast.expr, names: Names) -> str | None:
    """A path with `{}` for what is put in; None for one that is not written in the module."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Call):
        return route(node)
    if isinstance(node, ast.Name | ast.Attribute):
        return names.get(ast.unparse(node))
    if not isinstance(node, ast.JoinedStr):
        return None
    parts = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
            continue
        assert isinstance(part, ast.FormattedValue)
        parts.append(put_in(part.value, names))
    return "".join(parts)


def put_in(node: ast.expr, names: Names) -> str:
    """What stands for one thing that is put into a path: a path, a query or nothing, or a step that varies."""
    found = (
        route(node) if isinstance(node, ast.Call) else text(node, names) if not isinstance(node, ast.Constant) else None
    )
    if found is not None and found.startswith(("/", "?")):
        return found
    is_query = isinstance(node, ast.Name) and node.id.endswith(("_str", "suffix", "query"))
    return "" if is_query else "{}"


def route(call: ast.Call) -> str | None:
    """The path of a collection that a call names by the class of its entities."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "get_suffix" and isinstance(call.args[0], ast.Name):
        return ROUTES.get(call.args[0].id)
    return None


if __name__ == "__main__":
    home = Path(next(iter(MIXINS.__path__)))
    found = {each for source in sorted(home.glob("*_mixin.py")) for each in asked(source)}
    json.dump(sorted(found), sys.stdout)
