"""Latency at half load: requests that arrive by a schedule, at half the rate that each server answers at most."""

from __future__ import annotations

from bench.cases import GET_TABLE, PUT_DELETE, Case
from bench.drive import Measured, Middle, drive, middle
from bench.generator import PERCENTILES, Task
from bench.outcome import Bound, Outcome, Table
from bench.sections.stage import staged
from bench.servers import BARE, DIRECT, PLAIN
from bench.settings import Settings
from bench.throughput import Contender

CASES = (GET_TABLE, PUT_DELETE)
TIMES_BARE = 3.0
# So many arrivals at once find a free connection; a wait for one counts as latency.
CONNECTIONS_EACH = 4


def latency(settings: Settings) -> Outcome:
    """The percentiles, and the last but one beside the bare uvicorn's."""
    with staged((BARE,), (PLAIN, DIRECT)) as contenders:
        found = {
            (case.name, name): middle(rounds)
            for case in CASES
            for name, rounds in _rounds(contenders, case, settings).items()
        }
    rows = [(case, name, f"{value.rate:,.0f}", *_shown(value)) for (case, name), value in found.items()]
    heading = ("request", "server", "arrivals/s", *(f"p{each:g} ms" for each in PERCENTILES))
    limits = [_bound(found, case) for case in CASES]
    return Outcome("latency", (Table(heading, tuple(rows)),), tuple(limits))


def _rounds(contenders: list[Contender], case: Case, settings: Settings) -> dict[str, list[Measured]]:
    found: dict[str, list[Measured]] = {}
    for turn in range(settings.rounds + 1):
        for each in contenders:
            texts = each.messages(case) or []
            full = drive([each.server], Task([each.server.port], settings.seconds, texts))
            if turn:
                half = Task([each.server.port], settings.seconds, texts * CONNECTIONS_EACH, rate=full.rate / 2)
                found.setdefault(each.name, []).append(drive([each.server], half))
    return found


def _shown(value: Middle) -> list[str]:
    return [f"{value.latency[f'{each:g}'] * 1e3:.2f}" for each in PERCENTILES]


def _bound(found: dict[tuple[str, str], Middle], case: Case) -> Bound:
    bare, full = (found[case.name, name].latency["99"] for name in (BARE, DIRECT.name))
    return Bound(f"{case.name}, p99 of {DIRECT.name} in times of {BARE}", full / bare, TIMES_BARE, at_least=False)
