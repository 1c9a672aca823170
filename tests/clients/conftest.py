"""What the client tests share: running servers, the SDK's worker, and the tools that must be there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clients import facts
from tests.clients.environments import DBT_OL, MCP_SERVER, OMETA_DIFF, SDK, SPARK, Environment, EnvironmentFailure
from tests.clients.sandbox import DOCS, Sandbox, start
from tests.clients.sdk.session import Session

Started = Callable[[str], Sandbox]


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Servers by profile, each started at its first use and stopped at the end."""
    running: dict[str, Sandbox] = {}

    def started(profile: str) -> Sandbox:
        if profile not in running:
            running[profile] = start(profile, tmp_path_factory.mktemp(f"sandbox-{profile}"))
        return running[profile]

    yield started
    for sandbox in running.values():
        sandbox.stop()


@pytest.fixture
def sandbox(request: pytest.FixtureRequest, started: Started) -> Sandbox:
    """A server at its seeds; of the default profile, unless the test names another."""
    sandbox = started(getattr(request, "param", DOCS))
    sandbox.reset()
    return sandbox


@pytest.fixture(scope="session")
def sdk_python() -> Path:
    """The interpreter of the SDK's environment, which is made when it is not there."""
    return _program(SDK, "python")


@pytest.fixture(scope="session")
def sdk_session(sdk_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    session = Session(sdk_python, tmp_path_factory.mktemp("sdk") / "log.txt")
    yield session
    session.close()


@pytest.fixture
def sdk(sdk_session: Session, sandbox: Sandbox) -> Session:
    """The SDK as the pages import it, not configured yet."""
    sdk_session.begin(
        host=sandbox.api,
        **{f"{user.replace('-', '_')}_token": token for user, token in sandbox.tokens.items()},
        table_id=facts.TABLE,
        user_id=facts.ADMIN,
        team_id=facts.TEAM,
        unknown_id=facts.UNKNOWN,
    )
    sdk_session.run("from metadata.sdk import client, configure\nfrom metadata.sdk.entities import *")
    return sdk_session


@pytest.fixture
def admin_sdk(sdk: Session) -> Session:
    """The SDK, configured for the admin."""
    sdk.run("configure(host=host, jwt_token=admin_token)")
    return sdk


@pytest.fixture(scope="session")
def curl() -> str:
    return _tool("curl", "the curl calls of the pages run with it. Install it, e.g. `apt-get install curl`")


@pytest.fixture(scope="session")
def java() -> str:
    hint = "the Java calls run with it. Install a JDK 17 or later, e.g. `apt-get install openjdk-17-jdk-headless`"
    return _tool("java", hint)


@pytest.fixture(scope="session")
def ometa_diff() -> Path:
    """The program that tells what changed, in an environment that is made when it is not there."""
    return _program(OMETA_DIFF, "ometa-diff")


@pytest.fixture(scope="session")
def mcp_server() -> Path:
    """The program that hands the API to assistants, in an environment that is made when it is not there."""
    return _program(MCP_SERVER, "mcp-server-openmetadata")


@pytest.fixture(scope="session")
def dbt_ol() -> Path:
    """dbt that tells of its runs in OpenLineage's language, in an environment that is made when it is not there."""
    return _program(DBT_OL, "dbt-ol")


@pytest.fixture(scope="session")
def spark_sql(java: str) -> Path:
    """Spark's shell, which needs a JDK, in an environment that is made when it is not there."""
    return _program(SPARK, "spark-sql")


def _program(environment: Environment, name: str) -> Path:
    try:
        return environment.program(name)
    except EnvironmentFailure as error:
        pytest.fail(str(error), pytrace=False)


def _tool(name: str, hint: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"`{name}` is missing: {hint}", pytrace=False)
    return found
