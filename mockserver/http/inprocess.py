"""httpx2 clients that call an application directly: no socket, no thread, the same requests and answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, MutableMapping
from typing import Any

from mockserver.http.loop import Loop
from mockserver.http.wire import ASGIApp, ConnectionDropped

try:
    import httpx2
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("mockserver's clients are httpx2's: install mockserver[pytest]", name="httpx2") from error

CHUNK = 64 * 1024


def client(app: ASGIApp, base_url: str, headers: Mapping[str, str], loop: Loop) -> httpx2.Client:
    """A client that reaches the application under the host of `base_url`, and nothing else."""
    transport = InProcess(app, httpx2.URL(base_url).host, loop)
    return httpx2.Client(transport=transport, base_url=base_url, headers=headers, trust_env=False)


def async_client(app: ASGIApp, base_url: str, headers: Mapping[str, str]) -> httpx2.AsyncClient:
    """`client` for asynchronous callers."""
    transport = AsyncInProcess(app, httpx2.URL(base_url).host)
    return httpx2.AsyncClient(transport=transport, base_url=base_url, headers=headers, trust_env=False)


class InProcess(httpx2.BaseTransport):
    """For `httpx2.Client`."""

    def __init__(self, app: ASGIApp, host: str, loop: Loop) -> None:
        self._app = app
        self._host = host
        self._loop = loop

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        return self._loop.run(_answered(self._app, self._host, request))


class AsyncInProcess(httpx2.AsyncBaseTransport):
    """For `httpx2.AsyncClient`."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._host = host

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        return await _answered(self._app, self._host, request)


async def _answered(app: ASGIApp, host: str, request: httpx2.Request) -> httpx2.Response:
    """The answer; what would go wrong on a socket is raised as it would be there."""
    if request.url.host != host:
        message = f"this client reaches nothing but http://{host}, within the test's own process; not {request.url}"
        raise httpx2.ConnectError(message, request=request)
    patience = request.extensions.get("timeout", {}).get("read")
    exchange = _Exchange(request)
    try:
        async with asyncio.timeout(patience):
            await app(exchange.scope, exchange.receive, exchange.send)
    except TimeoutError as error:
        raise httpx2.ReadTimeout(f"no answer within {patience} seconds", request=request) from error
    except ConnectionDropped as error:
        message = "Server disconnected without sending a response."
        raise httpx2.RemoteProtocolError(message, request=request) from error
    return httpx2.Response(exchange.status, headers=exchange.headers, stream=httpx2.ByteStream(b"".join(exchange.body)))


class _Exchange:
    """One request and its answer, in ASGI's messages."""

    def __init__(self, request: httpx2.Request) -> None:
        url = request.url
        self.scope: MutableMapping[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": url.scheme,
            "path": url.path,
            "raw_path": url.raw_path.split(b"?")[0],
            "query_string": url.query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": ("127.0.0.1", 0),
            "server": (url.host, url.port or 80),
        }
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.body: list[bytes] = []
        self._content = request.content
        self._sent = 0
        self._all_sent = False
        self._answered = asyncio.Event()

    async def receive(self) -> MutableMapping[str, Any]:
        if self._all_sent:
            await self._answered.wait()
            return {"type": "http.disconnect"}
        chunk = self._content[self._sent : self._sent + CHUNK]
        self._sent += len(chunk)
        # As on a socket: whoever refuses a large body halfway finds out how it ends by reading on.
        self._all_sent = len(chunk) < CHUNK
        return {"type": "http.request", "body": chunk, "more_body": not self._all_sent}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self.body.append(message.get("body", b""))
            if not message.get("more_body", False):
                self._answered.set()
