"""The command `mockserver check`."""

from __future__ import annotations

import shlex
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from mockserver.check.exclusions import Exclusion, load_exclusions
from mockserver.check.findings import COULD_NOT_RUN, CheckOutcome
from mockserver.check.operations import operations_of
from mockserver.check.target import CannotRunError, RemoteTarget, Subject, Subjects, Target
from mockserver.contract.problem import ContractError

PHASES = ("examples", "coverage", "fuzzing", "stateful")
DEFAULT_CONTRACT = "openmetadata"
DEFAULT_EXAMPLES = 50

EPILOG = """\b
Examples:
  mockserver check
  mockserver check --operation '*Follower' --report build/check
  mockserver check --target http://localhost:8585/api --token "$TOKEN"
  mockserver check --phase stateful --max-examples 200 --seed 42

Exit status: 0 when the contract holds, 1 when it is broken, 2 when the check could not be run.
"""


@dataclass(frozen=True, slots=True)
class Request:
    """The command line, as given."""

    contract: str
    target: str | None
    token: str | None
    profile: str | None
    phases: tuple[str, ...]
    max_examples: int
    seed: int | None
    report: Path | None
    exclusions: Path | None
    operations: tuple[str, ...]

    def repeated(self, seed: int) -> str:
        """The command that does the same again, the token left to the environment."""
        words = ["mockserver", "check", self.contract]
        words += ["--target", self.target] if self.target else []
        words += ["--profile", self.profile] if self.profile else []
        for phase in self.phases:
            words += ["--phase", phase]
        for operation in self.operations:
            words += ["--operation", operation]
        words += ["--max-examples", str(self.max_examples), "--seed", str(seed)]
        return shlex.join(words) + (' --token "$TOKEN"' if self.token else "")


def check_command(subjects: Subjects) -> click.Command:
    """The command, over whatever finds contracts and starts mocks of them."""

    @click.command("check", epilog=EPILOG, short_help="Test a server against its contract.")
    @click.argument("contract", default=DEFAULT_CONTRACT)
    @click.option("--target", metavar="URL", help="Test the server whose API begins here, instead of a mock.")
    @click.option("--token", help="The bearer token to send to the target.")
    @click.option("--profile", metavar="NAME|FILE", help="The profile whose contract is to hold.")
    @click.option("--phase", "phases", type=click.Choice(PHASES), multiple=True, help="Only this phase. Repeatable.")
    @click.option(
        "--max-examples",
        type=click.IntRange(min=1),
        default=DEFAULT_EXAMPLES,
        show_default=True,
        help="Generated requests for each operation.",
    )
    @click.option("--seed", type=click.IntRange(min=0), help="Repeat the run that had this seed.")
    @click.option("--report", type=click.Path(path_type=Path), help="Write JUnit, HAR and HTML reports to this folder.")
    @click.option(
        "--exclusions", type=click.Path(path_type=Path), help="What is excused, instead of the contract's own."
    )
    @click.option("--operation", "operations", metavar="GLOB", multiple=True, help="Only these operations. Repeatable.")
    def check(**options: Any) -> None:
        """Test a server against CONTRACT: a mock started for it, or the server at --target.

        CONTRACT is a bundled name, a folder or a file.
        """
        try:
            outcome = _check(Request(**options), subjects)
        except (CannotRunError, ContractError) as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(COULD_NOT_RUN)
        except KeyboardInterrupt:
            click.echo("error: interrupted", err=True)
            sys.exit(COULD_NOT_RUN)
        sys.exit(outcome.exit_code)

    return check


def _check(request: Request, subjects: Subjects) -> CheckOutcome:
    _require_schemathesis()
    from mockserver.check.run import ALL, fresh_seed, run_check

    if request.token and not request.target:
        raise CannotRunError("--token is for --target; the mock is given its own")
    subject = subjects(request.contract, request.profile)
    document = subject.document()
    exclusions = _exclusions(request, subject, document)
    seed = fresh_seed() if request.seed is None else request.seed
    with _target(request, subject, seed) as target:
        outcome = run_check(
            document,
            target.base_url,
            token=target.token,
            phases=request.phases or ALL,
            max_examples=request.max_examples,
            seed=seed,
            report_dir=request.report,
            exclusions=exclusions,
            out=sys.stdout,
            progress=True,
            operations=request.operations,
        )
    if outcome.findings:
        click.echo(f"Repeat with: {request.repeated(seed)}")
    return outcome


def _target(request: Request, subject: Subject, seed: int) -> AbstractContextManager[Target]:
    if request.target:
        remote: Target = RemoteTarget(request.target, request.token)
        return nullcontext(remote)
    return subject.live(seed)


def _exclusions(request: Request, subject: Subject, document: dict[str, Any]) -> tuple[Exclusion, ...]:
    from mockserver.check.run import known_checks

    path = request.exclusions or subject.exclusions
    if path is None:
        return ()
    names = [operation.name for operation in operations_of(document).values()]
    return load_exclusions(path, operations=names, checks=known_checks(), profile=subject.profile)


def _require_schemathesis() -> None:
    if find_spec("schemathesis") is None:
        raise CannotRunError("the contract check needs schemathesis; install it with: pip install 'mockserver[check]'")
