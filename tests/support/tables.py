"""Clients of one table over real sockets: what they ask, and what of the answer tells the table's whole state."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson

from tests.conversations.known import KNOWN
from tests.support.live import PATIENCE

Json = Any
TABLE = KNOWN["table"]
SCHEMA = "sample_data.ecommerce_db.shopify"
PATCH_TYPE = "application/json-patch+json"


class Seen(NamedTuple):
    """A table as an answer shows it."""

    version: float
    description: str
    followers: frozenset[str]


class Lost(Exception):
    """No answer came, so that nobody knows what was done."""


class Unreached(Exception):
    """Nobody was there to be asked."""


class Refused(Exception):
    """An answer that says that nothing was done."""

    def __init__(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        super().__init__(f"{status} {body[:500]!r}")
        self.status = status
        self.headers = headers

    @property
    def is_passing(self) -> bool:
        """Whether it says that it may be otherwise soon."""
        return self.status == 503 and "retry-after" in self.headers


class TableClient:
    """One caller, who asks each of the servers in turn, on a connection that is kept to each."""

    def __init__(self, urls: Sequence[str], token: str, world: str = "default", table: str = TABLE) -> None:
        parts = [urlsplit(url) for url in urls]
        self._lines = [HTTPConnection(part.hostname or "", part.port, timeout=PATIENCE) for part in parts]
        self._turns = cycle(self._lines)
        self._headers = {"Authorization": f"Bearer {token}", "X-Mock-World": world}
        self._path = f"/api/v1/tables/{table}"

    def read(self) -> Seen:
        return _seen(self.ask("GET", f"{self._path}?fields=followers"))

    def describe(self, text: str) -> Seen:
        return _seen(self.ask("PATCH", self._path, [{"op": "add", "path": "/description", "value": text}]))

    def follow(self, user: str) -> Seen:
        return _seen(self.ask("PUT", f"{self._path}/followers", user))

    def unfollow(self, user: str) -> Seen:
        return _seen(self.ask("DELETE", f"{self._path}/followers/{user}"))

    def create(self, name: str) -> Json:
        """A new table beside this one."""
        columns = [{"name": "id", "dataType": "BIGINT"}]
        return self.ask("POST", "/api/v1/tables", {"name": name, "databaseSchema": SCHEMA, "columns": columns})

    def create_user(self, name: str) -> str:
        """A new user's id."""
        made = self.ask("POST", "/api/v1/users", {"name": name, "email": f"{name}@example.com"})
        return str(made["id"])

    def versions(self) -> list[Json]:
        """All versions, newest first."""
        return [orjson.loads(text) for text in self.ask("GET", f"{self._path}/versions")["versions"]]

    def ask(self, method: str, path: str, body: Json = None) -> Json:
        """The value of a good answer; Refused by another one, Lost or Unreached without one."""
        headers = {**self._headers, "Content-Type": PATCH_TYPE if method == "PATCH" else "application/json"}
        content = None if body is None else orjson.dumps(body)
        line = next(self._turns)
        try:
            if line.sock is None:
                line.connect()
        except ConnectionRefusedError as error:
            raise Unreached from error
        try:
            line.request(method, path, content, headers)
            answer = line.getresponse()
            told = answer.read()
        except (OSError, HTTPException) as error:
            line.close()
            raise Lost from error
        if answer.status >= 300:
            raise Refused(answer.status, told, {name.lower(): value for name, value in answer.getheaders()})
        return orjson.loads(told) if told else None

    def close(self) -> None:
        for line in self._lines:
            with suppress(OSError):
                line.close()


def _seen(table: Json) -> Seen:
    return Seen(table["version"], table["description"], frozenset(each["id"] for each in table["followers"]))
