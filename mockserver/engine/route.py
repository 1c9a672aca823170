"""From method and path to the operation that answers it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from mockserver.contract.model import Operation
from mockserver.contract.operations import Operations
from mockserver.contract.problem import nearest
from mockserver.exchange import Problem

BRACES = re.compile(r"\{([^{}]+)\}")
LONG_ARGUMENT = re.compile(r"(?<=/)[^/]*(?:[0-9a-fA-F]{8}-|%|\.)[^/]*")
MOST_KNOWN = 4096
# By so many segments paths are told apart before they are put into the tree.
HEAD = 3
LONGEST_KNOWN = 1024


class Node:
    """One path segment: what follows literally, what follows as an argument, and the operations that end here."""

    __slots__ = ("arguments", "literals", "mixed", "operations")

    def __init__(self) -> None:
        self.literals: dict[str, Node] = {}
        self.arguments: Node | None = None
        self.mixed: list[tuple[re.Pattern[str], Node]] = []
        self.operations: dict[str, tuple[int, tuple[str, ...]]] = {}


class Router:
    """Literal segments win over arguments, at every step, as OpenAPI asks."""

    def __init__(self, operations: Operations, prefix: str, nothing: str = "no operation has the path") -> None:
        self._operations = operations
        self._nothing = nothing
        self._root = Node()
        self._known: dict[tuple[str, str], tuple[Operation, Mapping[str, str]]] = {}
        self._paths: dict[str, None] = {}
        self._waiting: dict[tuple[str, ...], list[tuple[int, str, str]]] = {}
        for at, mark in enumerate(operations.marks):
            path = prefix + mark.path
            self._paths[path] = None
            self._waiting.setdefault(_head(path), []).append((at, mark.method, path))
        # What begins with an argument may be what any path means.
        for head in [head for head in self._waiting if any("{" in segment for segment in head)]:
            self._plant(head)

    def _plant(self, head: tuple[str, ...]) -> None:
        """Puts what begins so into the tree, which takes time and is done when such a path is first asked for."""
        for at, method, path in self._waiting.pop(head, ()):
            node = self._root
            for segment in path.split("/")[1:]:
                node = _child(node, segment)
            node.operations[method] = (at, tuple(BRACES.findall(path)))

    def _find(self, path: str) -> tuple[Node, tuple[str, ...]] | None:
        if self._waiting:
            self._plant(_head(path))
        return _walk(self._root, path.split("/")[1:], 0)

    def match(self, method: str, path: str) -> tuple[Operation, Mapping[str, str]]:
        """The operation and its path arguments, decoded; a 404 names the nearest path, a 405 what is allowed."""
        known = self._known.get((method, path))
        if known is not None:
            return known
        found = self._find(path)
        if found is None:
            raise self._unknown(path)
        node, values = found
        hit = node.operations.get(method) or (node.operations.get("GET") if method == "HEAD" else None)
        if hit is None:
            allowed = ", ".join(allowed_methods(node.operations))
            message = f"{method} is not allowed on {path}; allowed are {allowed}"
            raise Problem(405, message, headers=(("Allow", allowed),))
        at, names = hit
        matched = (self._operations[at], {name: unquote(value) for name, value in zip(names, values, strict=True)})
        if len(path) <= LONGEST_KNOWN:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[method, path] = matched
        return matched

    def allowed(self, path: str) -> list[str]:
        """The methods that a path answers to; none for an unknown path."""
        found = self._find(path)
        return [] if found is None else allowed_methods(found[0].operations)

    def _unknown(self, path: str) -> Problem:
        short = LONG_ARGUMENT.sub("*", path)
        segments = short.split("/")
        known = {_filled(template, segments): template for template in self._paths}
        meant = nearest(short, known)
        hint = f"; did you mean {known[meant]}?" if meant else ""
        return Problem(404, f"{self._nothing} {path}{hint}")


def _head(path: str) -> tuple[str, ...]:
    """The first segments of a path."""
    return tuple(path.split("/", HEAD + 1)[1 : HEAD + 1])


def _filled(template: str, segments: list[str]) -> str:
    """A known path with what the caller wrote in the places of its arguments."""
    parts = template.split("/")
    filled = (segments[at] if "{" in part and at < len(segments) else "" for at, part in enumerate(parts))
    return "/".join(given or part for given, part in zip(filled, parts, strict=True))


def allowed_methods(operations: Iterable[str]) -> list[str]:
    methods = set(operations) | {"OPTIONS"}
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)


def _child(node: Node, segment: str) -> Node:
    if "{" not in segment:
        return node.literals.setdefault(segment, Node())
    if BRACES.fullmatch(segment):
        node.arguments = node.arguments or Node()
        return node.arguments
    pieces = BRACES.split(segment)
    pattern = re.compile("".join("([^/]+?)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces)))
    for known, child in node.mixed:
        if known.pattern == pattern.pattern:
            return child
    child = Node()
    node.mixed.append((pattern, child))
    return child


def _walk(node: Node, segments: list[str], at: int) -> tuple[Node, tuple[str, ...]] | None:
    if at == len(segments):
        return (node, ()) if node.operations else None
    segment = segments[at]
    if (literal := node.literals.get(segment)) is not None:
        found = _walk(literal, segments, at + 1)
        if found is not None:
            return found
    for pattern, child in node.mixed:
        match = pattern.fullmatch(segment)
        if match and (found := _walk(child, segments, at + 1)) is not None:
            return found[0], match.groups() + found[1]
    if node.arguments is not None and segment:
        found = _walk(node.arguments, segments, at + 1)
        if found is not None:
            return found[0], (segment, *found[1])
    return None
