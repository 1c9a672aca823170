"""Writes what was measured into the page on performance, between marks; whatever stands outside them is people's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bench.outcome import Outcome
from bench.plot import draw

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"


class NoPlace(LookupError):
    """The page has no pair of marks for a section."""


def opening(section: str) -> str:
    return f"<!-- measured: {section} -->"


def closing(section: str) -> str:
    return f"<!-- end: {section} -->"


def write(page: Path, outcomes: Sequence[Outcome], measured: str) -> None:
    """Replaces what stands between the marks of each outcome's section; the sections that were not measured stay."""
    text = page.read_text(encoding="utf-8")
    for outcome in outcomes:
        text = placed(text, outcome.section, body(outcome, measured))
    for outcome in outcomes:
        if outcome.picture:
            draw(page.with_name(picture_of(outcome)), outcome.picture)
    page.write_text(text, encoding="utf-8")


def picture_of(outcome: Outcome) -> str:
    """The name of the file, beside the page."""
    return f"performance-{outcome.section}.svg"


def placed(text: str, section: str, part: str) -> str:
    """The text with another part in a section's place."""
    between = re.compile(f"({re.escape(opening(section))}\n).*?({re.escape(closing(section))})", re.DOTALL)
    replaced, count = between.subn(lambda found: f"{found[1]}\n{part}\n\n{found[2]}", text)
    if count != 1:
        raise NoPlace(f"a page needs one pair of {opening(section)} and {closing(section)}; this one has {count}")
    return replaced


def body(outcome: Outcome, measured: str) -> str:
    """The tables, then what is to be said of them, and how they were measured."""
    parts = [table.markdown() for table in outcome.all_tables()]
    if outcome.picture:
        parts.insert(0, f"![{outcome.picture.title}]({picture_of(outcome)})")
    parts += ["\n".join(f"- {remark}" for remark in outcome.remarks)] if outcome.remarks else []
    return "\n\n".join([*parts, f"*{measured}*"])
