"""A bound that is missed ends the benchmark with 1 and is named; one that is kept does not."""

from __future__ import annotations

import pytest

from bench.__main__ import main
from bench.outcome import Bound, Outcome, Table
from bench.sections.registry import SECTIONS
from bench.settings import Settings

TABLE = Table(("server", "requests/s"), (("bare", "12,000"), ("ours", "9,000")))


def measured(*bounds: Bound) -> Outcome:
    return Outcome("launch", (TABLE,), bounds, ("One was left out.",))


@pytest.mark.parametrize(
    ("bound", "status"),
    [
        (Bound("share", 0.85, 0.85), 0),
        (Bound("share", 0.84, 0.85), 1),
        (Bound("time", 1.3, 1.3, "ms", at_least=False), 0),
        (Bound("time", 1.31, 1.3, "ms", at_least=False), 1),
    ],
)
def test_the_status_tells_whether_every_bound_was_kept(
    bound: Bound, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SECTIONS, "launch", lambda settings: measured(Bound("other", 2.0, 1.0), bound))

    assert main(["--only", "launch", "--no-report"]) == status


def test_a_bound_that_is_missed_is_named_with_figure_and_limit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(SECTIONS, "launch", lambda settings: measured(Bound("start", 612.4, 500, "ms", at_least=False)))

    main(["--only", "launch", "--no-report"])

    printed = capsys.readouterr().out
    assert "missed: launch: start | 612 ms | at most 500 ms" in printed
    assert "One was left out." in printed


def test_only_what_was_asked_for_is_measured_and_as_long_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Settings] = []

    def memory(settings: Settings) -> Outcome:
        asked.append(settings)
        return measured()

    monkeypatch.setitem(SECTIONS, "memory", memory)

    main(["--only", "memory", "--no-report", "--rounds", "3", "--seconds", "0.25", "--requests", "7000"])

    assert asked == [Settings(rounds=3, seconds=0.25, requests=7000)]


def test_a_measurement_that_is_not_there_is_refused_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--only", "speed"])

    assert "there is no speed; there are throughput, replicas, latency, launch" in capsys.readouterr().err


def test_a_table_stands_in_columns_and_in_markdown() -> None:
    assert TABLE.text() == "server  requests/s\nbare        12,000\nours         9,000"
    assert TABLE.markdown() == "| server | requests/s |\n| --- | ---: |\n| bare | 12,000 |\n| ours | 9,000 |"
