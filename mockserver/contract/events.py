"""The YAML parser: events out of text, and its complaints in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import yaml

from mockserver.contract.problem import ContractError, Finding, shown
from mockserver.contract.text import forbidden, lines_in

Event = Any
PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Each %TAG is compared with every earlier one, so a long list of them would cost quadratic time.
TAG_DIRECTIVE = re.compile(r"(?:\A|[\r\n])%TAG\b")


@contextmanager
def parsing(text: str, source: str) -> Iterator[Callable[[], Event]]:
    """A function that gives the next event; what the parser cannot read leaves the block as a ContractError."""
    if not text.isascii():
        _refuse(forbidden(text, source))
    tag = TAG_DIRECTIVE.search(text)
    if tag is not None:
        line = text.count("\n", 0, tag.end()) + 1
        _refuse(Finding(source, line, "", "%TAG directives are not read; remove it and the tags that use it"))
    try:
        parser = PARSER(text)
        try:
            yield parser.get_event
        finally:
            parser.dispose()
    except yaml.MarkedYAMLError as error:
        raise ContractError([_finding(error, text, source)]) from None
    except yaml.YAMLError as error:
        raise ContractError([forbidden(text, source) or Finding(source, 0, "", str(error))]) from None


def _finding(error: yaml.MarkedYAMLError, text: str, source: str) -> Finding:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Finding(source, 0, "", error.problem or "this is not YAML")
    line = min(mark.line + 1, lines_in(text))  # the parser counts one more where the text ends
    message = _plainly(error, text[mark.index : mark.index + 1])
    return Finding(source, line, "", f"{message} (column {mark.column + 1})")


def _plainly(error: yaml.MarkedYAMLError, char: str) -> str:
    problem = error.problem or "this is not YAML"
    if char == "\t" and ("cannot start" in problem or "tab" in problem):
        return "a tab cannot indent YAML; use spaces"
    if "cannot start" in problem:
        return f"a value cannot start with {shown(char)}; quote it"
    if problem.startswith("mapping values"):
        return "a key cannot stand here; quote a text that holds ': ', or check the indentation"
    if "<document start>" in problem:
        return "the document has ended before this; check the indentation"
    if error.context and error.context_mark:
        return f"{error.context} that starts at line {error.context_mark.line + 1}, {problem}"
    return f"{error.context}, {problem}" if error.context else problem


def _refuse(finding: Finding | None) -> None:
    if finding is not None:
        raise ContractError([finding])
