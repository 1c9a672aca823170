"""The house rules that can be read off a text or a syntax tree; each yields the line and what is wrong with it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator

Offence = tuple[int, str]
Rule = Callable[[str], Iterator[Offence]]

MOST_LINES = 250
SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
LEFT_OVER = re.compile(r"\b(?:TO-?DO|FIX-?ME)\b")
BANNER = re.compile(r"^\s*#\s*[-=*#~]{3,}")
PAUSE = re.compile(r"\bsleep\s*\(")
MACHINE = re.compile(r"(?<![\w.)}>~$])/(?:home|root|work|Users)/\w")
REGISTRY = re.compile(
    r"\bpypi\.(?:org|python)|pythonhosted\.|npmjs\.|crates\.io|rubygems\.|anaconda\.|maven\.(?:org|apache)"
    r"|proxy\.golang|index[-_]url",
    re.IGNORECASE,
)

SERVING = frozenset({"starlette", "uvicorn", "asyncio", "anyio", "uvloop", "httptools"})
MACHINES_OWN = frozenset({"time", "random", "secrets", "uuid"})
# A type to read ids with; it makes none.
READS_IDS = ("uuid", "UUID")
NOW = frozenset({"now", "utcnow", "today"})
DATES = frozenset({"datetime", "date"})
LEAVES_OUT = frozenset({"skip", "skipif", "importorskip", "skipTest", "skipUnless", "skipIf"})


def opens_with_a_sentence(text: str) -> Iterator[Offence]:
    """An empty module needs none."""
    said = ast.get_docstring(ast.parse(text))
    if not text.strip():
        return
    if said is None:
        yield 1, "has no docstring"
    elif len(SENTENCE_END.findall(said)) != 1 or not said.endswith((".", "!", "?")):
        yield 1, f"opens with something else than one sentence: {said!r}"


def is_short(text: str) -> Iterator[Offence]:
    length = len(text.splitlines())
    if length > MOST_LINES:
        yield MOST_LINES + 1, f"has {length} lines, {MOST_LINES} at most"


def is_finished(text: str) -> Iterator[Offence]:
    yield from _matches(LEFT_OVER, text)


def has_no_banners(text: str) -> Iterator[Offence]:
    yield from _matches(BANNER, text)


def does_not_pause(text: str) -> Iterator[Offence]:
    yield from _matches(PAUSE, text)


def names_no_machine(text: str) -> Iterator[Offence]:
    yield from _matches(MACHINE, text)


def names_no_registry(text: str) -> Iterator[Offence]:
    yield from _matches(REGISTRY, text)


def leaves_no_test_out(text: str) -> Iterator[Offence]:
    """No skips; an expected failure is strict, so that it tells when it has become a success."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and node.attr in LEAVES_OUT:
            yield node.lineno, f"uses {node.attr}"
        if isinstance(node, ast.Attribute) and node.attr == "xfail":
            yield from _not_strict(text, node)


def _not_strict(text: str, mark: ast.Attribute) -> Iterator[Offence]:
    """The mark stands alone, or in a call without `strict=True`."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.dump(node.func, include_attributes=True) == ast.dump(
            mark, include_attributes=True
        ):
            strict = (each.value for each in node.keywords if each.arg == "strict")
            if any(isinstance(value, ast.Constant) and value.value is True for value in strict):
                return
    yield mark.lineno, "expects a failure that is not strict"


def is_synchronous(text: str) -> Iterator[Offence]:
    """Async and the libraries that serve exist in one room only."""
    for node in ast.walk(ast.parse(text)):
        for name, line in _imported(node):
            if name.partition(".")[0] in SERVING:
                yield line, f"imports {name}"
        if isinstance(node, ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith | ast.Await):
            yield node.lineno, "is asynchronous"


def leaves_the_machine_alone(text: str) -> Iterator[Offence]:
    """No clock, no chance and no ids but the world's."""
    for node in ast.walk(ast.parse(text)):
        for name, line in _imported(node):
            if name.partition(".")[0] in MACHINES_OWN and name != ".".join(READS_IDS):
                yield line, f"imports {name}"
        if isinstance(node, ast.Attribute) and node.attr in NOW and _ends_in(node.value, DATES):
            yield node.lineno, f"asks the machine for {ast.unparse(node)}"
        if isinstance(node, ast.Attribute) and node.attr == "urandom":
            yield node.lineno, f"asks the machine for {ast.unparse(node)}"


def reads_no_environment_at_import(text: str) -> Iterator[Offence]:
    for node in _run_at_import(ast.parse(text)):
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
            yield node.lineno, f"reads {ast.unparse(node)} when it is imported"


def rebinds_no_globals(text: str) -> Iterator[Offence]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Global):
            yield node.lineno, f"rebinds the global {', '.join(node.names)}"


def says_what_it_is_for(text: str, names: Collection[str]) -> Iterator[Offence]:
    """The functions and classes of these names have docstrings."""
    for node in ast.parse(text).body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name not in names:
            continue
        if ast.get_docstring(node) is None:
            yield node.lineno, f"{node.name} has no docstring, and other rooms use it"


def taken_from_other_rooms(module: str, text: str) -> Iterator[tuple[str, str]]:
    """The modules of the package, and the names in them, that a module of another room imports."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module and _room(node.module) not in (None, _room(module)):
            yield from ((node.module, each.name) for each in node.names)


def _room(module: str) -> str | None:
    package, *inner = module.split(".")
    return (inner or [""])[0] if package == "mockserver" else None


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[Offence]:
    for number, line in enumerate(text.splitlines(), start=1):
        if found := pattern.search(line):
            yield number, f"has {found[0]!r}"


def _imported(node: ast.AST) -> Iterator[tuple[str, int]]:
    """What an import statement brings in, with the names taken from a module."""
    if isinstance(node, ast.Import):
        for each in node.names:
            yield each.name, node.lineno
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        for each in node.names:
            yield f"{node.module}.{each.name}", node.lineno


def _ends_in(node: ast.expr, names: frozenset[str]) -> bool:
    return (isinstance(node, ast.Name) and node.id in names) or (isinstance(node, ast.Attribute) and node.attr in names)


def _run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Everything but what waits in a function for its call."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        yield child
        yield from _run_at_import(child)
