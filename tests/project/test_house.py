"""Holds every file to the house rules that a machine can check, and shows that each rule bites."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

import pytest

from tests.project import rules
from tests.project.rules import Rule
from tests.project.tree import files, modules, named

PACKAGE = "mockserver"
CODE = (PACKAGE, "bench", "tests")
# The edges, which touch the machine, and the seeds of made-up data.
EDGES = (
    "mockserver/world/",
    "mockserver/stores/",
    "mockserver/http/",
    "mockserver/cli.py",
    "mockserver/seeding/chance.py",
)
SERVING = ("mockserver/http/",)
UNFINISHED = "todo".upper()

PLANTED = [
    (rules.opens_with_a_sentence, "x = 1"),
    (rules.opens_with_a_sentence, '"""Two things. And more."""'),
    (rules.opens_with_a_sentence, '"""No end"""'),
    (rules.is_short, "x = 1\n" * 251),
    (rules.is_finished, f"x = 1  # {UNFINISHED}: more"),
    (rules.has_no_banners, f"# {'-' * 20}"),
    (rules.does_not_pause, f"time.{'sleep'}(1)"),
    (rules.leaves_no_test_out, "@pytest.mark.skip\ndef test_x(): ..."),
    (rules.leaves_no_test_out, "pytest.importorskip('x')"),
    (rules.leaves_no_test_out, "@pytest.mark.xfail\ndef test_x(): ..."),
    (rules.leaves_no_test_out, "@pytest.mark.xfail(reason='later')\ndef test_x(): ..."),
    (rules.names_no_machine, f"see {'/'}home/someone/notes"),
    (rules.names_no_registry, f"https://pypi{'.'}org/simple"),
    (rules.is_synchronous, "def f():\n    from starlette.routing import Route"),
    (rules.is_synchronous, "async def f(): ..."),
    (rules.leaves_the_machine_alone, "import time"),
    (rules.leaves_the_machine_alone, "from uuid import uuid4"),
    (rules.leaves_the_machine_alone, "x = datetime.now(UTC)"),
    (rules.leaves_the_machine_alone, "x = datetime.date.today()"),
    (rules.reads_no_environment_at_import, "class A:\n    home = os.environ['HOME']"),
    (rules.rebinds_no_globals, "def f():\n    global x\n    x = 1"),
]
CLEAN = [
    (rules.opens_with_a_sentence, ""),
    (rules.opens_with_a_sentence, '"""Says what mockserver 0.1 is for."""\nx = 1'),
    (rules.is_short, "x = 1\n" * 250),
    (rules.leaves_no_test_out, "@pytest.mark.xfail(reason='later', strict=True)\ndef test_x(): ..."),
    (rules.names_no_machine, f"https://example.org{'/'}home/page and <root>{'/'}home/x"),
    (rules.leaves_the_machine_alone, "from uuid import UUID\nnow = transaction.now()"),
    (rules.reads_no_environment_at_import, "def home():\n    return os.environ['HOME']"),
]


@pytest.mark.parametrize(("rule", "text"), PLANTED)
def test_a_rule_finds_what_breaks_it(rule: Rule, text: str) -> None:
    assert list(rule(text))


@pytest.mark.parametrize(("rule", "text"), CLEAN)
def test_a_rule_leaves_what_keeps_it_alone(rule: Rule, text: str) -> None:
    assert list(rule(text)) == []


def test_every_module_opens_with_one_sentence() -> None:
    hold(rules.opens_with_a_sentence, modules(*CODE))


def test_no_module_is_long() -> None:
    hold(rules.is_short, modules(PACKAGE))


def test_nothing_is_left_unfinished() -> None:
    hold(rules.is_finished, files())


def test_no_comment_is_a_banner() -> None:
    hold(rules.has_no_banners, modules(*CODE))


def test_no_test_sleeps() -> None:
    hold(rules.does_not_pause, files("tests"))


def test_no_test_is_left_out() -> None:
    hold(rules.leaves_no_test_out, modules("tests"))


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    hold(rules.names_no_machine, files())


def test_no_file_names_a_package_registry() -> None:
    hold(rules.names_no_registry, files())


def test_only_the_room_that_serves_is_asynchronous() -> None:
    hold(rules.is_synchronous, without(SERVING, modules(PACKAGE)))


def test_clock_chance_and_ids_come_from_the_world() -> None:
    hold(rules.leaves_the_machine_alone, without(EDGES, modules(PACKAGE)))


def test_no_module_reads_the_environment_when_it_is_imported() -> None:
    hold(rules.reads_no_environment_at_import, modules(PACKAGE))


def test_no_function_rebinds_a_global() -> None:
    hold(rules.rebinds_no_globals, modules(*CODE))


def test_what_other_rooms_use_says_what_it_is_for() -> None:
    texts = {named(file).removesuffix(".py").replace("/", "."): file for file in modules(PACKAGE)}
    used: dict[str, set[str]] = {}
    for name, file in texts.items():
        for module, taken in rules.taken_from_other_rooms(name, file.read_text(encoding="utf-8")):
            used.setdefault(module, set()).add(taken)

    report([offence for name, file in texts.items() for offence in offences_in(file, documents(used.get(name, ())))])


def test_a_function_without_a_word_is_found_when_another_room_uses_it() -> None:
    taken = list(rules.taken_from_other_rooms("mockserver.engine.handle", "from mockserver.world.root import Root"))
    own = list(rules.taken_from_other_rooms("mockserver.world.world", "from mockserver.world.root import Root"))

    assert (taken, own) == ([("mockserver.world.root", "Root")], [])
    assert list(rules.says_what_it_is_for("class Root: ...", {"Root"}))
    assert list(rules.says_what_it_is_for("class Other: ...", {"Root"})) == []


def test_the_files_that_are_held_to_the_rules_are_the_projects() -> None:
    found = {named(file) for file in files()}

    assert {"README.md", ".ci/run", "pyproject.toml", "tests/project/rules.py", "docs/contract.md"} <= found
    assert not [name for name in found if name.startswith((".venv/", ".git/", ".cache/")) or "__pycache__" in name]


def without(places: tuple[str, ...], found: Iterable[Path]) -> list[Path]:
    return [file for file in found if not named(file).startswith(places)]


def hold(rule: Rule, found: Iterable[Path]) -> None:
    """Fails with every line that breaks the rule."""
    report([offence for file in found for offence in offences_in(file, rule)])


def offences_in(file: Path, rule: Rule) -> list[str]:
    text = file.read_text(encoding="utf-8", errors="replace")
    return [f"{named(file)}:{line}: {message}" for line, message in rule(text)]


def documents(names: Collection[str]) -> Rule:
    return lambda text: rules.says_what_it_is_for(text, names)


def report(offences: list[str]) -> None:
    if offences:
        pytest.fail("\n".join([f"{len(offences)} found:", *offences]), pytrace=False)
