"""Fixture sets: found by name or path, built on one another, and refused with the nearest name."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver.contract.problem import ContractError
from mockserver.dialects.openmetadata.dialect import OpenMetadata
from mockserver.seeding.load import seed_root
from mockserver.world.clock import Clock
from tests.support.worlds import openmetadata, record, seeded, told, write_set

MOMENT = 1_769_947_200_000
USER = "records: {users: [{name: eve, email: eve@example.com}]}"


def refusal(fixtures: str | Path) -> str:
    with pytest.raises(ContractError) as caught:
        seed_root(openmetadata(), OpenMetadata(), fixtures)
    return str(caught.value)


def test_a_set_brings_along_what_it_extends(tmp_path: Path) -> None:
    seeds = seeded(tmp_path, f"extends: ground\n{USER}")
    assert [record(seeds, "users", name).name for name in ("ann", "eve")] == ["ann", "eve"]


def test_a_set_of_ones_own_may_extend_a_bundled_one(tmp_path: Path) -> None:
    seeds = seeded(tmp_path, f"extends: documented\n{USER}")
    assert record(seeds, "users", "admin").id == "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"
    assert seeds.marked[0] == "admin"


def test_a_neighbour_is_extended_rather_than_a_bundled_set_of_its_name(tmp_path: Path) -> None:
    write_set(tmp_path, "records: {users: [{name: own, email: own@example.com}]}", "documented")
    seeds = seeded(tmp_path, f"extends: documented\n{USER}")
    assert {each.name for each in seeds.root.records.values()} == {"own", "eve"}


def test_a_set_may_have_no_records_at_all(tmp_path: Path) -> None:
    assert len(seeded(tmp_path, "description: nothing").root.records) == 0


@pytest.mark.parametrize("text", ["2026-02-01T12:00:00Z", "2026-02-01T12:00:00", "2026-02-01T13:00:00+01:00"])
def test_the_clock_runs_on_from_where_a_set_puts_it(tmp_path: Path, text: str) -> None:
    seeds = seeded(tmp_path, f"clock: {text}\n{USER}")
    assert seeds.root.clock.frozen is None
    assert 0 <= seeds.root.clock.now() - MOMENT < 600_000
    assert record(seeds, "users", "eve").data["updatedAt"] == MOMENT


@pytest.fixture
def tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("tokyo")
def test_a_clock_without_a_zone_is_utc_wherever_the_machine_stands(tmp_path: Path) -> None:
    seeds = seeded(tmp_path, f"clock: 2026-02-01T12:00:00\n{USER}")
    assert record(seeds, "users", "eve").data["updatedAt"] == MOMENT


def test_without_a_clock_the_time_is_the_machines(tmp_path: Path) -> None:
    assert seeded(tmp_path, USER).root.clock == Clock()


def test_the_clock_of_the_extending_set_counts(tmp_path: Path) -> None:
    write_set(tmp_path, "clock: 2020-01-01T00:00:00Z", "base")
    seeds = seeded(tmp_path, f"extends: base\nclock: 2026-02-01T12:00:00Z\n{USER}")
    assert seeds.root.clock.now() >= MOMENT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("clock: noon", "set.yaml:1: /clock: a time is written like 2026-02-01T12:00:00Z"),
        ("clock: 12", "set.yaml:1: /clock: a time is written like 2026-02-01T12:00:00Z"),
        ("record: {}", "set.yaml:1: /record: unknown key 'record'; did you mean 'records'?"),
        (
            "contract: petstore",
            "set.yaml:1: /contract: these records are for the contract 'petstore', not for 'openmetadata'",
        ),
        ("records: []", "set.yaml:1: /records: 'records' is lists of records by resource"),
        ("generate: 7", "set.yaml:1: /generate: 'generate' is an object with `pools` and `records`"),
        ("- 1", "set.yaml:1: a fixture file is an object with `records`, `generate` or both"),
        ("extends: grund", "set.yaml:1: /extends: there is no set 'grund'; did you mean 'ground'?"),
        (
            "extends: ../ground",
            "set.yaml:1: /extends: a set extends another of its folder, or a bundled one, by its name",
        ),
        (
            "extends: [ground]",
            "set.yaml:1: /extends: a set extends another of its folder, or a bundled one, by its name",
        ),
        ("extends: set", "set.yaml:1: /extends: the set extends itself: set.yaml -> set.yaml"),
        ("records: {users: [", "set.yaml:1: while parsing"),
    ],
)
def test_a_mistake_in_a_set_is_told_with_its_place(tmp_path: Path, text: str, expected: str) -> None:
    (line,) = told(tmp_path, text)
    assert line.startswith(expected)


def test_a_circle_of_sets_is_told(tmp_path: Path) -> None:
    write_set(tmp_path, "extends: set", "other")
    (line,) = told(tmp_path, "extends: other")
    assert line == "other.yaml:1: /extends: the set extends itself: set.yaml -> other.yaml -> set.yaml"


def test_an_unknown_name_is_told_with_the_bundled_ones() -> None:
    assert refusal("larg") == (
        "there is no fixture set of the contract 'openmetadata' named 'larg';"
        " bundled: connections, definitions, documented, fresh, large, types; did you mean 'large'?"
    )


@pytest.mark.parametrize("source", ["./none.yaml", "none.yaml", Path("none")])
def test_a_file_that_is_not_there_is_told(source: str | Path) -> None:
    assert refusal(source) == f"{source}: there is no such file"


def test_a_folder_is_no_fixture_file(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path}: there is no such file"


def test_bundled_sets_are_those_of_the_contract() -> None:
    other = openmetadata()._replace(name="other")
    with pytest.raises(ContractError, match="named 'large'; bundled: none"):
        seed_root(other, OpenMetadata(), "large")
