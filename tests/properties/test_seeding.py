"""What holds for every fixture file: order means nothing, chance is fair, and no input is answered with a traceback."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract.problem import ContractError
from mockserver.contract.yamlfile import load_yaml
from mockserver.dialects.openmetadata.dialect import OpenMetadata
from mockserver.seeding.chance import Chance
from mockserver.seeding.load import seed_root
from tests.support.worlds import digest, openmetadata

Json = Any
DOCUMENTED = load_yaml(
    (Path(__file__).parents[2] / "fixtures/openmetadata/documented.yaml").read_bytes(), "documented.yaml"
).value
RECIPES = load_yaml(
    b"""
    generate:
      pools:
        word: [a, b, c]
        column: {count: 3, unique: name, of: {name: {$template: 'c{n}'}, dataType: {$pick: [INT, DATE]}}}
      records:
        - resource: databaseServices
          count: 2
          fields: {name: {$template: 's{n}'}, serviceType: Mysql}
        - name: base
          resource: databases
          count: 2
          fields: {name: {$template: 'd{n}'}, service: {$turn: databaseServices}}
        - resource: databaseSchemas
          count: 2
          fields: {name: {$template: '{word}_{n}', case: upper}, database: {$sample: databases, made: base}}
          history: {count: [1, 2], hours: 3, fields: {description: {$sometimes: 0.5, of: x, else: y}}}
        - resource: tables
          count: 2
          fields:
            name: t
            databaseSchema: {$sample: databaseSchemas, made: true}
            columns: {$list: {$pool: column}, unique: name, count: [1, 2], first: [{name: id, dataType: INT}]}
            votes: {$map: {$sample: users, count: 1}, to: {$weighted: {votedUp: 2, votedDown: 1}}}
            updatedAt: {$number: [1, 9]}
    """,
    "recipes.yaml",
).value

VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1, 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "admin", "users", "$pick", "{n}", "{", "a.b", "0.1", "é", "\u2028", "votedUp"])
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "id", "$pick", "$sample", "$list", "count", "version", "type", "x-history", "children"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=5,
)


def write(folder: Path, value: Json) -> Path:
    file = folder / "set.json"
    file.write_text(json.dumps(value))
    return file


def places(value: Json) -> Iterator[tuple[Json, Json]]:
    """Every container of a value, with each of its keys."""
    if not isinstance(value, dict | list):
        return
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        yield from places(inner)


def spoil(data: st.DataObject, original: Json) -> Json:
    """The value with up to three of its parts replaced, moved or taken away."""
    value = copy.deepcopy(original)
    for _ in range(data.draw(st.integers(1, 3))):
        found = list(places(value)) or [({"": None}, "")]
        holder, key = found[data.draw(st.integers(0, len(found) - 1))]
        deed = data.draw(st.sampled_from(["replace", "remove", "copy"]))
        if deed == "remove":
            del holder[key]
        elif deed == "copy":
            other, name = found[data.draw(st.integers(0, len(found) - 1))]
            if isinstance(other, dict) and name in other:
                holder[key] = copy.deepcopy(other[name])
        else:
            holder[key] = data.draw(VALUES)
    return value


def judge(file: Path) -> None:
    """Seeds a world from the file or is told what is wrong with it; any other exception fails the test."""
    with suppress(ContractError):
        seed_root(openmetadata(), OpenMetadata(), file)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sets")


@settings(deadline=None)
@given(data=st.data())
def test_a_spoilt_set_is_either_sound_or_told(folder: Path, data: st.DataObject) -> None:
    judge(write(folder, spoil(data, DOCUMENTED)))


@settings(deadline=None)
@given(data=st.data())
def test_a_spoilt_recipe_is_either_followed_or_told(folder: Path, data: st.DataObject) -> None:
    people = {"records": {"users": [{"name": "ann", "email": "ann@example.com"}]}}
    judge(write(folder, {**people, **spoil(data, RECIPES)}))


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_the_order_of_records_means_nothing(folder: Path, data: st.DataObject) -> None:
    groups = data.draw(st.permutations(list(DOCUMENTED["records"].items())))
    records = {name: data.draw(st.permutations(values)) for name, values in groups}
    shuffled = seed_root(openmetadata(), OpenMetadata(), write(folder, {**DOCUMENTED, "records": records})).root
    assert digest(shuffled) == digest(seed_root(openmetadata(), OpenMetadata()).root)


@given(st.integers(), st.integers(0, 60), st.integers(0, 60))
def test_a_sample_has_as_many_different_values_as_there_can_be(seed: int, size: int, count: int) -> None:
    drawn = Chance(str(seed)).sample(range(size), count)
    assert len(drawn) == len(set(drawn)) == min(size, count)
    assert set(drawn) <= set(range(size))


@given(st.integers(), st.integers(-50, 50), st.integers(0, 50))
def test_a_number_between_two_is_neither_below_nor_above(seed: int, low: int, more: int) -> None:
    chance = Chance(str(seed))
    assert all(low <= chance.between(low, low + more) <= low + more for _ in range(20))
