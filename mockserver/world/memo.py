"""The answers that are remembered of one root: they follow from it and from their keys, and nothing else."""

from __future__ import annotations

from mockserver.exchange import Reply

MOST_ANSWERS = 1024
MOST_BYTES = 4 * 1024 * 1024


class Memo(dict[object, tuple[str, Reply]]):
    """Answers by their keys, with who is given them; all are forgotten when there are too many, or too large ones.

    Under None is never anything: that is the key of what is not to be remembered.
    """

    __slots__ = ("_bytes",)

    def __init__(self) -> None:
        super().__init__()
        self._bytes = 0

    def keep(self, key: object, name: str, reply: Reply) -> None:
        size = len(reply.body)
        if len(self) >= MOST_ANSWERS or self._bytes + size > MOST_BYTES:
            self.clear()
            self._bytes = 0
        self._bytes += size
        self[key] = (name, reply)
