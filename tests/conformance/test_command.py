"""The command line of the check: exit status, target or mock, exclusions, and what repeats a failure."""

from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner, Result

from mockserver.check.command import check_command
from mockserver.check.target import CannotRunError, Subject
from tests.conformance.live import LibrarySubject, served
from tests.conformance.sample_app import TOKEN, Defect, sample_app

QUICK = ["--phase", "coverage", "--seed", "1"]


def invoke(subject: LibrarySubject, *arguments: str) -> Result:
    def find(contract: str, profile: str | None) -> Subject:
        if contract not in {"openmetadata", "library"}:
            raise CannotRunError(f"there is no contract '{contract}'; did you mean 'library'?")
        subject.profile = profile
        return subject

    return CliRunner().invoke(check_command(find), arguments)


def excluding(tmp_path: Path, check: str) -> Path:
    path = tmp_path / "exclusions.yaml"
    path.write_text(
        f"- operation: removeBook\n  check: {check}\n  reason: an answer of old\n  profile: old\n", encoding="utf-8"
    )
    return path


def test_a_contract_that_holds_exits_0() -> None:
    result = invoke(LibrarySubject(), "library", *QUICK)

    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].startswith("coverage  ")
    assert "The contract holds" in result.stdout
    assert result.stderr == ""


def test_findings_exit_1_and_come_with_the_command_that_repeats_them() -> None:
    result = invoke(LibrarySubject((Defect.WRONG_STATUS,)), "library", *QUICK, "--operation", "*Book")

    assert result.exit_code == 1
    assert "removeBook: status_code_conformance" in result.stdout
    repeat = "mockserver check library --phase coverage --operation '*Book' --max-examples 50 --seed 1"
    assert result.stdout.endswith(f"Repeat with: {repeat}\n")


def test_reports_are_written_where_they_are_wanted(tmp_path: Path) -> None:
    result = invoke(LibrarySubject(), *QUICK, "--report", str(tmp_path / "check"))

    assert result.exit_code == 0
    assert f"Reports: {tmp_path / 'check'}\n" in result.stdout
    assert {path.name for path in (tmp_path / "check").iterdir()} == {"junit.xml", "traffic.har", "report.html"}


def test_a_running_server_is_tested_instead_of_a_mock() -> None:
    with served(sample_app(Defect.WRONG_STATUS)) as url:
        result = invoke(LibrarySubject(), "--target", url, "--token", TOKEN, *QUICK)

    assert result.exit_code == 1
    assert f"--target {url} " in result.stdout
    assert result.stdout.endswith('--seed 1 --token "$TOKEN"\n')


def test_an_unreachable_target_exits_2_with_one_line() -> None:
    result = invoke(LibrarySubject(), "--target", "http://127.0.0.1:1")

    assert result.exit_code == 2
    assert result.stderr == "error: http://127.0.0.1:1/health cannot be reached: Connection refused\n"
    assert result.stdout == ""


def test_a_bad_token_exits_2_with_one_line() -> None:
    with served(sample_app()) as url:
        result = invoke(LibrarySubject(), "--target", url, "--token", "made up")

        assert result.exit_code == 2
        assert result.stderr == f"error: {url} refuses the token: GET /books answered 401\n"


def test_a_token_without_a_target_is_refused() -> None:
    result = invoke(LibrarySubject(), "--token", TOKEN)

    assert result.exit_code == 2
    assert result.stderr == "error: --token is for --target; the mock is given its own\n"


def test_an_unknown_contract_exits_2_with_what_the_finder_says() -> None:
    result = invoke(LibrarySubject(), "librari")

    assert result.exit_code == 2
    assert result.stderr == "error: there is no contract 'librari'; did you mean 'library'?\n"


def test_an_unknown_operation_exits_2_with_the_nearest() -> None:
    result = invoke(LibrarySubject(), "--operation", "listBook")

    assert result.exit_code == 2
    assert result.stderr == "error: the contract has no operation 'listBook'; did you mean 'listBooks'?\n"


def test_an_interrupted_run_exits_2_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(subject: LibrarySubject, seed: int) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(LibrarySubject, "live", interrupted)
    result = invoke(LibrarySubject())

    assert result.exit_code == 2
    assert result.stderr == "error: interrupted\n"


@pytest.mark.parametrize("arguments", [["--phase", "luck"], ["--max-examples", "0"], ["--seed", "-1"]])
def test_a_wrong_option_exits_2(arguments: list[str]) -> None:
    assert invoke(LibrarySubject(), *arguments).exit_code == 2


def test_the_exclusions_of_the_contract_hold_under_their_profile(tmp_path: Path) -> None:
    subject = LibrarySubject((Defect.WRONG_STATUS,), exclusions=excluding(tmp_path, "status_code_conformance"))

    excused = invoke(subject, *QUICK, "--profile", "old")
    assert excused.exit_code == 0
    assert "Excluded 1 times: status_code_conformance of removeBook (an answer of old)" in excused.stdout
    assert invoke(subject, *QUICK).exit_code == 1


def test_exclusions_that_are_wrong_exit_2_with_line_and_nearest_name(tmp_path: Path) -> None:
    path = excluding(tmp_path, "status_code_conformanc")
    result = invoke(LibrarySubject(), "--exclusions", str(path))

    assert result.exit_code == 2
    assert result.stderr == (
        f"error: {path}:2: /0/check: there is no check 'status_code_conformanc'; "
        "did you mean 'status_code_conformance'?\n"
    )
