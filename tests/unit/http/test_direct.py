"""The short way says what ASGI says, however the bytes come in, and in the order in which they came."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from mockserver.http.app import App
from mockserver.http.sandbox import Sandbox
from mockserver.http.settings import Settings
from mockserver.http.worlds import MemoryWorlds
from mockserver.world.faults import Fault
from tests.support.feeding import said, said_each
from tests.support.stores import LaterWorlds

TABLE = "/api/v1/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3"
BODY = orjson.dumps("2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4")
LENGTH = f"Content-Length: {len(BODY)}"
ORIGIN = "Origin: https://app.example.org"
OFFER = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAA")
PARTED_OFFER = ("Connection: Upgrade", "Connection: keep-alive", "Upgrade: h2c")
CHUNKS = b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\nX-Late: 1\r\n\r\n" % (5, BODY[:5], len(BODY) - 5, BODY[5:])
LIMIT = 2000

Written = tuple[str, tuple[str, ...], bytes]

# What is said on a line, by what is seldom about it.
REQUESTS: dict[str, Written] = {
    "read": (f"GET {TABLE} HTTP/1.1", (), b""),
    "list": ("GET /api/v1/tables?limit=2&fields=owners,followers HTTP/1.1", (), b""),
    "head": (f"HEAD {TABLE} HTTP/1.1", (), b""),
    "options": ("OPTIONS /api/v1/tables HTTP/1.1", (), b""),
    "preflight": (f"OPTIONS {TABLE} HTTP/1.1", (ORIGIN, "Access-Control-Request-Method: PUT"), b""),
    "page of another origin": (f"PUT {TABLE}/followers HTTP/1.1", (ORIGIN, LENGTH), BODY),
    "write": (f"PUT {TABLE}/followers HTTP/1.1", (LENGTH,), BODY),
    "write in chunks": (f"PUT {TABLE}/followers HTTP/1.1", ("Transfer-Encoding: chunked",), CHUNKS),
    "write that waits to be asked": (f"PUT {TABLE}/followers HTTP/1.1", (LENGTH, "Expect: 100-continue"), BODY),
    "write with an offer": (f"PUT {TABLE}/followers HTTP/1.1", (*OFFER, LENGTH), BODY),
    "write with an offer in several fields": (f"PUT {TABLE}/followers HTTP/1.1", (*PARTED_OFFER, LENGTH), BODY),
    "broken chunks with an offer": (
        f"PUT {TABLE}/followers HTTP/1.1",
        (*OFFER, "Transfer-Encoding: chunked"),
        b"z\r\n",
    ),
    "long length": (f"PUT {TABLE}/followers HTTP/1.1", (f"Content-Length: {len(BODY):030}",), BODY),
    "empty write": (f"PUT {TABLE}/followers HTTP/1.1", ("Content-Length: 0",), b""),
    "broken body": (f"PUT {TABLE}/followers HTTP/1.1", ("Content-Length: 1",), b"{"),
    "large body": (f"PUT {TABLE}/followers HTTP/1.1", (f"Content-Length: {LIMIT + 1}",), b" " * (LIMIT + 1)),
    "body of a read": (f"GET {TABLE} HTTP/1.1", (LENGTH,), BODY),
    "unknown path": ("GET /api/v1/tabels HTTP/1.1", (), b""),
    "unknown place": ("GET /nothing HTTP/1.1", (), b""),
    "wrong method": ("DELETE /api/v1/tables HTTP/1.1", (), b""),
    "wrong argument": ("GET /api/v1/tables?limit=-1 HTTP/1.1", (), b""),
    "wrong media type": (f"PUT {TABLE}/followers HTTP/1.1", (LENGTH, "Content-Type: text/plain"), BODY),
    "wrong Accept": (f"GET {TABLE} HTTP/1.1", ("Accept: text/html",), b""),
    "wrong host": (f"GET {TABLE} HTTP/1.1", ("Host: rebound.example.org",), b""),
    "page": ("GET /openapi.json HTTP/1.1", (), b""),
    "control plane": ("GET /__mock__/health HTTP/1.1", (), b""),
    "oldest": (f"GET {TABLE} HTTP/1.0", (), b""),
    "oldest that stays": (f"GET {TABLE} HTTP/1.0", ("Connection: keep-alive",), b""),
    "last": (f"GET {TABLE} HTTP/1.1", ("Connection: close",), b""),
    "odd target": ("GET //%zz?a=%ff&&=? HTTP/1.1", (), b""),
    "absolute target": (f"GET http://elsewhere.example.org{TABLE} HTTP/1.1", (), b""),
    "write to a place": ("PUT http://localhost:8585 HTTP/1.1", (LENGTH,), BODY),
    "absolute target without a path": ("GET http://localhost:8585 HTTP/1.1", (), b""),
    "absolute target with a query alone": ("GET http://localhost:8585?a=/b HTTP/1.1", (), b""),
    "absolute target with an offer": ("GET http://localhost:8585 HTTP/1.1", OFFER, b""),
    "no target": ("OPTIONS * HTTP/1.1", (), b""),
    "tunnel": ("CONNECT /api/v1/tables HTTP/1.1", (), b""),
    "tunnel that was offered another one": ("CONNECT /api/v1/tables HTTP/1.1", OFFER, b""),
    "tunnel to a place": ("CONNECT localhost:8585 HTTP/1.1", (), b""),
    "wide target": ("GET /api/v1/tables/n\u00e4me HTTP/1.1", (), b""),
    "twice the same field": (f"GET {TABLE} HTTP/1.1", ("Cookie: a=1", "COOKIE: b=2", "X-Wide: \u00e4"), b""),
    "no HTTP": ("once upon a time", (), b""),
    "two lengths": (f"PUT {TABLE}/followers HTTP/1.1", (LENGTH, "Content-Length: 1"), BODY),
}


def line_of(request: Written, sandbox: Sandbox) -> bytes:
    """The request as it is on the line, with what they all have."""
    first, fields, body = request
    names = {field.partition(":")[0].lower() for field in fields}
    usual = (
        "Host: localhost:8585",
        f"Authorization: Bearer {sandbox.token('admin')}",
        "Content-Type: application/json",
    )
    kept = [field for field in usual if field.partition(":")[0].lower() not in names]
    return "\r\n".join((first, *kept, *fields, "", "")).encode("latin-1") + body


@pytest.fixture
def app(sandbox: Sandbox) -> App:
    return App(sandbox, Settings(body_limit=LIMIT))


@pytest.fixture
def twin(sandbox: Sandbox) -> App:
    """An application with a world of its own in the same state."""
    return App(sandbox._replace(worlds=MemoryWorlds(sandbox.world.initial)), Settings(body_limit=LIMIT))


@pytest.mark.parametrize("name", REQUESTS)
def test_both_ways_say_the_same_bytes(app: App, twin: App, sandbox: Sandbox, name: str) -> None:
    line = line_of(REQUESTS[name], sandbox)

    short, plain = said(app, [line]), said(twin, [line], plain_asgi=True)

    assert short == plain
    assert short.startswith(b"HTTP/1.1 ")
    assert short.endswith(b"(closed)") == (b"\r\nconnection: close\r\n" in short)
    assert journal(app) == journal(twin)


@pytest.mark.parametrize("patient", [True, False])
@pytest.mark.parametrize("name", REQUESTS)
def test_so_they_do_when_the_same_is_asked_again_and_again(
    app: App, twin: App, sandbox: Sandbox, name: str, patient: bool
) -> None:
    line = line_of(REQUESTS[name], sandbox)
    begin, end = line[:50], line[50:]
    pieces = [line, line, line + line, begin, end + begin, end, line]
    short, plain = (
        said_each(each, [pieces, pieces, [end + begin], [end]], plain_asgi=each is twin, patient=patient)
        for each in (app, twin)
    )

    assert short == plain
    assert journal(app) == journal(twin)


@pytest.mark.parametrize("fault", [Fault(0, status=503), Fault(0, latency=0.001), Fault(0, drop=True)], ids=str)
def test_so_they_do_when_a_fault_strikes_what_was_asked_before(
    app: App, twin: App, sandbox: Sandbox, fault: Fault
) -> None:
    line = line_of(REQUESTS["write"], sandbox)
    told = []
    for each in (app, twin):
        said(each, [line, line], plain_asgi=each is twin)
        each.sandbox.world.add_fault(fault)
        told.append(said_each(each, [[line, line]], plain_asgi=each is twin))

    assert told[0] == told[1]
    assert journal(app) == journal(twin)


@pytest.mark.parametrize("fault", [Fault(0, status=503), Fault(0, latency=0.001), Fault(0, drop=True)], ids=str)
def test_so_they_do_when_a_fault_strikes(app: App, twin: App, sandbox: Sandbox, fault: Fault) -> None:
    for each in (app, twin):
        each.sandbox.world.add_fault(fault)
    line = line_of(REQUESTS["write"], sandbox)

    assert said(app, [line]) == said(twin, [line], plain_asgi=True)
    assert journal(app) == journal(twin)


@pytest.mark.parametrize("patient", [True, False])
@pytest.mark.parametrize(
    "name",
    [
        "read",
        "write",
        "write in chunks",
        "write with an offer",
        "write with an offer in several fields",
        "write to a place",
        "long length",
        "broken body",
        "absolute target with an offer",
        "tunnel",
    ],
)
def test_an_answer_is_the_same_wherever_the_request_is_split(
    app: App, sandbox: Sandbox, name: str, patient: bool
) -> None:
    line = line_of(REQUESTS[name], sandbox)
    splits = [(line[:at], line[at:]) for at in range(1, len(line))]
    said(app, [line])

    answers = said_each(app, [*splits, [line[at : at + 1] for at in range(len(line))]], patient=patient)

    assert set(answers) == {said(app, [line])}


@pytest.fixture
def late(sandbox: Sandbox) -> App:
    """An application whose answers have to be waited for."""
    return App(sandbox._replace(worlds=LaterWorlds(sandbox.world.initial)), Settings(body_limit=LIMIT))


@pytest.mark.parametrize("name", REQUESTS)
def test_an_answer_that_is_waited_for_says_the_same_bytes(late: App, twin: App, sandbox: Sandbox, name: str) -> None:
    line = line_of(REQUESTS[name], sandbox)

    assert said(late, [line]) == said(twin, [line], plain_asgi=True)
    assert journal(late) == journal(twin)


@pytest.mark.parametrize("fault", [Fault(0, status=503), Fault(0, latency=0.001), Fault(0, drop=True)], ids=str)
def test_so_does_one_that_a_fault_strikes(late: App, twin: App, sandbox: Sandbox, fault: Fault) -> None:
    for each in (late, twin):
        each.sandbox.world.add_fault(fault)
    line = line_of(REQUESTS["write"], sandbox)

    assert said(late, [line]) == said(twin, [line], plain_asgi=True)


def test_answers_that_are_waited_for_come_in_the_order_of_the_requests(late: App, sandbox: Sandbox) -> None:
    lines = [line_of(REQUESTS[name], sandbox) for name in MIXED]
    said(late, lines)
    together = b"".join(lines)

    answers = said_each(late, [(together[:at], together[at:]) for at in range(0, len(together), 97)], patient=False)

    assert set(answers) == {b"".join(said_each(late, [[line] for line in lines]))}


MIXED = ("read", "page", "write", "write in chunks", "list", "control plane", "head", "write with an offer", "options")


@pytest.mark.parametrize("patient", [True, False])
def test_answers_come_in_the_order_of_the_requests_wherever_they_are_split(
    app: App, sandbox: Sandbox, patient: bool
) -> None:
    lines = [line_of(REQUESTS[name], sandbox) for name in MIXED]
    said(app, lines)
    together = b"".join(lines)

    answers = said_each(app, [(together[:at], together[at:]) for at in range(0, len(together), 13)], patient=patient)

    assert set(answers) == {b"".join(said_each(app, [[line] for line in lines]))}


@pytest.mark.parametrize("plain_asgi", [False, True])
def test_fields_behind_a_body_are_no_part_of_the_head(app: App, sandbox: Sandbox, plain_asgi: bool) -> None:
    said(app, [line_of(REQUESTS["write in chunks"], sandbox)], plain_asgi=plain_asgi)

    (entry,) = sandbox.world.journal
    assert entry.call.body == BODY
    assert "x-late" not in entry.call.headers


def test_a_request_behind_a_late_answer_waits_for_it(app: App, sandbox: Sandbox) -> None:
    lines = [line_of(REQUESTS[name], sandbox) for name in ("list", "read", "page")]
    alone = [said(app, [line]) for line in lines]
    sandbox.world.add_fault(Fault(0, operation="listTables", latency=0.001))

    assert said(app, [b"".join(lines)]) == b"".join(alone)


def test_what_is_sent_behind_a_last_request_is_not_done(app: App, sandbox: Sandbox) -> None:
    last, write = (line_of(REQUESTS[name], sandbox) for name in ("last", "write"))
    before = sandbox.world.root

    answer = said(app, [last + write + last])

    assert answer.count(b"HTTP/1.1 ") == answer.count(b"connection: close") == 1
    assert sandbox.world.root is before
    assert len(sandbox.world.journal) == 1


def test_what_is_no_http_is_refused_behind_the_answers_before_it(app: App, sandbox: Sandbox) -> None:
    read = line_of(REQUESTS["read"], sandbox)

    assert said(app, [read + read + b"once upon a time\r\n\r\n"]).split(b"HTTP/1.1 ")[3].startswith(b"400")


def test_an_answer_that_cannot_be_put_on_the_line_is_treated_alike(
    app: App, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = sandbox.engine.handle
    broken = (("X-Broken", "a\r\nb: c"),)
    monkeypatch.setattr(sandbox.engine, "handle", lambda call, world: replace(handle(call, world), headers=broken))
    line = line_of(REQUESTS["read"], sandbox)

    assert said(app, [line]) == said(app, [line], plain_asgi=True)


def journal(app: App) -> list[tuple[object, ...]]:
    return [
        (each.operation, each.principal, each.call, each.reply.status, each.reply.body)
        for each in app.sandbox.world.journal
    ]
