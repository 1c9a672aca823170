"""Holds what the project's pages enumerate to the code: options, routes, keywords, checks, files, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import pytest

from mockserver.check.run import ALL, known_checks
from mockserver.cli import COMMANDS, main
from mockserver.contract.extensions import keywords
from mockserver.contract.verbs import VERBS
from mockserver.contract.yamlfile import load_yaml
from tests.project import markdown
from tests.project.tree import ROOT, named
from tests.project.walk import TARGETS

Json = Any
PAGES = {named(page): page for page in markdown.pages()}
DOCS = ROOT / "docs"
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
TARGET = re.compile(r"^make ([a-z]+)$")
# Places that pages name by their path from the project's root, or from the package.
PLACE = re.compile(r"^(?:[\w.-]+/)+(?:[\w.-]+)?$|^\w+\.(?:py|md)$")


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    broken = [link for link in markdown.links(PAGES[page]) if not leads_somewhere(PAGES[page], link)]

    assert broken == []


@pytest.mark.parametrize("page", PAGES)
def test_every_target_of_make_that_is_named_is_there(page: str) -> None:
    told = {found[1] for span in markdown.spans(markdown.prose(PAGES[page])) if (found := TARGET.match(span))}

    assert told - TARGETS.keys() == set()


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_place_that_is_named_is_there(page: str) -> None:
    named_places = [span for span in markdown.spans(markdown.prose(PAGES[page])) if PLACE.match(span)]

    assert named_places
    assert [place for place in named_places if not is_there(place)] == []


def test_the_readme_leads_to_every_page() -> None:
    linked = {link.partition("#")[0] for link in markdown.links(ROOT / "README.md")}

    assert {f"docs/{page.name}" for page in DOCS.glob("*.md")} <= linked
    assert {"ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"} <= linked


def test_make_help_names_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)

    assert phony is not None
    assert set(phony[1].split()) == set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)) == set(TARGETS)


def test_the_contract_page_has_the_keywords_that_the_loader_takes() -> None:
    told = re.findall(r"\bx-[a-z]+\b", (DOCS / "contract.md").read_text())

    assert set(told) == set(keywords())


def test_the_contract_page_has_the_behaviours_that_are_written() -> None:
    told = {name for row in table_under("contract.md", "use") for name in markdown.spans(row[0])}

    assert told == set(VERBS)


def test_the_contract_page_shows_every_key_of_a_resource() -> None:
    block = next(each for each in markdown.blocks(DOCS / "contract.md") if each.text.startswith("x-resource:"))
    schema = load_yaml(files("mockserver.contract").joinpath("extensions.yaml").read_bytes(), "extensions").value[
        "$defs"
    ]
    shown = load_yaml(block.text.encode(), block.place).value["x-resource"]

    assert set(shown) == set(schema["x-resource"]["properties"])
    for key, name in (("relations", "relation"), ("derived", "derived"), ("nested", "nested")):
        assert {each for value in shown[key].values() for each in value} == set(schema[name]["properties"])


def test_the_check_page_has_the_checks_and_phases_that_run() -> None:
    assert [markdown.spans(row[0])[0] for row in table_under("check.md", "check")] == list(known_checks())
    assert [markdown.spans(row[0])[0] for row in table_under("check.md", "phase")] == list(ALL)


@pytest.mark.parametrize("page", [page for page in PAGES if page != "docs/command-line.md"])
def test_every_option_that_a_page_names_is_there(page: str) -> None:
    known = {option for name in COMMANDS for option in options_of(name)} | {"--help", "--version"}
    told = {option for span in markdown.spans(markdown.prose(PAGES[page])) for option in OPTION.findall(span)}

    assert told - known == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_line_page_has_the_options_of_a_command(command: str) -> None:
    told = {option for span in markdown.spans(section_of(command)) for option in OPTION.findall(span)}

    assert told - {"--help"} == options_of(command) - {"--help"}


def test_the_command_line_page_has_the_commands() -> None:
    titles = [section.title for section in markdown.sections(DOCS / "command-line.md")]
    told = {found[1] for title in titles if (found := re.match(r"`?(?:mockserver )?([a-z]+)\b`?", title))}

    assert set(COMMANDS) <= told


def leads_somewhere(page: Path, link: str) -> bool:
    if re.match(r"\w+:", link):
        return True
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return target.exists() and (not anchor or anchor in markdown.anchors(target))


def is_there(place: str) -> bool:
    return any(list(root.glob(place.rstrip("/"))) for root in (ROOT, ROOT / "mockserver"))


def table_under(page: str, heading: str) -> list[list[str]]:
    """The rows of the table whose first column has this heading."""
    rows = list(table_rows(markdown.prose(DOCS / page)))
    first = next(at for at, row in enumerate(rows) if row[0].strip("`") == heading)
    table = []
    for row in rows[first + 2 :]:
        if not any(row):
            break
        table.append(row)
    return table


def table_rows(text: str) -> Iterator[list[str]]:
    """The cells of each line of a table; an empty one for every other line."""
    for line in text.splitlines():
        yield [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else [""]


def options_of(name: str) -> set[str]:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    return {option for parameter in command.params for option in parameter.opts if option.startswith("--")}


def section_of(command: str) -> str:
    """What the page says of a command."""
    for section in markdown.sections(DOCS / "command-line.md"):
        if re.fullmatch(rf"`?(?:mockserver )?{command}`?", section.title):
            return section.text
    pytest.fail(f"docs/command-line.md has no section on `mockserver {command}`")
