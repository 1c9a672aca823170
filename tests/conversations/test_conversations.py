"""Holds every written conversation with the server; each answer is checked against expectations and the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import orjson
import pytest

from mockserver.contract.pointer import Missing, follow, split
from tests.conversations.conftest import Called
from tests.conversations.conversation import Conversation, Exchange, Wait, conversations, fill
from tests.conversations.known import KNOWN
from tests.conversations.promises import promises
from tests.conversations.transport import Answer, InProcess, Request, Transport
from tests.support.contains import difference
from tests.support.passing import nothing_left

Json = Any
# Members of answers that tell in a shape of their own what came of a request, also when nothing did.
OWN_SHAPE = {"failedRequest", "lineageEdgesCreated"}
WRITTEN = tuple(conversations())


@pytest.mark.parametrize("conversation", WRITTEN, ids=str)
def test_conversation(conversation: Conversation) -> None:
    transport = InProcess(conversation.profile)
    with nothing_left():
        hold(conversation, transport)


@pytest.mark.parametrize("plain_asgi", [False, True], ids=["direct", "asgi"])
@pytest.mark.parametrize("conversation", WRITTEN, ids=str)
def test_conversation_over_a_socket(conversation: Conversation, plain_asgi: bool, called: Called) -> None:
    with closing(called(conversation.profile, plain_asgi)) as transport:
        hold(conversation, transport)


def hold(conversation: Conversation, transport: Transport) -> None:
    """Makes all calls in order; fails at the first answer that is not right, with all that is wrong with it."""
    names: dict[str, Json] = dict(KNOWN)
    for step in conversation.steps:
        if isinstance(step, Wait):
            transport.wait(step.seconds)
            continue
        request = _request(step, transport, names)
        answer = transport.send(request)
        wrong = [*_unexpected(step, answer, names), *promises(conversation.profile).broken(request, answer)]
        if wrong:
            pytest.fail(_report(step, request, answer, wrong), pytrace=False)
        body = answer.value
        names |= {name: _kept(answer, body, place) for name, place in step.keep.items()}


def _kept(answer: Answer, body: Json, place: str) -> Json:
    return answer.headers[place.lower()] if place and not place.startswith("/") else follow(body, split(place))


def _request(step: Exchange, transport: Transport, names: Mapping[str, Json]) -> Request:
    method, path = fill(step.call, names).split(" ", 1)
    if " " in path or not path.isascii():
        pytest.fail(f"{step.place}: no line of HTTP holds {path!r}", pytrace=False)
    headers: dict[str, str] = {}
    if step.user != "nobody":
        headers["Authorization"] = f"Bearer {transport.token(step.user, step.token)}"
    body = b""
    if "body" in step.expects:
        body = orjson.dumps(fill(step.body, names))
        headers["Content-Type"] = "application/json-patch+json" if method == "PATCH" else "application/json"
    elif step.text is not None:
        body = fill(step.text, names).encode()
        headers["Content-Type"] = "text/plain"
    elif step.raw is not None:
        body = step.raw.encode()
        headers["Content-Type"] = "application/json"
    headers |= fill(step.headers, names)
    return Request(method, f"/api{path}", {name: value for name, value in headers.items() if value}, body)


def _unexpected(step: Exchange, answer: Answer, names: Mapping[str, Json]) -> Iterator[str]:
    """Every expectation that the answer does not meet."""
    if answer.status != step.status:
        yield f"expected status {step.status}"
    body = answer.value
    if step.status >= 400 and not (isinstance(body, dict) and OWN_SHAPE & body.keys()):
        yield from _told(difference(body, {"code": step.status}))
    if "answer" in step.expects:
        yield from _told(difference(body, fill(step.answer, names)))
    if "exactly" in step.expects and body != (exact := fill(step.exactly, names)):
        yield f"expected exactly {orjson.dumps(exact).decode()}"
    yield from (f"expected nothing at {pointer}" for pointer in step.absent if _there(body, pointer))
    if "lines" in step.expects and (lines := str(body).splitlines()) != list(fill(step.lines, names)):
        yield f"expected other lines than {lines}"
    for sample in step.never:
        if difference(body, fill(sample, names)) is None:
            yield f"expected anything but {sample}"
    message = str(body.get("message")) if isinstance(body, dict) else ""
    yield from (f"expected the message to say {text!r}" for text in fill(step.says, names) if text not in message)
    for name, value in fill(step.told, names).items():
        if answer.headers.get(name.lower()) != value:
            yield f"expected header {name}: {value}"


def _told(found: str | None) -> Iterator[str]:
    if found is not None:
        yield found


def _there(body: Json, pointer: str) -> bool:
    try:
        follow(body, split(pointer))
    except Missing:
        return False
    return True


def _report(step: Exchange, request: Request, answer: Answer, wrong: list[str]) -> str:
    sent = request.body.decode()[:2000]
    return "\n".join(
        (
            f"{step.place}: {request.method} {request.path} {sent}",
            f"was answered {answer.status} {dict(answer.headers)}",
            answer.body.decode()[:4000],
            *(f"- {each}" for each in wrong),
        )
    )
