"""One keep-alive connection of the load generator: sends a message, says when the answer to it is whole."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import cast

import httptools

from bench.cases import COUNTER

MARK = COUNTER.encode()
WIDTH = len(MARK)
WRONG = 300


class Connection(asyncio.Protocol):
    """Sends its messages in turn; `answered` is called with it after each whole answer."""

    def __init__(self, messages: list[bytes], numbers: count[int], statuses: Counter[int]) -> None:
        self._messages = [tuple(message.split(MARK)) for message in messages]
        self._numbers = numbers
        self._statuses = statuses
        self._next = 0
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self.answered: Callable[[Connection], None] = Connection.close
        self.due = 0.0
        # The first answer that was no success, as far as it came in one piece.
        self.wrong = ""
        self._came = b""
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self.lost.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._came = data
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        self._statuses[status] += 1
        if status >= WRONG and not self.wrong:
            self.wrong = self._came.partition(b"\r\n\r\n")[2].decode(errors="replace")
        if not self._parser.should_keep_alive():
            self.close()
            return
        self.answered(self)

    def send(self) -> None:
        if self._transport is None:
            return
        pieces = self._messages[self._next]
        self._next = (self._next + 1) % len(self._messages)
        if len(pieces) == 1:
            self._transport.write(pieces[0])
        else:
            self._transport.write(b"%0*d".join(pieces) % (WIDTH, next(self._numbers)))

    @property
    def amid(self) -> bool:
        """Whether a turn of its messages has begun and not ended: what one of them made, a later one takes back."""
        return self._next != 0

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
