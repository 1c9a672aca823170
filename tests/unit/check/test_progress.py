"""The bar that moves on a terminal, and the lines that stand for it elsewhere."""

import io

from mockserver.check.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(out: io.StringIO, *, shown: bool = True, skipped: str | None = None) -> str:
    progress = Progress(out, shown=shown)
    progress.start("coverage", 2)
    progress.step(1, 0)
    progress.step(20, 1)
    progress.step(30, 1)
    progress.finish(30, 1, skipped=skipped)
    return out.getvalue()


def test_the_bar_fills_as_scenarios_are_done_and_never_overflows() -> None:
    states = run(Terminal()).split("\r\x1b[K")

    assert states[1] == f"coverage  {'░' * 24} 0/2 "
    assert states[2] == f"coverage  {'█' * 12}{'░' * 12} 1/2 1 request, 0 findings"
    assert states[3] == states[4].replace("30 requests", "20 requests")
    assert states[4] == f"coverage  {'█' * 24} 2/2 30 requests, 1 finding"
    assert states[5] == "coverage  30 requests, 1 finding\n"


def test_a_stream_that_is_no_terminal_gets_one_line_a_phase() -> None:
    assert run(io.StringIO()) == "coverage  30 requests, 1 finding\n"


def test_a_phase_that_had_nothing_to_do_is_called_skipped() -> None:
    assert run(io.StringIO(), skipped="nothing to test") == "coverage  skipped: nothing to test\n"


def test_nothing_is_written_when_no_progress_is_wanted() -> None:
    assert run(Terminal(), shown=False) == ""
