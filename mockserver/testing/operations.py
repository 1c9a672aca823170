"""The operation ids of a contract, so that a misspelt one is found out and not waited for."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from mockserver.contract.problem import nearest


class Operations:
    """The ids that a test may name."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._ids = dict.fromkeys(ids)

    def check(self, id: str) -> None:
        """ValueError unless the contract has this operation."""
        __tracebackhide__ = True
        if id not in self._ids:
            raise ValueError(self._unknown(f"the contract has no operation {id!r}", id))

    def check_pattern(self, pattern: str) -> None:
        """ValueError unless the contract has an operation that the glob matches."""
        __tracebackhide__ = True
        if not any(fnmatchcase(id, pattern) for id in self._ids):
            raise ValueError(self._unknown(f"the contract has no operation like {pattern!r}", pattern))

    def _unknown(self, message: str, id: str) -> str:
        meant = nearest(id, self._ids)
        return f"{message}; did you mean {meant!r}?" if meant else f"{message}; `mockserver routes` lists them"
