"""Runs of pytest in processes of their own, and the handle on a server here and on one elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from mockserver.testing import MockServer
from mockserver.testing.remote import RemoteServer
from mockserver.testing.wanted import Wanted
from tests.clients.sandbox import DOCS, Sandbox, start

Run = Callable[..., pytest.RunResult]
HERE, ELSEWHERE = "here", "elsewhere"


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """pytest with our plugin, found by its entry point, and with no other that happens to be installed."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return lambda *arguments: pytester.runpytest_subprocess("-p", "mockserver", *arguments)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A server in a process of its own, for whoever wants worlds on it."""
    sandbox = start(DOCS, tmp_path_factory.mktemp("shared"))
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="session")
def elsewhere(shared: Sandbox) -> Iterator[RemoteServer]:
    """The same, as the plugin has it."""
    server = RemoteServer(shared.url, None)
    yield server
    server.close()


@pytest.fixture(params=[HERE, ELSEWHERE])
def mockserver(request: pytest.FixtureRequest, mockserver: MockServer) -> Iterator[MockServer]:
    """The plugin's own, and one that differs in nothing but where its server runs."""
    if request.param == HERE:
        yield mockserver
        return
    server: RemoteServer = request.getfixturevalue("elsewhere")
    handle = MockServer(server.begin(Wanted()))
    yield handle
    handle.close()
