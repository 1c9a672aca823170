"""What was measured takes its own places on the page, and people's prose stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.outcome import Outcome, Table
from bench.peers.registry import PEERS
from bench.report import PAGE, NoPlace, closing, opening, write
from bench.sections.registry import SECTIONS

PROSE = f"""# Speed

What the profile found.

{opening("launch")}
old figures
{closing("launch")}

More prose.

{opening("memory")}
kept figures
{closing("memory")}
"""


def measured(figure: str) -> Outcome:
    return Outcome("launch", (Table(("server", "ms"), (("ours", figure),)),), remarks=("A remark.",))


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "performance.md"
    file.write_text(PROSE)
    return file


def test_a_section_is_replaced_and_everything_else_stays(page: Path) -> None:
    write(page, [measured("412")], "1 round.")

    before, _, rest = PROSE.partition("old figures\n")
    written = page.read_text()
    assert written.startswith(before)
    assert written.endswith(rest)
    assert "| ours | 412 |" in written
    assert "- A remark." in written
    assert "*1 round.*" in written
    assert "old figures" not in written


def test_writing_again_leaves_nothing_of_the_time_before(page: Path) -> None:
    write(page, [measured("412")], "1 round.")
    once = page.read_text()
    write(page, [measured("399")], "1 round.")

    assert page.read_text() == once.replace("412", "399")


def test_a_page_without_a_place_for_a_section_is_left_as_it_is(page: Path) -> None:
    with pytest.raises(NoPlace, match="measured: suite"):
        write(page, [measured("412"), Outcome("suite", ())], "1 round.")

    assert page.read_text() == PROSE


def test_the_page_has_a_place_for_every_measurement() -> None:
    text = PAGE.read_text()

    assert [name for name in (*SECTIONS, "peers") if text.count(opening(name)) != 1] == []


def test_every_peer_says_what_it_does() -> None:
    unsaid = [peer.name for peer in PEERS if not all(vars(peer.traits).values()) or not peer.answers]

    assert unsaid == []
