"""The pytest plugin: fixture, marker and ini options; what they need is loaded when a test asks for it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mockserver.testing.handle import MockServer
    from mockserver.testing.stages import Stage, Stages

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
HANDLE: pytest.StashKey[MockServer] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    for name, meaning in INI.items():
        parser.addini(f"mockserver_{name}", meaning, default="")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", USAGE)


@pytest.fixture(scope="session", name="_mockserver_stages")
def stages_of_the_session() -> Iterator[Stages]:
    """What is loaded and started once in a session; under xdist, once in each worker."""
    from mockserver.testing.stages import Stages

    stages = Stages()
    yield stages
    stages.close()


@pytest.fixture(name="mockserver")
def mockserver_of_the_test(request: pytest.FixtureRequest, _mockserver_stages: Stages) -> Iterator[MockServer]:
    """A stand-in for the API at its seeds: `.client`, `.live`, `.state`, `.requests`, `.clock`, `.fault()` and more."""
    from mockserver.testing.wanted import Refused, wanted

    config = request.config
    ini = {name: config.getini(f"mockserver_{name}") for name in INI}
    markers = [(mark.args, mark.kwargs) for mark in request.node.iter_markers(MARKER)]
    try:
        stage: Stage | str = _mockserver_stages.stage(wanted(markers, ini, config.rootpath))
    except Refused as refusal:
        stage = str(refusal)
    if isinstance(stage, str):
        pytest.fail(stage, pytrace=False)
    handle = stage.begin()
    request.node.stash[HANDLE] = handle
    yield handle
    handle.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shows the requests of a test that failed, and why they were refused."""
    report = yield
    if report.when == "call" and report.failed and (handle := item.stash.get(HANDLE, None)) is not None:
        report.sections.append(("mockserver requests", handle.requests.told()))
    return report
