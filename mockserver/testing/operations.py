"""The operations that a test may name, so that a misspelt name is found out and not waited for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from mockserver.contract.problem import nearest


class Operations:
    """The ids that a contract has, each with the names of what stands in its path."""

    def __init__(self, arguments: Mapping[str, Sequence[str]]) -> None:
        self._ids = arguments

    def check(self, id: str, arguments: Iterable[str] = ()) -> None:
        """ValueError unless the contract has this operation, and its path these arguments."""
        __tracebackhide__ = True
        if id not in self._ids:
            raise ValueError(self._unknown(f"the contract has no operation {id!r}", id))
        for name in arguments:
            if name not in self._ids[id]:
                has = ", ".join(self._ids[id]) or "none"
                raise ValueError(f"the path of {id} has no argument {name!r}; it has: {has}")

    def check_pattern(self, pattern: str) -> None:
        """ValueError unless the contract has an operation that the glob matches."""
        __tracebackhide__ = True
        if not any(fnmatchcase(id, pattern) for id in self._ids):
            raise ValueError(self._unknown(f"the contract has no operation like {pattern!r}", pattern))

    def _unknown(self, message: str, id: str) -> str:
        meant = nearest(id, self._ids)
        return f"{message}; did you mean {meant!r}?" if meant else f"{message}; `mockserver routes` lists them"
