"""Runs schemathesis against a server: every phase, every check, and nothing but the contract to go by."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO

import schemathesis
from hypothesis.configuration import set_hypothesis_home_dir
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import OutputConfig, SchemathesisConfig
from schemathesis.engine import StopReason, events, from_schema
from schemathesis.engine.run import TESTING_PHASES
from schemathesis.errors import SchemathesisError
from schemathesis.filters import HasAPIOperation
from schemathesis.reporting.har import HarWriter

from mockserver.check.collect import NO_ANSWER, Collector
from mockserver.check.configuration import CHAINED, INFERRED_FROM, config_of
from mockserver.check.exclusions import Exclusion
from mockserver.check.findings import CheckOutcome
from mockserver.check.operations import operations_of, selected
from mockserver.check.preflight import preflight
from mockserver.check.progress import Progress
from mockserver.check.report import HAR, prepare_directory, write_reports
from mockserver.check.summary import write_summary
from mockserver.check.target import CannotRunError

ALL = tuple(str(phase) for phase in TESTING_PHASES)
# The phases that try each operation, whatever the document says of it.
THOROUGH = frozenset({"coverage", "fuzzing"})
# A round of chains is over at the first answer that is another one when it is asked for again, be it a time or a count;
# the chains that are left are tried in rounds of their own.
MOST_ROUNDS = 4
DEFAULT_EXAMPLES = 50


def known_checks() -> tuple[str, ...]:
    """The names of all checks, ours included."""
    load_all_checks()
    return (*CHECKS.get_all_names(), NO_ANSWER)


def fresh_seed() -> int:
    """A seed nobody chose, short enough to be typed again."""
    return SchemathesisConfig().seed % 1_000_000_000


def run_check(
    document: Mapping[str, Any],
    base_url: str,
    *,
    out: TextIO,
    token: str | None = None,
    phases: Sequence[str] = ALL,
    max_examples: int = DEFAULT_EXAMPLES,
    seed: int | None = None,
    report_dir: Path | None = None,
    exclusions: Sequence[Exclusion] = (),
    progress: bool = False,
    operations: Sequence[str] = (),
) -> CheckOutcome:
    """Tests a server against an OpenAPI document; CannotRunError when there is nothing to test or nobody to ask."""
    base_url = base_url.rstrip("/")
    known = operations_of(document)
    chosen = selected(known, operations)
    if not chosen:
        raise CannotRunError("the contract has no operations")
    seed = fresh_seed() if seed is None else seed
    subjects = {label: known[label] for label in known if label in chosen}
    if report_dir is not None:
        prepare_directory(report_dir)
    preflight(document, subjects.values(), base_url, token)
    scenarios = max_examples * max(1, sum(operation.starts_chains for operation in subjects.values()))
    linked = any(operation.starts_chains for operation in known.values())
    inferred = () if linked else INFERRED_FROM
    run = _Run(
        Collector(subjects, exclusions, seed=seed, token=token),
        Progress(out, shown=progress),
        len(subjects),
        scenarios,
    )

    def round_of(phases: Sequence[str], seed: int, chains: int) -> schemathesis.BaseSchema:
        config = config_of(base_url, token, phases, max_examples, chains, seed, inferred)
        return _load(document, config, chosen)

    with _leaving_nothing_behind():
        run.follow(_rounds(run, round_of, phases), report_dir)
    outcome = run.outcome(base_url, frozenset(phases))
    if report_dir is not None:
        write_reports(outcome, report_dir)
    write_summary(outcome, out, report_dir)
    return outcome


@dataclass(slots=True)
class _Run:
    """What was seen of the engine's events, in all rounds."""

    collector: Collector
    progress: Progress
    operations: int
    scenarios: int
    started: float = 0.0
    seconds: float = 0.0

    def follow(self, rounds: Iterable[schemathesis.BaseSchema], report_dir: Path | None) -> None:
        with ExitStack() as stack:
            har = None
            if report_dir is not None:
                har = stack.enter_context(HarWriter(report_dir / HAR, OutputConfig()))
                har.open()
            for event in (event for schema in rounds for event in from_schema(schema).execute()):
                self._take(event)
                if har is not None and isinstance(event, events.ScenarioFinished):
                    har.write(event.recorder)

    def outcome(self, base_url: str, phases: frozenset[str]) -> CheckOutcome:
        collector = self.collector
        if not collector.problems:
            collector.doubt(thorough=not phases.isdisjoint(THOROUGH), chained=CHAINED in phases)
        unused = [exclusion for exclusion in collector.exclusions if exclusion not in collector.excused]
        tried = [tally.operation for tally in collector.tallies.values()]
        return CheckOutcome(
            base_url=base_url,
            seed=collector.seed,
            started=self.started,
            seconds=self.seconds,
            findings=collector.findings,
            tallies=tuple(collector.tallies.values()),
            excused=tuple(collector.excused.items()),
            stale=tuple(
                each
                for each in unused
                if phases.issuperset(ALL) and any(each.covers(name, each.check) for name in tried)
            ),
            problems=collector.problems,
            notes=tuple(collector.notes),
        )

    def _take(self, event: events.EngineEvent) -> None:
        collector = self.collector
        match event:
            case events.EngineStarted():
                self.started = self.started or event.timestamp
            case events.PhaseStarted(phase=phase) if phase.name in TESTING_PHASES and phase.is_enabled:
                chains = phase.name == CHAINED
                self.progress.start(str(phase.name), self.scenarios - collector.chains if chains else self.operations)
            case events.ScenarioFinished() if event.is_test_scenario:
                collector.scenario(event)
                self.progress.step(collector.requests, len(collector.findings))
            case events.PhaseFinished(phase=phase) if phase.name in TESTING_PHASES and phase.is_enabled:
                skipped = phase.skip_reason.display if phase.skip_reason else None
                self.progress.finish(collector.requests, len(collector.findings), skipped=skipped)
            case events.SchemaAnalysisWarnings():
                collector.warnings(event)
            case events.NonFatalError():
                collector.error(event)
            case events.FatalError():
                collector.problem(f"schemathesis failed: {event.exception!r}")
            case events.EngineFinished():
                self.seconds += event.running_time
                self._stopped(event.stop_reason)

    def _stopped(self, reason: StopReason) -> None:
        if reason is not StopReason.COMPLETED:
            self.collector.problem(f"stopped early: {reason.skip_explanation}")


