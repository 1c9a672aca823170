"""Holds the written conversations over every store: with the API and with the control plane, each in its own world."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest

from mockserver.http.app import App
from mockserver.http.inprocess import client
from mockserver.http.loop import Loop
from mockserver.http.sandbox import Sandbox
from mockserver.world.registry import Limits
from tests.conversations import test_conversations as api
from tests.conversations.control import test_control_plane as control
from tests.conversations.conversation import Conversation
from tests.conversations.transport import Answer, Request
from tests.stores.conftest import KINDS, empty
from tests.stores.kept import PROFILE, Kept
from tests.support import tokens
from tests.support.time import Now

CALLS = [each for each in api.WRITTEN if each.profile == PROFILE]


@pytest.fixture(scope="module", params=KINDS)
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """One store for all conversations."""
    now = Now()
    with empty(request.param, tmp_path_factory.mktemp("kept"), request) as kind, closing(Loop()) as loop:
        yield Kept(kind.open(Limits(), now), loop, now)


@pytest.fixture
def sandbox(kept: Kept) -> Sandbox:
    return control.seeded()._replace(worlds=kept.worlds)


@pytest.fixture
def http(kept: Kept, sandbox: Sandbox) -> Iterator[httpx2.Client]:
    """A caller in a new world."""
    name = kept.create().name
    with client(App(sandbox), control.URL, {"X-Mock-World": name}, kept.loop) as http:
        yield http


class OverHttp:
    """A conversation's way to the API of one world."""

    def __init__(self, http: httpx2.Client) -> None:
        self._http = http

    def token(self, user: str, kind: str) -> str:
        made: str = getattr(tokens, kind)(user)
        return made

    def send(self, request: Request) -> Answer:
        told = self._http.request(request.method, request.path, headers=dict(request.headers), content=request.body)
        return Answer(told.status_code, dict(told.headers), told.content)

    def wait(self, seconds: float) -> None:
        assert self._http.post("/__mock__/clock/advance", json={"seconds": seconds}).is_success


@pytest.mark.parametrize("conversation", CALLS, ids=str)
def test_conversation_with_the_api(conversation: Conversation, http: httpx2.Client) -> None:
    api.hold(conversation, OverHttp(http))


@pytest.mark.parametrize("conversation", list(control.conversations()), ids=str)
def test_conversation_with_the_control_plane(
    conversation: control.Conversation, sandbox: Sandbox, http: httpx2.Client
) -> None:
    control.hold(conversation, sandbox, http)
