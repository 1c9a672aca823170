"""All operations of a contract, each of which is read when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, overload

from mockserver.contract.model import Operation


class Mark(NamedTuple):
    """What an operation is known by."""

    id: str
    method: str
    path: str


class Operations(Sequence[Operation]):
    """In the document's order. `marks` tell them apart without reading them."""

    def __init__(self, marks: Iterable[Mark], read: Callable[[Mark], Operation]) -> None:
        self.marks = tuple(marks)
        self._read = read
        self._known: list[Operation | None] = [None] * len(self.marks)

    @overload
    def __getitem__(self, at: int) -> Operation: ...

    @overload
    def __getitem__(self, at: slice) -> list[Operation]: ...

    def __getitem__(self, at: int | slice) -> Operation | list[Operation]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        operation = self._known[at]
        if operation is None:
            operation = self._known[at] = self._read(self.marks[at])
        return operation

    def __len__(self) -> int:
        return len(self.marks)
