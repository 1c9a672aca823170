"""The pytest plugin: fixture, marker and options; what they need is loaded when a test asks for it."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mockserver.testing.backend import Backend, Server
    from mockserver.testing.handle import MockServer

MARKER = "mockserver"
USAGE = (
    "mockserver(contract=, fixtures=, profile=, seed=, auth=): what the `mockserver` fixture of this test serves; "
    "names or paths, seed an int, auth=False asks for no token"
)
INI = {
    "contract": "the contract that the `mockserver` fixture serves: a bundled name, a folder or a file",
    "fixtures": "what each test with the `mockserver` fixture starts from: a bundled name or a file",
    "profile": "how the `mockserver` fixture behaves: a profile of the contract, or a file",
}
URL, CONTROL_TOKEN = "mockserver_url", "mockserver_control_token"
OPTIONS = {
    URL: "the server that the `mockserver` fixture makes its worlds on, instead of one within this process",
    CONTROL_TOKEN: "the control token of that server, if it asks for one; better given by the variable",
}
HANDLE: pytest.StashKey[MockServer] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    for name, meaning in INI.items():
        parser.addini(f"mockserver_{name}", meaning, default="")
    parser.addini(URL, OPTIONS[URL], default="")
    for name, meaning in OPTIONS.items():
        metavar = name.rpartition("_")[2].upper()
        help = f"{meaning} [variable: {name.upper()}]"
        parser.getgroup("mockserver").addoption(f"--{name.replace('_', '-')}", metavar=metavar, help=help)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", USAGE)


@pytest.fixture(scope="session", name="_mockserver_server")
def server_of_the_session(pytestconfig: pytest.Config) -> Iterator[Server]:
    """What is loaded and started, or reached, once in a session; under xdist, once in each worker."""
    url = _chosen(pytestconfig, URL) or pytestconfig.getini(URL)
    if url:
        from mockserver.testing.remote import RemoteServer

        server: Server = RemoteServer(url, _chosen(pytestconfig, CONTROL_TOKEN) or None)
    else:
        from mockserver.testing.local import LocalServer

        server = LocalServer()
    yield server
    server.close()


def _chosen(config: pytest.Config, name: str) -> str:
    """What the command line says, or else the environment."""
    return str(config.getoption(name) or os.environ.get(name.upper(), ""))


@pytest.fixture(name="mockserver")
def mockserver_of_the_test(request: pytest.FixtureRequest, _mockserver_server: Server) -> Iterator[MockServer]:
    """A stand-in for the API at its seeds: `.client`, `.live`, `.state`, `.requests`, `.clock`, `.fault()` and more."""
    from mockserver.testing.handle import MockServer
    from mockserver.testing.wanted import Refused, wanted

    config = request.config
    ini = {name: config.getini(f"mockserver_{name}") for name in INI}
    markers = [(mark.args, mark.kwargs) for mark in request.node.iter_markers(MARKER)]
    try:
        begun: Backend | str = _mockserver_server.begin(wanted(markers, ini, config.rootpath))
    except Refused as refusal:
        begun = str(refusal)
    if isinstance(begun, str):
        pytest.fail(begun, pytrace=False)
    handle = MockServer(begun)
    request.node.stash[HANDLE] = handle
    yield handle
    # pytest keeps its items, and what they hold, until the session ends.
    del request.node.stash[HANDLE]
    refused = None
    try:
        handle.close()
    except Refused as refusal:
        refused = str(refusal)
    if refused is not None:
        pytest.fail(refused, pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shows the requests of a test that failed, or whose fixture did, why they were refused, and what they changed."""
    report = yield
    if report.failed and (handle := item.stash.get(HANDLE, None)) is not None:
        report.sections += handle.report()
    return report
