"""What is served beside what is documented, and what each operation does with the world."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from mockserver.cli import main
from tests.project.profiles import contract_of, every_profile

HERE = Path(__file__).parent
PARAMETER = re.compile(r"\{[^}]*\}")


def shape(method: str, path: str) -> tuple[str, str]:
    """A route whatever its parameters are called."""
    return method, PARAMETER.sub("{}", path)


def documented() -> set[tuple[str, str]]:
    lines = (HERE / "documented_endpoints.tsv").read_text().splitlines()[1:]
    return {shape(*line.split("\t")) for line in lines}


@every_profile
def test_every_documented_path_is_served(profile: str) -> None:
    served = {shape(operation.method, operation.path) for operation in contract_of(profile).operations}
    assert documented() - served == set()


@every_profile
def test_every_operation_says_in_the_contract_what_it_does(profile: str) -> None:
    silent = [each.id for each in contract_of(profile).operations if "x-behaviour" not in each.document]
    assert silent == []


def test_what_only_pretends_is_shown_as_canned() -> None:
    rows = [line.split() for line in CliRunner().invoke(main, ["routes"]).output.splitlines()]
    at = rows[0].index("STATE")
    states = {row[0]: row[at] for row in rows[1:]}
    assert set(states.values()) == {"stateful", "canned"}
    canned = {id for id, state in states.items() if state == "canned"}
    declared = {each.id for each in contract_of("docs").operations if each.behaviour in ("canned", "example")}
    assert canned == declared
    assert {"deployIngestionPipeline", "triggerApp", "triggerWorkflow"} < canned
