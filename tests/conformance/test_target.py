"""A target that cannot be tested is told apart, in one line, before anything else is sent to it."""

import io
import socket
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

from mockserver.check.run import run_check
from mockserver.check.target import CannotRunError
from tests.conformance.live import served
from tests.conformance.sample_app import DOCUMENT, TOKEN, sample_app


@pytest.fixture
def library() -> Iterator[str]:
    with served(sample_app()) as url:
        yield url


def why_not(url: str, token: str | None = TOKEN, **changed: object) -> str:
    with pytest.raises(CannotRunError) as error:
        run_check({**DOCUMENT, **changed}, url, out=io.StringIO(), token=token)
    message = str(error.value)
    assert "\n" not in message
    return message


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"

        assert why_not(url) == f"{url}/health cannot be reached: Connection refused"


def test_a_host_that_does_not_exist() -> None:
    assert why_not("http://nobody.invalid").startswith("http://nobody.invalid/health cannot be reached: ")


@pytest.mark.parametrize("url", ["localhost:8585", "ftp://host/", "http://", "/api", ""])
def test_what_is_no_url_of_a_server(url: str) -> None:
    assert "is no URL of a server; it should look like http://localhost:8585/api" in why_not(url)


def test_a_port_that_is_no_port() -> None:
    assert "is no URL of a server" in why_not("http://127.0.0.1:http")


def test_a_base_url_that_goes_too_far(library: str) -> None:
    expected = f"{library}/v9 does not serve this contract: GET {library}/v9/health answered 404"
    assert why_not(f"{library}/v9").startswith(expected)


def test_a_base_url_that_does_not_go_far_enough() -> None:
    site = Starlette(
        routes=[
            Mount("/api", sample_app()),
            Route("/{path:path}", lambda request: HTMLResponse("<p>Welcome")),
        ]
    )
    with served(site) as url:
        message = why_not(url, servers=[{"url": "http://localhost/api"}])

        assert message.endswith(f"answered 200 text/html; did you mean {url}/api?")


def test_a_token_is_wanted(library: str) -> None:
    assert why_not(library, None) == f"{library} wants a token: GET /books answered 401; use --token"


def test_a_token_is_refused(library: str) -> None:
    assert why_not(library, "made up") == f"{library} refuses the token: GET /books answered 401"


def test_a_target_without_an_operation_to_try_beforehand_is_tested_all_the_same(library: str) -> None:
    outcome = run_check(
        DOCUMENT, library, out=io.StringIO(), token=TOKEN, operations=["removeBook"], phases=["coverage"]
    )

    assert outcome.exit_code == 0


def test_a_token_that_turns_out_to_be_refused_gives_no_verdict(library: str) -> None:
    outcome = run_check(DOCUMENT, library, out=io.StringIO(), token="made up", operations=["removeBook"])

    assert outcome.exit_code == 2
    assert "every answer was 401" in outcome.problems[0]


def test_a_slash_at_the_end_of_the_base_url_makes_no_difference(library: str) -> None:
    outcome = run_check(DOCUMENT, f"{library}/", out=io.StringIO(), token=TOKEN, phases=["examples"])

    assert outcome.base_url == library
    assert outcome.exit_code == 0
