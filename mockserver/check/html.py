"""The outcome of a check as one page that needs nothing but itself: no script, no font, no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape

from mockserver.check.findings import HOLDS, CheckOutcome, Finding
from mockserver.check.summary import COLUMNS, row, verdict
from mockserver.check.text import writable

STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
caption { text-align: left }
th, td { text-align: right; padding: .2rem .6rem; border-bottom: 1px solid #8886 }
th:first-child, td:first-child, .texts th, .texts td { text-align: left }
pre { overflow-x: auto; padding: .6rem; border: 1px solid #8886; white-space: pre-wrap; overflow-wrap: anywhere }
article { border-left: .3rem solid #c33; padding-left: 1rem; margin: 2rem 0 }
.verdict { font-size: 1.2rem; font-weight: 600; border-left: .3rem solid #c33; padding-left: 1rem }
.holds { border-color: #2a2 }
"""


def page(outcome: CheckOutcome) -> str:
    """The whole page."""
    return writable("".join(_page(outcome)))


def _page(outcome: CheckOutcome) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>Contract check of {escape(outcome.base_url)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    yield f"<h1>Contract check of {escape(outcome.base_url)}</h1>\n"
    yield f'<p class="verdict{" holds" if outcome.exit_code == HOLDS else ""}">{escape(verdict(outcome))}</p>\n'
    started = datetime.fromtimestamp(outcome.started, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    yield f"<p>Seed {outcome.seed}, started {started}.</p>\n"
    yield from _section("Not tested", map(_block, outcome.problems))
    yield from _section("Findings", map(_finding, outcome.findings))
    yield "<h2>Operations</h2>\n"
    yield _table("", COLUMNS, (row(outcome, tally) for tally in outcome.tallies))
    quiet = ", ".join(tally.operation for tally in outcome.tallies if tally.never_succeeded)
    if quiet:
        yield f"<p>Never answered with success, so hardly tested: {escape(quiet)}</p>\n"
    yield from _section("Notes", (f"<p>{escape(note)}</p>\n" for note in outcome.notes))
    yield from _exclusions(outcome)
    yield "</body>\n</html>\n"


def _exclusions(outcome: CheckOutcome) -> Iterator[str]:
    rows = [(each.operation, each.check, each.reason, str(count)) for each, count in outcome.excused]
    rows += [(each.operation, each.check, each.reason, "never, so it may go") for each in outcome.stale]
    if rows:
        yield "<h2>Exclusions</h2>\n"
        yield _table(' class="texts"', ("operation", "check", "reason", "excused"), rows)


def _section(title: str, parts: Iterable[str]) -> Iterator[str]:
    body = "".join(parts)
    if body:
        yield f"<h2>{title}</h2>\n{body}"


def _finding(finding: Finding) -> str:
    seen = f", seen {finding.times} times" if finding.times > 1 else ""
    lines = [
        f"<article>\n<h3>{escape(finding.operation)}: {escape(finding.check)}</h3>",
        f"<p>{escape(finding.title)} ({escape(finding.label)}, {escape(finding.phase)}{seen})</p>",
        _block(finding.message),
        "<p>To see it again:</p>",
        _block(finding.curl),
    ]
    if finding.status is not None:
        lines += [f"<p>It answered {finding.status}:</p>", _block(finding.answer)]
    return "\n".join(line for line in lines if line) + "\n</article>\n"


def _block(text: str) -> str:
    return f"<pre>{escape(text)}</pre>" if text else ""


def _table(attributes: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    heading = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>\n" for cells in rows)
    return f"<table{attributes}>\n<thead><tr>{heading}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"
