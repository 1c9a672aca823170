"""What a contract check found, as values: findings, the tally of each operation, and the outcome of it all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from mockserver.check.exclusions import Exclusion

HOLDS, FINDINGS, COULD_NOT_RUN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One way in which an operation broke the contract, with the smallest reproduction that was seen."""

    operation: str
    label: str
    check: str
    phase: str
    title: str
    message: str
    steps: tuple[str, ...]
    seed: int
    times: int = 1
    status: int | None = None
    answer: str = ""

    @property
    def curl(self) -> str:
        """The requests that show it, oldest first, one command a line."""
        return "\n".join(self.steps)


@dataclass(slots=True)
class Tally:
    """What was asked of one operation and how it answered; a status of 0 stands for no answer.

    Requests to its path by a method that it does not have are counted apart, since they say nothing of it.
    """

    operation: str
    label: str
    statuses: Counter[int] = field(default_factory=Counter)
    other_methods: int = 0
    checks: set[str] = field(default_factory=set)
    excused: dict[str, str] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        return sum(self.statuses.values()) + self.other_methods

    def of_class(self, hundred: int) -> int:
        """How many answers had a status from this hundred on, such as 200 to 299 for 200."""
        return sum(count for status, count in self.statuses.items() if hundred <= status < hundred + 100)

    @property
    def never_succeeded(self) -> bool:
        """Asked, yet never with success, so that the checks have seen refusals only."""
        return bool(self.statuses) and not any(200 <= status < 400 for status in self.statuses)


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """All that one run has to say."""

    base_url: str
    seed: int
    started: float
    seconds: float
    findings: tuple[Finding, ...]
    tallies: tuple[Tally, ...]
    excused: tuple[tuple[Exclusion, int], ...] = ()
    stale: tuple[Exclusion, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def requests(self) -> int:
        return sum(tally.requests for tally in self.tallies)

    @property
    def exit_code(self) -> int:
        """What was found outweighs what could not be tried: a finding is certain."""
        if self.findings:
            return FINDINGS
        return COULD_NOT_RUN if self.problems else HOLDS

    def of(self, operation: str) -> tuple[Finding, ...]:
        """The findings of one operation."""
        return tuple(finding for finding in self.findings if finding.operation == operation)
