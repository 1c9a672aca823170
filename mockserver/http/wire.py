"""Between ASGI's messages and the engine's calls and replies."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping
from typing import Any

from mockserver.exchange import Call, Headers, Problem, Reply
from mockserver.http import cors

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Fields = Mapping[str, str]
WireHeaders = list[tuple[bytes, bytes]]

WITHOUT_BODY = frozenset((204, 304))
LINGER_SECONDS = 1.0
LINGER_BYTES = 16 * 1024 * 1024


class Disconnected(Exception):
    """The caller went away before it had sent its body."""


class ConnectionDropped(ConnectionError):
    """The connection was closed without an answer, as a fault asked for; seen by callers without a socket."""


def decoded(headers: Collection[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header fields by lower-case name; one that came several times is joined as HTTP has it."""
    found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
    return found if len(found) == len(headers) else _joined(headers)


def _joined(headers: Collection[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        found[name] = f"{found[name]}{'; ' if name == 'cookie' else ', '}{value}" if name in found else value
    return found


def too_large(limit: int) -> Problem:
    return Problem(413, f"the body is too large: at most {limit:,} bytes are taken")


async def read_body(headers: Mapping[str, str], receive: Receive, limit: int) -> bytes:
    """The whole body; a Problem when it is, or is announced to be, over the limit."""
    length = headers.get("content-length", "")
    if length.isdecimal():
        digits = length.lstrip("0")
        if not digits:
            return b""
        if len(digits) > 18 or int(digits) > limit:
            raise too_large(limit)
    message = await receive()
    if message["type"] != "http.request":
        raise Disconnected
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        if len(body) > limit:
            raise too_large(limit)
        return body
    return await _read_rest(body, receive, limit)


async def _read_rest(first: bytes, receive: Receive, limit: int) -> bytes:
    chunks, size, more = [first], len(first), True
    while more and size <= limit:
        message = await receive()
        if message["type"] != "http.request":
            raise Disconnected
        chunk: bytes = message.get("body", b"")
        chunks.append(chunk)
        size += len(chunk)
        more = message.get("more_body", False)
    if size > limit:
        raise too_large(limit)
    return b"".join(chunks)


def head_of(reply: Reply, more: Headers = ()) -> WireHeaders:
    """The header fields of a reply, and some more."""
    headers: WireHeaders = []
    if reply.status not in WITHOUT_BODY:
        if reply.media_type is not None:
            headers.append((b"content-type", reply.media_type.encode()))
        headers.append((b"content-length", b"%d" % len(reply.body)))
    for name, value in (*reply.headers, *more) if more else reply.headers:
        headers.append((name.encode("latin-1"), value.encode("latin-1", "replace")))
    return headers


def body_of(method: str, reply: Reply) -> bytes:
    """What is sent of a reply's body."""
    return b"" if method == "HEAD" or reply.status in WITHOUT_BODY else reply.body


def start(call: Call, reply: Reply) -> dict[str, Any]:
    return {"type": "http.response.start", "status": reply.status, "headers": head_of(reply, shared(call, reply))}


def shared(call: Call, reply: Reply) -> Headers:
    """What a page of another origin needs to read the answer."""
    if reply.private or "origin" not in call.headers:
        return ()
    return cors.share(call.headers["origin"], reply.headers)


async def send_early(head: MutableMapping[str, Any], body: bytes, receive: Receive, send: Send) -> None:
    """Answers a caller that may still be sending, then closes; reads a little more first, so that it arrives."""
    await send({**head, "headers": [*head["headers"], (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body, "more_body": True})
    taken = 0
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            while taken < LINGER_BYTES:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body", False):
                    break
                taken += len(message.get("body", b""))
    except TimeoutError:
        pass
    await send({"type": "http.response.body", "body": b""})


async def act_out(call: Call, reply: Reply, receive: Receive, send: Send) -> None:
    """Sends a reply, late or never where a fault asked for that."""
    if reply.delay:
        await asyncio.sleep(reply.delay)
    if reply.drop:
        await drop(receive, send)
        return
    await send(start(call, reply))
    await send({"type": "http.response.body", "body": body_of(call.method, reply)})


async def drop(receive: Receive, send: Send) -> None:
    """Closes the connection without an answer; ConnectionDropped where there is no connection to close."""
    # ASGI has no message for this; uvicorn's `send` is a method of what owns the connection.
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionDropped("the connection was dropped, as a fault asked for")
    transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass


async def other_protocol(scope: Scope, receive: Receive, send: Send) -> None:
    """Nothing is to be done when the server starts or stops, and nothing but HTTP is spoken."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1003})
        return
    message: Mapping[str, Any] = {}
    while message.get("type") != "lifespan.shutdown":
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
