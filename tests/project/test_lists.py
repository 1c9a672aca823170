"""Holds what the project's pages enumerate to the code: options, routes, keywords, checks, files, links."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.resources import files as package_files
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families

from bench.__main__ import parser as bench_parser
from bench.peers.__main__ import parser as peers_parser
from bench.soak.__main__ import parser as soak_parser
from mockserver.bundled import fixture_names
from mockserver.check.run import ALL, known_checks
from mockserver.cli import COMMANDS, main
from mockserver.contract.extensions import keywords
from mockserver.contract.verbs import VERBS
from mockserver.contract.yamlfile import load_yaml
from mockserver.exchange import Problem
from mockserver.forms import Form, fill
from mockserver.http.app import App
from mockserver.http.control.clock import UNITS
from mockserver.http.control.faults import FAULT
from mockserver.http.control.journal import READERS
from mockserver.http.control.routes import control_routes
from mockserver.http.drain import Drain
from mockserver.http.inprocess import client
from mockserver.http.loop import Loop
from mockserver.http.sandbox import open_sandbox
from mockserver.http.settings import Settings
from mockserver.http.telemetry import Telemetry
from mockserver.seeding.sets import KEYS as SET_KEYS
from mockserver.seeding.vocabulary import VOCABULARY
from mockserver.testing.handle import MockServer
from mockserver.testing.plugin import INI, OPTIONS
from mockserver.testing.wanted import TYPES
from mockserver.world.transfer import export_state
from tests.clients.environments import ALL as ENVIRONMENTS
from tests.project import markdown
from tests.project.tree import ROOT, files, named
from tests.project.walk import TARGETS
from tests.support import tokens

Json = Any
PAGES = {named(page): page for page in markdown.pages()}
DOCS = ROOT / "docs"
URL = "http://localhost"
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
HELPED = re.compile(r"^  (?:-\w, )?(--[a-z-]+)", re.MULTILINE)
TARGET = re.compile(r"^make ([a-z-]+)(?: ARGUMENTS=.*)?$")
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
    assert set(phony[1].split()) == set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)) == set(TARGETS)


def test_the_contract_page_has_the_keywords_that_the_loader_takes() -> None:
    told = re.findall(r"\bx-[a-z]+\b", (DOCS / "contract.md").read_text())

    assert set(told) == set(keywords())


def test_the_contract_page_has_the_behaviours_that_are_written() -> None:
    assert named_under("contract.md", "use") == list(VERBS)


def test_the_contract_page_shows_every_key_of_a_resource() -> None:
    block = next(each for each in markdown.blocks(DOCS / "contract.md") if each.text.startswith("x-resource:"))
    schema = load_yaml(
        package_files("mockserver.contract").joinpath("extensions.yaml").read_bytes(), "extensions"
    ).value["$defs"]
    shown = load_yaml(block.text.encode(), block.place).value["x-resource"]

    assert set(shown) == set(schema["x-resource"]["properties"])
    for key, name in (("relations", "relation"), ("derived", "derived"), ("nested", "nested")):
        assert {each for value in shown[key].values() for each in value} == set(schema[name]["properties"])


def test_the_check_page_has_the_checks_and_phases_that_run() -> None:
    assert named_under("check.md", "check") == list(known_checks())
    assert named_under("check.md", "phase") == list(ALL)


def test_the_fixtures_page_has_the_sets_keys_and_words_that_are_known() -> None:
    words = [found[1] for row in table_under("fixtures.md", "value") if (found := re.match(r"`\{(\$\w+): ", row[0]))]
    text = (DOCS / "fixtures.md").read_text()

    assert named_under("fixtures.md", "set") == fixture_names("openmetadata")
    assert named_under("fixtures.md", "key") == list(SET_KEYS)
    assert words == list(VOCABULARY)
    assert [name for word in VOCABULARY.values() for name in word.options if f"{name}:" not in text] == []


def test_the_clients_page_has_the_programs_that_are_installed() -> None:
    told = {row[0] for row in table_under("clients.md", "client")}
    installed = [each.requirements[0].partition("==") for each in ENVIRONMENTS]

    for name, _, version in installed:
        assert [row for row in told if f"`{name.partition('[')[0]}`" in row and row.endswith(f" {version}")], name


def test_the_fixture_page_has_the_arguments_that_are_taken() -> None:
    def taken(method: Callable[..., object]) -> set[str]:
        return set(inspect.signature(method).parameters) - {"self", "operation"}

    assert named_under("fixture.md", "marker argument") == list(TYPES)
    assert [span[0] for row in table_under("fixture.md", "marker argument") if (span := markdown.spans(row[1]))] == [
        f"mockserver_{name}" for name in INI
    ]
    assert set(named_under("fixture.md", "argument", "compared with")) == taken(MockServer.assert_not_called)
    assert set(named_under("fixture.md", "argument", "effect")) == taken(MockServer.fault)


@pytest.mark.parametrize("page", [page for page in PAGES if page != "docs/command-line.md"])
def test_every_option_that_a_page_names_is_there(page: str) -> None:
    known = {option for name in COMMANDS for option in options_of(name)} | {"--help", "--version"}
    made = (bench_parser(), peers_parser(), soak_parser())
    known |= {option for parser in made for option in OPTION.findall(parser.format_help())}
    known |= {f"--{name.replace('_', '-')}" for name in OPTIONS}
    told = {option for span in markdown.spans(markdown.prose(PAGES[page])) for option in OPTION.findall(span)}

    assert told - known == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_line_page_has_the_options_of_a_command(command: str) -> None:
    told = {option for span in markdown.spans(section_of(command)) for option in OPTION.findall(span)}

    assert told - {"--help"} == options_of(command)


def test_the_command_line_page_has_the_commands() -> None:
    titles = [section.title for section in markdown.sections(DOCS / "command-line.md")]
    told = {found[1] for title in titles if (found := re.match(r"`?(?:mockserver )?([a-z]+)\b`?", title))}

    assert set(COMMANDS) <= told


def test_the_control_plane_page_has_the_routes_that_are_served() -> None:
    routes = control_routes(open_sandbox(key=tokens.key("server")), trusted=True)
    served = {(method, path) for path, handlers in routes.items() for method in handlers}
    told = {
        (method, path)
        for row in table_under("control-plane.md", "path", "methods")
        for path in markdown.spans(row[0])
        for method in row[1].split(", ")
    }

    assert told == served


def test_the_control_plane_page_has_the_filters_members_and_units_that_are_taken() -> None:
    text = markdown.prose(DOCS / "control-plane.md")
    state = export_state(open_sandbox(key=tokens.key("server")).world.root)
    [time] = [section for section in markdown.sections(DOCS / "control-plane.md") if section.title == "Time"]

    assert set(named_under("control-plane.md", "filter")) == set(READERS)
    assert set(named_under("control-plane.md", "member", "meaning")) == members_of(FAULT)
    assert set(UNITS) <= set(markdown.spans(time.text))
    assert [name for name in state if f"`{name}`" not in text] == []


def test_the_operations_page_has_the_metrics_that_are_told() -> None:
    telemetry = Telemetry(lambda: open_sandbox(key=tokens.key("server")), Drain(), None, metrics=True)
    app = App(open_sandbox(key=tokens.key("server")), Settings(pages=telemetry.pages))
    with closing(Loop()) as loop, client(app, URL, {}, loop) as http:
        families = text_string_to_metric_families(http.get("/metrics").text)
        # With each counter comes the time since when it counts.
        told = {each.name for each in families if re.match(r"mockserver_(?!.*_created$)", each.name)}

    named = {name.removesuffix("_total").removesuffix("_info") for name in named_under("operations.md", "metric")}
    assert named == {name.removesuffix("_info") for name in told}


def leads_somewhere(page: Path, link: str) -> bool:
    if re.match(r"\w+:", link):
        return True
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return target.exists() and (not anchor or anchor in markdown.anchors(target))


def is_there(place: str) -> bool:
    """A file or folder of the project, seen from any folder above it; or one that the tools make."""
    made = (ROOT / ".gitignore").read_text().split()
    return place in made or any(f"/{place}" in f"/{named(file)}" for file in files())


def members_of(form: Form) -> set[str]:
    """The members that an object may have, as the refusal of another one tells them."""
    with pytest.raises(Problem) as refused:
        fill(form, {"?": 1})
    known = re.search(r"known are ([\w, ]+)", refused.value.message)
    assert known is not None
    return set(known[1].split(", "))


def named_under(page: str, *heading: str) -> list[str]:
    """What the first column of a table names in code."""
    return [name for row in table_under(page, *heading) for name in markdown.spans(row[0])]


def table_under(page: str, *heading: str) -> list[list[str]]:
    """The rows of the table whose heading begins with these cells."""
    rows = list(table_rows(markdown.prose(DOCS / page)))
    starts = [at for at, row in enumerate(rows) if tuple(cell.strip("`") for cell in row[: len(heading)]) == heading]
    assert starts, f"docs/{page} has no table with the heading {heading}"
    return list(takewhile(any, rows[starts[0] + 2 :]))


def table_rows(text: str) -> Iterator[list[str]]:
    """The cells of each line of a table; an empty one for every other line."""
    for line in text.splitlines():
        yield [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else [""]


def options_of(command: str) -> set[str]:
    """What the command's own help lists."""
    done = CliRunner().invoke(main, [command, "--help"])
    assert done.exit_code == 0, done.output
    return set(HELPED.findall(done.output)) - {"--help"}


def section_of(command: str) -> str:
    """What the page says of a command."""
    for section in markdown.sections(DOCS / "command-line.md"):
        if re.fullmatch(rf"`?(?:mockserver )?{command}`?", section.title):
            return section.text
    pytest.fail(f"docs/command-line.md has no section on `mockserver {command}`")
