"""The requests that are measured: data, from which each server's messages are made."""

from __future__ import annotations

from dataclasses import dataclass, replace

TABLE = "455e3d9d-dbbf-455e-b3be-7191daa825f3"
TEAM = "449b5f25-4cbb-42db-8f71-3be2c5cd888a"
ADMIN = "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"
JSON = "application/json"
JSON_PATCH = "application/json-patch+json"

# What the generator replaces by a number that no other request of its run has; as wide as the number.
COUNTER = "%COUNTER"
# What stands for a table of the connection's own, so that the changes of one connection never undo another's.
OWN_TABLE = "{table}"
CONNECTIONS = 16


@dataclass(frozen=True)
class Request:
    """One request, without what a server asks for in addition."""

    method: str
    path: str
    body: str = ""
    content_type: str = JSON

    def on(self, table: str) -> Request:
        """The request as the connection that owns this table sends it."""
        path, body = (text.replace(OWN_TABLE, table) for text in (self.path, self.body))
        return Request(self.method, path, body, self.content_type)

    def again(self) -> Request:
        """The request as it is sent again and again: without a number of its own."""
        return replace(self, body=self.body.replace(COUNTER, "again"))

    def message(self, headers: str = "") -> str:
        """As it goes over the wire; `headers` are whole lines."""
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n{headers}"
        if self.body:
            head += f"Content-Type: {self.content_type}\r\nContent-Length: {len(self.body)}\r\n"
        return f"{head}\r\n{self.body}"


@dataclass(frozen=True)
class Case:
    """A kind of request: what each connection sends in turn."""

    name: str
    requests: tuple[Request, ...]


PATCH_OWN = Request(
    "PATCH",
    f"/api/v1/tables/{OWN_TABLE}",
    f'[{{"op":"add","path":"/description","value":"Measured {COUNTER}."}}]',
    JSON_PATCH,
)
GET_VERSIONS = Case("GET team versions", (Request("GET", f"/api/v1/teams/{TEAM}/versions"),))
GET_TABLE = Case("GET table", (Request("GET", f"/api/v1/tables/{TABLE}"),))
GET_TABLES = Case("GET 50 tables", (Request("GET", "/api/v1/tables?limit=50&fields=owners,columns,followers,votes"),))
PUT_SAME = Case("PUT follower, again", (Request("PUT", f"/api/v1/tables/{TABLE}/followers", f'"{ADMIN}"'),))
PUT_DELETE = Case(
    "PUT, DELETE follower",
    (
        Request("PUT", f"/api/v1/tables/{OWN_TABLE}/followers", f'"{ADMIN}"'),
        Request("DELETE", f"/api/v1/tables/{OWN_TABLE}/followers/{ADMIN}"),
    ),
)
PATCH_SAME = Case("PATCH table, again", (PATCH_OWN.again(),))
PATCH_TABLE = Case("PATCH table", (PATCH_OWN,))
# Nothing that an earlier answer left behind helps a read that follows a write.
GET_FRESH = Case("GET table, PATCH another", (*GET_TABLE.requests, PATCH_OWN))
CASES = (GET_VERSIONS, GET_TABLE, GET_TABLES, PUT_SAME, PUT_DELETE, PATCH_SAME, PATCH_TABLE, GET_FRESH)


def bearer(token: str) -> str:
    return f"Authorization: Bearer {token}\r\n"


def messages(case: Case, tables: list[str], headers: str) -> list[list[str]]:
    """What each connection sends, one connection a table."""
    return [[request.on(table).message(headers) for request in case.requests] for table in tables]
