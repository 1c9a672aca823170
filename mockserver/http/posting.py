"""Posts one JSON document and waits for the status of the answer: no redirect is followed, no proxy asked."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Mapping
from urllib.parse import SplitResult

from mockserver.http.targets import DEFAULT_PORTS, is_here

LONGEST_LINE = 8192
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# What the transport itself says of a request.
OURS = frozenset(("host", "content-length", "connection", "transfer-encoding", "expect"))


class NotPosted(Exception):
    """There was no answer; the message says why."""


async def post(url: SplitResult, headers: Mapping[str, str], body: bytes, timeout: float, read_timeout: float) -> int:
    """The status that a server answers within so many seconds, of which some are for connecting. NotPosted."""
    head = _head(url, headers, len(body))
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await _connect(url)
    except TimeoutError:
        raise NotPosted(f"no connection within {timeout:g} seconds") from None
    except (OSError, ssl.SSLError) as error:
        raise NotPosted(f"no connection: {error}") from None
    try:
        async with asyncio.timeout(read_timeout):
            writer.write(head + body)
            await writer.drain()
            return await _status(reader)
    except TimeoutError:
        raise NotPosted(f"no answer within {read_timeout:g} seconds") from None
    except (OSError, ssl.SSLError, ValueError) as error:
        raise NotPosted(f"the connection broke: {error}") from None
    finally:
        writer.transport.abort()


async def _connect(url: SplitResult) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host = url.hostname or ""
    port = url.port or DEFAULT_PORTS[url.scheme]
    secure = ssl.create_default_context() if url.scheme == "https" else None
    # A name of this machine leads here, whatever it is said to lead to.
    places = ("127.0.0.1", "::1") if is_here(host) and not host[:1].isdigit() and ":" not in host else (host,)
    failure: OSError | None = None
    for place in places:
        try:
            return await asyncio.open_connection(
                place, port, limit=LONGEST_LINE, ssl=secure, server_hostname=host if secure else None
            )
        except OSError as error:
            failure = failure or error
    assert failure is not None
    raise failure


def _head(url: SplitResult, headers: Mapping[str, str], length: int) -> bytes:
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    given = {name.lower(): name for name in headers}
    fields = {"Host": url.netloc.rpartition("@")[2], "Content-Length": str(length), "Connection": "close"}
    if "content-type" not in given:
        fields["Content-Type"] = "application/json"
    for name, value in headers.items():
        if not TOKEN.fullmatch(name) or not value.isascii() or not (value.isprintable() or not value):
            raise NotPosted(f"the header {name!r} cannot be sent")
        if name.lower() not in OURS:
            fields[name] = value
    lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    return "\r\n".join(lines).encode("ascii")


async def _status(reader: asyncio.StreamReader) -> int:
    """The status of the first answer that is not provisional."""
    while True:
        line = await reader.readline()
        parts = line.split(None, 2)
        if len(parts) < 2 or not parts[0].startswith(b"HTTP/1.") or not parts[1].isdigit() or len(parts[1]) != 3:
            raise NotPosted("the connection was closed without an answer" if not line else "the answer is no HTTP")
        if not parts[1].startswith(b"1"):
            return int(parts[1])
        while (await reader.readline()).strip():
            """The fields of a provisional answer say nothing to us."""
