"""What the server answered to each request once: the bytes that yardsticks and peers answer too."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.cases import ADMIN, CASES, CONNECTIONS, COUNTER, Case, Request, bearer
from bench.processes import Server, fetch

CLOSE = "Connection: close\r\n"


@dataclass(frozen=True)
class Exchange:
    """A request and the body of the answer to it."""

    request: Request
    body: bytes

    @property
    def path(self) -> str:
        """Without the query."""
        return self.request.path.partition("?")[0]


@dataclass(frozen=True)
class Recording:
    """Every request of the cases, as each connection sends it; `tables` are the connections' own."""

    tables: list[str]
    token: str
    exchanges: list[Exchange]

    def save(self, file: Path) -> None:
        """For the yardsticks, by method and path."""
        rows = [[each.request.method, each.path, base64.b64encode(each.body).decode()] for each in self.exchanges]
        file.write_text(json.dumps(rows))


def ask(server: Server, request: Request, token: str) -> bytes:
    """The body of the answer, which must be a success."""
    answer = fetch(server.port, request.message(bearer(token) + CLOSE).encode())
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 2"):
        raise SystemExit(f"{server.name} answers {request.method} {request.path} with {answer[:300]!r}")
    return body


def own_tables(server: Server, token: str, connections: int = CONNECTIONS) -> list[str]:
    """As many tables as there are connections, none of which the admin follows."""
    path = f"/api/v1/tables?limit={4 * connections}&fields=followers"
    page: list[dict[str, Any]] = json.loads(ask(server, Request("GET", path), token))["data"]
    free = [table["id"] for table in page if ADMIN not in [follower["id"] for follower in table.get("followers", [])]]
    return free[:connections]


def record(server: Server, cases: Sequence[Case] = CASES) -> Recording:
    """Sends each request once; every change among them is one."""
    token = server.tokens["admin"]
    tables = own_tables(server, token)
    exchanges: dict[Request, Exchange] = {}
    for case in cases:
        for table in tables:
            for asked in case.requests:
                request = asked.on(table)
                if request not in exchanges:
                    sent = Request(request.method, request.path, _numbered(request.body), request.content_type)
                    exchanges[request] = Exchange(request, ask(server, sent, token))
    return Recording(tables, token, list(exchanges.values()))


def _numbered(body: str) -> str:
    return body.replace(COUNTER, "0" * len(COUNTER))
