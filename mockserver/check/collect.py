"""Folds what schemathesis reports, event by event, into findings and tallies."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

import requests
from schemathesis import Case, Response
from schemathesis.config import SchemathesisWarning
from schemathesis.core.failures import Failure
from schemathesis.engine import events
from schemathesis.engine.recorder import CheckFailureInfo, ScenarioRecorder
from schemathesis.engine.run import PhaseName
from schemathesis.errors import NoLinksFound

from mockserver.check.exclusions import Exclusion, first_covering
from mockserver.check.findings import Finding, Tally
from mockserver.check.operations import Operation

NO_ANSWER = "no_answer"
NO_CHAINS = "no operation that was chosen links to another, so there were no chains to try"
SHORTEST_CHAIN = 2
LONGEST_ANSWER = 2_000


class Collector:
    """What one run has found so far."""

    def __init__(
        self,
        operations: Mapping[str, Operation],
        exclusions: Sequence[Exclusion],
        *,
        seed: int,
        token: str | None,
    ) -> None:
        self.exclusions = exclusions
        self.seed = seed
        self.tallies = {label: Tally(operation.name, label) for label, operation in operations.items()}
        self.excused: Counter[Exclusion] = Counter()
        self.notes: dict[str, None] = {}
        self.chains = self.longest_chain = 0
        self._problems: dict[str, None] = {}
        self._found: dict[tuple[str, Failure | str], Finding] = {}
        self._mask = _Mask(token)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """In the document's order of operations."""
        order = {label: index for index, label in enumerate(self.tallies)}
        return tuple(sorted(self._found.values(), key=lambda each: (order.get(each.label, len(order)), each.check)))

    @property
    def problems(self) -> tuple[str, ...]:
        return tuple(self._problems)

    @property
    def requests(self) -> int:
        return sum(tally.requests for tally in self.tallies.values())

    def scenario(self, event: events.ScenarioFinished) -> None:
        """Takes in one scenario: all cases of an operation in a phase, or one chain of operations."""
        recorder = event.recorder
        if event.phase is PhaseName.STATEFUL_TESTING:
            self.chains += 1
            self.longest_chain = max(self.longest_chain, len(recorder.cases))
        for case_id, node in recorder.cases.items():
            case = node.value
            tally = self._tally(case.operation.label)
            if case.method.upper() == case.operation.method.upper():
                response = recorder.find_response(case_id=case_id)
                tally.statuses[response.status_code if response else 0] += 1
            else:
                tally.other_methods += 1
            for check in recorder.checks.get(case_id, ()):
                tally.checks.add(check.name)
                if check.failure_info is not None:
                    self._failure(recorder, check.name, case_id, check.failure_info, str(event.phase))

    def error(self, event: events.NonFatalError) -> None:
        """Takes in what kept an operation from being tried: a lost answer is a finding, the rest a problem."""
        if isinstance(event.value, NoLinksFound):
            self.notes[NO_CHAINS] = None
            return
        if not isinstance(event.value, requests.RequestException) or event.label not in self.tallies:
            self.problem(f"{event.label}: {event.info.title}: {event.info.message}")
            return
        finding = Finding(
            self._name(event.label),
            event.label,
            NO_ANSWER,
            str(event.phase),
            event.info.title,
            self._mask.text("\n".join([event.info.message, *event.info.extras])),
            (self._mask.curl(event.info.code_sample or ""),),
            self.seed,
        )
        self._add(finding, f"{event.label} {event.info.message}")

    def warnings(self, event: events.SchemaAnalysisWarnings) -> None:
        """Takes in what the contract says in a way that cannot be tested as it is meant."""
        for warning in event.warnings:
            text = f"{warning.operation_label or 'contract'}: {warning.message}"
            if warning.kind is SchemathesisWarning.UNRESOLVABLE_REFERENCE:
                self.problem(text)
            else:
                self.notes[f"{text} ({warning.kind})"] = None

    def problem(self, text: str) -> None:
        """Takes in why something was not tried; the same reason counts once."""
        self._problems[self._mask.curl(text)] = None

    def doubt(self, *, thorough: bool, chained: bool) -> None:
        """Takes in, when all is done, whether enough was answered for the absence of findings to mean anything."""
        statuses = {status for tally in self.tallies.values() for status in tally.statuses}
        if not statuses:
            self.problem("not one request was sent")
        elif statuses == {401}:
            self.problem("every answer was 401: the token was refused")
        else:
            if chained and self.longest_chain < SHORTEST_CHAIN and NO_CHAINS not in self.notes:
                self.problem("not one chain of requests was tried, though operations link to others")
            for tally in self.tallies.values():
                if thorough and not tally.statuses:
                    self.problem(f"{tally.label}: not one request was sent")

    def _failure(
        self, recorder: ScenarioRecorder, check: str, case_id: str, info: CheckFailureInfo, phase: str
    ) -> None:
        failure = info.failure
        label = failure.operation or recorder.cases[case_id].value.operation.label
        steps = tuple(step.curl for step in info.steps) or (info.code_sample,)
        response = recorder.find_response(case_id=case_id)
        finding = Finding(
            self._name(label),
            label,
            check,
            phase,
            failure.title,
            self._mask.text(failure.message),
            tuple(self._mask.curl(step) for step in steps),
            self.seed,
            status=response.status_code if response else None,
            answer=self._mask.text(_excerpt(response)),
        )
        self._add(finding, failure, recorder.cases[case_id].value, self._done(recorder, case_id))

    def _done(self, recorder: ScenarioRecorder, until: str) -> frozenset[str]:
        """The operations that succeeded in a scenario before one of its cases."""
        earlier = takewhile(lambda each: each[0] != until, recorder.cases.items())
        answered = ((node.value, recorder.find_response(case_id=id)) for id, node in earlier)
        return frozenset(
            self._name(case.operation.label)
            for case, response in answered
            if response is not None and response.status_code < 300
        )

    def _add(
        self,
        finding: Finding,
        identity: Failure | str,
        case: Case[Any] | None = None,
        done: frozenset[str] = frozenset(),
    ) -> None:
        """Takes in a finding, unless the operation whose answer it is about is excused from that check."""
        operation = finding.operation if case is None else self._name(case.operation.label)
        query = None if case is None else case.query
        exclusion = first_covering(self.exclusions, operation, finding.check, query, finding.answer, done)
        if exclusion is not None:
            self.excused[exclusion] += 1
            self._tally(finding.label).excused[finding.check] = exclusion.reason
            return
        key = (finding.check, identity)
        known = self._found.get(key)
        if known is None:
            self._found[key] = finding
            return
        shorter = min(known, finding, key=lambda each: (len(each.steps), len(each.curl)))
        self._found[key] = replace(shorter, times=known.times + 1)

    def _name(self, label: str) -> str:
        return self._tally(label).operation

    def _tally(self, label: str) -> Tally:
        return self.tallies.setdefault(label, Tally(label, label))


@dataclass(frozen=True, slots=True)
class _Mask:
    """Keeps the token out of everything that is written down, and the commands still fit to be pasted."""

    token: str | None

    def text(self, text: str) -> str:
        return text.replace(self.token, "$TOKEN") if self.token else text

    def curl(self, command: str) -> str:
        if self.token is None:
            return command
        header = shlex.quote(f"Authorization: Bearer {self.token}")
        return self.text(command.replace(header, '"Authorization: Bearer $TOKEN"'))


def _excerpt(response: Response | None) -> str:
    if response is None or not response.content:
        return ""
    text = response.content.decode("utf-8", "replace")
    return text if len(text) <= LONGEST_ANSWER else text[:LONGEST_ANSWER] + "…"