def _rounds(
    run: _Run, round_of: Callable[[Sequence[str], int, int], schemathesis.BaseSchema], phases: Sequence[str]
) -> Iterator[schemathesis.BaseSchema]:
    """What is asked of the engine: every phase, and then more chains for as long as some are left and are begun."""
    collector = run.collector
    yield round_of(phases, collector.seed, run.scenarios)
    for turn in range(1, MOST_ROUNDS):
        done = collector.chains
        left = run.scenarios - done
        if CHAINED not in phases or left <= 0 or collector.problems:
            return
        yield round_of((CHAINED,), collector.seed + turn, left)
        if collector.chains == done:
            return


@contextmanager
def _leaving_nothing_behind() -> Iterator[None]:
    """Hypothesis, which makes the examples, would keep a folder of its own where the command was called."""
    with TemporaryDirectory(prefix="mockserver-check-") as home:
        set_hypothesis_home_dir(home)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)


def _load(document: Mapping[str, Any], config: SchemathesisConfig, chosen: frozenset[str]) -> schemathesis.BaseSchema:
    def is_chosen(context: HasAPIOperation) -> bool:
        return context.operation.label in chosen

    try:
        # The document is copied since links that are inferred get written into it.
        schema = schemathesis.openapi.from_dict(copy.deepcopy(dict(document)), config=config)
    except SchemathesisError as error:
        raise CannotRunError(f"the contract cannot be tested: {error}") from None
    return schema.include(is_chosen)
