"""The servers that conversations are held with: each is started once, when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from mockserver.http.app import App
from tests.conversations.transport import OnSocket, fresh
from tests.support.live import served

Called = Callable[[str, bool], OnSocket]


@pytest.fixture(scope="session")
def called() -> Iterator[Called]:
    """Calls a listening server with a fresh world of a profile: the short way, or through ASGI alone."""
    with ExitStack() as running:

        @cache
        def listening(plain_asgi: bool) -> tuple[App, str]:
            app = App(fresh("docs"))
            return app, running.enter_context(served(app, plain_asgi=plain_asgi))

        yield lambda profile, plain_asgi: OnSocket(profile, *listening(plain_asgi))
