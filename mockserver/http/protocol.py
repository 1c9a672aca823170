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
        # True holds the request back until its head has been read again without the offer. CONNECT ends the parsing
        # as an offer does, and is answered as it is.
        return self.parser.get_method() != b"CONNECT"

    def note_head(self) -> None:
        super().note_head()
        if self.url[:1] != b"/":
            self.url = _with_path(self.url)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        if not self.parser.should_upgrade():
            self.headers = NOWHERE

    def read(self, data: bytes | memoryview) -> None:
        while data:
            data = self._read_on(data)

    def _read_on(self, data: bytes | memoryview) -> bytes | memoryview:
        """Reads up to an offer, and gives what is to be read then."""
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            rest = data[offer.args[0] :]
            if not self._should_upgrade():
                return rest
            self.parser = httptools.HttpRequestParser(self)
            return self._head_without_offer() + rest
        return b""

    def _head_without_offer(self) -> bytes:
        version = b"HTTP/" + self.scope["http_version"].encode()
        lines = [b" ".join((self.scope["method"].encode(), self.url, version))]
        for name, value in self.headers:
            kept = _without_offer(value) if name == b"connection" else value
            if name not in OFFER and (kept or kept is value):
                lines.append(name + b": " + kept)
        return b"\r\n".join((*lines, b"", b""))


def _with_path(url: bytes) -> bytes:
    """A target with the path that one has which names a place alone; HttpParserInvalidURLError when it is no target."""
    parsed = httptools.parse_url(url)
    if parsed.path is not None:
        return url
    place, mark, query = url.partition(b"?")
    return place + b"/" + mark + query


def _without_offer(connection: bytes) -> bytes:
    """A Connection header that names the offer's headers no more."""
    tokens = (token.strip() for token in connection.split(b","))
    return b", ".join(token for token in tokens if token.lower() not in OFFER)
