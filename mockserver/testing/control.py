"""The control plane of a server elsewhere, as the handle asks it."""

from __future__ import annotations

from typing import Any

import httpx2
import orjson

from mockserver.http.choosing import HEADER

Json = Any
PATIENCE_SECONDS = 60.0


class ControlError(Exception):
    """The server was not reached, or refused; `status` is that of its answer. The message says what and why."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Shared(httpx2.BaseTransport):
    """The connections of all clients of a session; closing one client leaves them open."""

    def __init__(self) -> None:
        self._transport = httpx2.HTTPTransport()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self._transport.handle_request(request)

    def stop(self) -> None:
        self._transport.close()


class Control:
    """Asks one server; whatever goes wrong is a ControlError."""

    def __init__(self, url: str, token: str | None) -> None:
        self.url = url
        self.token = token
        self.transport = Shared()
        headers = {} if token is None else {b"Authorization": f"Bearer {token}".encode("latin-1")}
        self._http = httpx2.Client(transport=self.transport, headers=headers, timeout=PATIENCE_SECONDS)

    def ask(self, method: str, path: str, body: Json = None, *, world: str | None = None) -> Json:
        """What is answered below `/__mock__`, in a world; None when that is nothing."""
        answer = self._sent(method, f"/__mock__{path}", body, world)
        return orjson.loads(answer) if answer else None

    def page(self, path: str) -> Json:
        """The JSON of a page beside the control plane."""
        return orjson.loads(self._sent("GET", path, None, None))

    def close(self) -> None:
        self._http.close()
        self.transport.stop()

    def _sent(self, method: str, path: str, body: Json, world: str | None) -> bytes:
        headers = {} if world is None else {HEADER: world}
        content = None if body is None else orjson.dumps(body)
        try:
            answer = self._http.request(method, self.url + path, content=content, headers=headers)
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            raise ControlError(f"{self.url} cannot be reached: {error}") from None
        if answer.is_success:
            return answer.content
        raise ControlError(f"{method} {path}: {_reason(answer)}", answer.status_code)


def _reason(answer: httpx2.Response) -> str:
    """Why it was refused: the problem's detail, where there is one."""
    try:
        detail = answer.json()["detail"]
    except (ValueError, LookupError, TypeError):
        detail = answer.text[:200] or answer.reason_phrase
    return f"{answer.status_code}, {detail}"
