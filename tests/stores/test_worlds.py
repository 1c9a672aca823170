"""Holds the written conversations about worlds over every store, each with a server of its own."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from mockserver.http.app import App
from mockserver.http.inprocess import client
from tests.conversations.control import test_control_plane as control
from tests.stores.conftest import Open

HOME = Path(control.__file__).parents[1] / "worlds"


@pytest.mark.parametrize("conversation", list(control.conversations(HOME)), ids=str)
def test_conversation_about_worlds(conversation: control.Conversation, open: Open) -> None:
    kept = open(conversation.limits)
    sandbox = control.seeded()._replace(worlds=kept.worlds)
    with closing(client(App(sandbox), control.URL, {}, kept.loop)) as http:
        control.hold(conversation, sandbox, http, kept.now)
