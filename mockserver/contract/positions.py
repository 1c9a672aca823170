"""Where each value of a YAML or JSON text is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yaml.events import AliasEvent, CollectionEndEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

from mockserver.contract.events import Event, parsing
from mockserver.contract.pointer import escape
from mockserver.contract.problem import ContractError
from mockserver.contract.text import readable

Position = tuple[int, int]


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence that is being read: where it is, and the key or index it has come to."""

    pointer: str
    keyed: bool
    key: str | None = None
    index: int = 0

    def takes_key(self) -> bool:
        return self.keyed and self.key is None

    def next_pointer(self) -> str:
        if self.keyed:
            step, self.key = self.key, None
            return f"{self.pointer}/{escape(step or '')}"
        self.index += 1
        return f"{self.pointer}/{self.index - 1}"


def positions(text: str) -> dict[str, Position]:
    """Line and column by JSON pointer, of the key where there is one; as far as the text can be read."""
    found: dict[str, Position] = {}
    frames: list[_Frame] = []
    try:
        with parsing(readable(text), "") as following:
            while (event := following()) is not None:
                _record(event, frames, found)
    except ContractError:
        return found
    return found


def _record(event: Event, frames: list[_Frame], found: dict[str, Position]) -> None:
    if isinstance(event, CollectionEndEvent):
        frames.pop()
        return
    if not isinstance(event, ScalarEvent | AliasEvent | SequenceStartEvent | MappingStartEvent):
        return
    mark: Any = event.start_mark
    position = (mark.line + 1, mark.column + 1)
    frame = frames[-1] if frames else None
    if frame is not None and frame.takes_key():
        frame.key = event.value if isinstance(event, ScalarEvent) else ""
        found[f"{frame.pointer}/{escape(frame.key)}"] = position
        return
    pointer = frame.next_pointer() if frame is not None else ""
    found.setdefault(pointer, position)
    if isinstance(event, SequenceStartEvent | MappingStartEvent):
        frames.append(_Frame(pointer, isinstance(event, MappingStartEvent)))
