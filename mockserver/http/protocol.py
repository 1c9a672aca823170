"""uvicorn's HTTP for a server that upgrades to nothing: an offer is ignored, and the request read as it is."""

from __future__ import annotations

from collections import deque
from typing import Any

import httptools

from mockserver.http.limited import LimitedProtocol

OFFER = {b"upgrade", b"http2-settings"}
# Where header fields go that follow a body: they are no part of the head, and nobody asks for them.
NOWHERE: Any = deque(maxlen=0)


class SteadyProtocol(LimitedProtocol):
    """The JDK's client offers HTTP/2 with each request; httptools then stops before the body, which would be lost."""

    def _should_upgrade(self) -> bool:
        # True holds the request back until its head has been read again without the offer.
        return self._get_upgrade() is not None

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        if not self.parser.should_upgrade():
            self.headers = NOWHERE

    def read(self, data: bytes | memoryview) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            # CONNECT ends here too, with nothing held back.
            if self._should_upgrade():
                self.parser = httptools.HttpRequestParser(self)
                self.read(self._head_without_offer() + data[offer.args[0] :])

    def _head_without_offer(self) -> bytes:
        version = b"HTTP/" + self.scope["http_version"].encode()
        lines = [b" ".join((self.scope["method"].encode(), self.url, version))]
        for name, value in self.headers:
            kept = _without_offer(value) if name == b"connection" else value
            if name not in OFFER and kept:
                lines.append(name + b": " + kept)
        return b"\r\n".join((*lines, b"", b""))


def _without_offer(connection: bytes) -> bytes:
    """A Connection header that names the offer's headers no more."""
    tokens = (token.strip() for token in connection.split(b","))
    return b", ".join(token for token in tokens if token.lower() not in OFFER)
