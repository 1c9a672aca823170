"""Holds the written conversations with the control plane, in which calls of the API may stand too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest

from mockserver.contract.pointer import Missing, follow, split
from mockserver.contract.yamlfile import Document, load_yaml
from mockserver.http.app import App
from mockserver.http.inprocess import client
from mockserver.http.loop import Loop
from mockserver.http.sandbox import Sandbox, open_sandbox
from mockserver.http.worlds import MemoryWorlds
from mockserver.world.registry import Limits
from tests.conversations.conversation import Exchange, Wait, fill
from tests.conversations.known import KNOWN
from tests.support import tokens
from tests.support.contains import difference
from tests.support.time import Now

Json = Any
HOME = Path(__file__).parent
URL = "http://localhost:8585"
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Conversation:
    """`limits` are those of the server, where they matter."""

    title: str
    exchanges: tuple[Exchange | Wait, ...]
    limits: Limits

    def __str__(self) -> str:
        return self.title


def conversations(folder: Path = HOME) -> Iterator[Conversation]:
    """Every conversation of every file in a folder."""
    for path in sorted(folder.glob("*.yaml")):
        document = load_yaml(path.read_bytes(), path.name)
        for at, written in enumerate(document.value):
            steps = [_step(document, step, f"/{at}/exchanges/{n}") for n, step in enumerate(written["exchanges"])]
            yield Conversation(written["conversation"], tuple(steps), Limits(**written.get("limits", {})))


def _step(document: Document, written: dict[str, Json], at: str) -> Exchange | Wait:
    if "wait" in written:
        return Wait(written["wait"])
    place = f"{document.source}:{document.where(at).line}"
    return Exchange(**{**written, "place": place, "expects": frozenset(written)})


@cache
def seeded() -> Sandbox:
    return open_sandbox(fixtures="documented", key=tokens.key("server"))


@pytest.mark.parametrize("conversation", list(conversations()), ids=str)
def test_conversation(conversation: Conversation) -> None:
    sandbox = seeded()._replace(worlds=MemoryWorlds(seeded().world.initial))
    with closing(Loop()) as loop:
        hold(conversation, sandbox, client(App(sandbox), URL, {}, loop))


def hold(conversation: Conversation, sandbox: Sandbox, http: httpx2.Client, now: Now | None = None) -> None:
    """Makes all calls in order; fails at the first answer that is not right, with all that is wrong with it."""
    names: dict[str, Json] = dict(KNOWN)
    for step in conversation.exchanges:
        if isinstance(step, Wait):
            assert now is not None
            now.seconds += step.seconds
            continue
        method, path = fill(step.call, names).split(" ", 1)
        answer = http.request(method, path, content=_content(step, names), headers=_headers(step, sandbox))
        if wrong := list(_wrong(step, answer, names)):
            told = f"{step.place}: {step.call} was answered {answer.status_code}"
            pytest.fail("\n".join([told, answer.text[:3000], *wrong]), pytrace=False)
        names |= {name: follow(answer.json(), split(pointer)) for name, pointer in step.keep.items()}


def _content(step: Exchange, names: Mapping[str, Json]) -> bytes | None:
    if "body" in step.expects:
        return orjson.dumps(fill(step.body, names))
    return None if step.raw is None else step.raw.encode()


def _headers(step: Exchange, sandbox: Sandbox) -> dict[str, str]:
    if step.user == "nobody":
        return {"Content-Type": "application/json", **step.headers}
    token = sandbox.token(step.user, world=step.leads_to)
    return {"Content-Type": "application/json", "Authorization": f"Bearer {token}", **step.headers}


def _wrong(step: Exchange, answer: httpx2.Response, names: Mapping[str, Json]) -> Iterator[str]:
    """Every expectation that the answer does not meet."""
    if answer.status_code != step.status:
        yield f"- expected status {step.status}"
    if step.status == 204 and answer.content:
        yield "- expected nothing"
    if step.status >= 400 and "/__mock__" in step.call:
        yield from _no_problem(step, answer)
    if "answer" in step.expects and (found := difference(answer.json(), fill(step.answer, names))):
        yield f"- {found}"
    if "exactly" in step.expects and answer.json() != (exact := fill(step.exactly, names)):
        yield f"- expected exactly {exact}"
    for text in fill(list(step.says), names):
        if text not in answer.text:
            yield f"- expected it to say {text!r}"
    for pointer in step.absent:
        if _there(answer.json(), pointer):
            yield f"- expected nothing at {pointer}"
    for name, value in step.told.items():
        if answer.headers.get(name) != value:
            yield f"- expected header {name}: {value}, not {answer.headers.get(name)}"


def _no_problem(step: Exchange, answer: httpx2.Response) -> Iterator[str]:
    """What keeps a refusal from being problem details."""
    if answer.headers.get("content-type") != PROBLEM:
        yield f"- expected {PROBLEM}"
        return
    details = answer.json()
    if details.get("status") != step.status or not details.get("title") or not details.get("detail"):
        yield "- expected status, title and detail"


def _there(body: Json, pointer: str) -> bool:
    try:
        follow(body, split(pointer))
    except Missing:
        return False
    return True
