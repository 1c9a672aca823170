"""Builds plain values out of YAML events, within a budget and with every refusal gathered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from mockserver.contract.budget import Budget
from mockserver.contract.events import Event, parsing
from mockserver.contract.pointer import Token, join
from mockserver.contract.problem import ContractError, Finding, nearest, shown
from mockserver.contract.scalars import NUMBER_STARTS, WORDS, NotJson, Scalar, meaning

Json = Any

CORE = "tag:yaml.org,2002:"
COLLECTION_TAGS = (None, "!", f"{CORE}map", f"{CORE}seq")
SCALAR_TAGS: dict[str, tuple[type, ...]] = {
    f"{CORE}int": (int,),
    f"{CORE}float": (int, float),
    f"{CORE}bool": (bool,),
    f"{CORE}null": (type(None),),
}
MERGE = "<<"
MOST_FINDINGS = 100


def build(text: str, source: str, budget: Budget) -> Json:
    """The value of the one document in `text`, None for an empty one; ContractError with all that is refused in it."""
    with parsing(text, source) as following:
        return _Builder(source, budget, following).document()


class _Builder:
    def __init__(self, source: str, budget: Budget, following: Callable[[], Event]) -> None:
        self.source = source
        self.budget = budget
        self.following = following
        self.findings: list[Finding] = []
        self.steps: list[Token] = []
        self.anchors: dict[str, Json] = {}
        self.open: set[str] = set()
        self.nodes = 0
        self.aliases = 0
        self.copied = 0

    def document(self) -> Json:
        self.following()  # the start of the stream
        if not isinstance(self.following(), DocumentStartEvent):
            return None
        value = self.node(self.following())
        self.following()  # the end of the document
        event = self.following()
        if isinstance(event, DocumentStartEvent):
            self.stop(event, "a second document starts here; a file holds one")
        if self.findings:
            raise ContractError(self.findings)
        return value

    def node(self, event: Event) -> Json:
        self.nodes += 1
        if self.nodes > self.budget.nodes:
            self.stop(event, f"more than {self.budget.nodes:,} values in one file")
        kind = event.__class__
        if kind is AliasEvent:
            return self.alias(event)
        if kind is not ScalarEvent:
            return self.collection(event)
        value = self.scalar(event)
        if event.anchor is not None:
            self.anchors[event.anchor] = value
        return value

    def collection(self, event: Event) -> Json:
        if len(self.steps) >= self.budget.depth:
            self.stop(event, f"nested more than {self.budget.depth} levels deep")
        if event.tag not in COLLECTION_TAGS:
            self.refuse_tag(event)
        anchor = event.anchor
        if anchor is not None:
            self.open.add(anchor)
        value = self.mapping() if event.__class__ is MappingStartEvent else self.sequence()
        if anchor is not None:
            self.open.discard(anchor)
            self.anchors[anchor] = value
        return value

    def mapping(self) -> dict[str, Json]:
        following, steps = self.following, self.steps
        value: dict[str, Json] = {}
        lines: dict[str, int] = {}
        steps.append("")
        while (event := following()).__class__ is not MappingEndEvent:
            key = steps[-1] = self.key(event)
            line = event.start_mark.line + 1
            if key in lines:
                self.note(event, f"the key {shown(key)} is written twice, first at line {lines[key]}")
            lines.setdefault(key, line)
            value[key] = self.node(following())
        steps.pop()
        return value

    def sequence(self) -> list[Json]:
        following, steps = self.following, self.steps
        value: list[Json] = []
        steps.append(0)
        while (event := following()).__class__ is not SequenceEndEvent:
            steps[-1] = len(value)
            value.append(self.node(event))
        steps.pop()
        return value

    def key(self, event: Event) -> str:
        """The text of a key; one that is no text is noted, except whole numbers such as the `200` of a response."""
        if event.__class__ is ScalarEvent and event.anchor is None and event.tag is None:
            text: str = event.value
            if event.style or (text not in WORDS and text[0] not in NUMBER_STARTS and text != MERGE):
                return text
        if event.__class__ is not ScalarEvent:
            return self.unwritten_key(event)
        self.steps[-1] = written = str(event.value)
        value = self.node(event)
        if isinstance(value, str):
            if written == MERGE and not event.style:
                self.note(event, "merge keys (<<) are not part of YAML 1.2; write the entries out, or quote the key")
            return value
        if type(value) is not int or str(value) != written:
            self.note(event, f"a key must be a text; quote {shown(written)}")
        return written

    def unwritten_key(self, event: Event) -> str:
        """A key that an alias stands for; a list or mapping is refused."""
        self.steps[-1] = "?"
        value = self.node(event)
        if isinstance(value, str):
            return value
        if event.__class__ is not AliasEvent or event.anchor in self.anchors:
            self.steps.pop()
            self.note(event, "a key must be a text")
            self.steps.append("?")
        return "?"

    def scalar(self, event: Event) -> Scalar:
        text: str = event.value
        if event.tag is None and event.style:
            return text
        try:
            return meaning(text) if event.tag is None else self.tagged(event, text)
        except NotJson as error:
            self.note(event, f"{shown(text)} is {error}")
            return text

    def tagged(self, event: Event, text: str) -> Scalar:
        types = SCALAR_TAGS.get(event.tag)
        if types is None:
            if event.tag not in ("!", f"{CORE}str"):
                self.refuse_tag(event)
            return text
        value = meaning(text)
        if type(value) not in types:
            self.note(event, f"{shown(text)} is not what its tag {_written(event.tag)} says")
        return float(value) if event.tag == f"{CORE}float" and isinstance(value, int) else value

    def alias(self, event: Event) -> Json:
        name: str = event.anchor
        self.aliases += 1
        if self.aliases > self.budget.aliases:
            self.stop(event, f"more than {self.budget.aliases:,} aliases in one file")
        if name in self.open:
            self.note(event, f"the alias *{name} stands inside the value that it names")
            return None
        if name not in self.anchors:
            self.note(event, f"the alias *{name} names no anchor above it", nearest(name, self.anchors))
            return None
        return self.copy(event, self.anchors[name], len(self.steps))

    def copy(self, event: Event, value: Json, depth: int) -> Json:
        self.copied += 1
        if self.copied > self.budget.copied:
            self.stop(event, f"aliases that stand for more than {self.budget.copied:,} values in one file")
        if not isinstance(value, dict | list):
            return value
        if depth >= self.budget.depth:
            self.stop(event, f"nested more than {self.budget.depth} levels deep, once its aliases are followed")
        if isinstance(value, list):
            return [self.copy(event, item, depth + 1) for item in value]
        return {key: self.copy(event, item, depth + 1) for key, item in value.items()}

    def refuse_tag(self, event: Event) -> None:
        self.note(event, f"the tag {_written(event.tag)} is not one of YAML's core schema; remove it")

    def note(self, event: Event, message: str, suggestion: str | None = None) -> None:
        line = event.start_mark.line + 1
        self.findings.append(Finding(self.source, line, join(self.steps), message, suggestion))
        if len(self.findings) >= MOST_FINDINGS:
            raise ContractError(self.findings)

    def stop(self, event: Event, message: str) -> NoReturn:
        line = event.start_mark.line + 1
        raise ContractError([*self.findings, Finding(self.source, line, join(self.steps), message)])


def _written(tag: str) -> str:
    return shown(f"!!{tag.removeprefix(CORE)}" if tag.startswith(CORE) else tag)
