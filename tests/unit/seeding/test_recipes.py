"""The recipe language: every word makes what it says, from chance that a seed decides."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from mockserver.world.transaction import Transaction
from tests.support.worlds import answer, digest, gist, history, names, openmetadata, record, seeded, told

Json = Any
HOURS = 3_600_000
# What the recipe below makes of seed 0.
RECORDED = "0f2280fe58f7333cfb9ed75cd76b51ae2197e09fcf77c63bc3e3d60a869da494"


def recipe(fields: str, resource: str = "users", count: int = 3, pools: str = "{}", more: str = "") -> str:
    """A set whose recipe stands at line 4, and its fields from line 7 on."""
    return (
        "extends: ground\n"
        f"generate:\n  pools: {pools}\n  records:\n"
        f"    - resource: {resource}\n      count: {count}\n      fields:\n{indent(fields, ' ' * 8)}\n{more}"
    )


def made(folder: Path, value: str, count: int = 3, pools: str = "{}", seed: int = 0) -> list[Json]:
    """The descriptions of that many users that a recipe for their description makes."""
    fields = f"name: {{$template: 'u{{n}}'}}\nemail: {{$template: '{{name}}@example.com'}}\ndescription: {value}"
    seeds = seeded(folder, recipe(fields, count=count, pools=pools), seed)
    return [record(seeds, "users", f"u{number}").data.get("description") for number in range(1, count + 1)]


def columns(folder: Path, value: str, pools: str = "{}") -> list[list[str]]:
    """The column names of three tables that a recipe for their columns makes."""
    fields = f"name: {{$template: 't{{n}}'}}\ndatabaseSchema: c\ncolumns: {value}"
    seeds = seeded(folder, recipe(fields, "tables", pools=pools))
    return [names(record(seeds, "tables", f"s.d.c.t{number}").data["columns"]) for number in (1, 2, 3)]


def test_a_literal_is_the_same_each_time(tmp_path: Path) -> None:
    assert made(tmp_path, "the same") == ["the same"] * 3


def test_a_template_holds_the_number_and_the_fields_before_it(tmp_path: Path) -> None:
    assert made(tmp_path, "{$template: '{n:03} of {name}, {{so}}'}") == [f"00{n} of u{n}, {{so}}" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("case", "expected"),
    [("lower", "o'neil & sons"), ("upper", "O'NEIL & SONS"), ("title", "O'Neil & Sons"), ("snake", "o_neil_sons")],
)
def test_a_template_may_have_a_case(tmp_path: Path, case: str, expected: str) -> None:
    assert made(tmp_path, f'{{$template: "O\'neil & sons", case: {case}}}', count=1) == [expected]


def test_a_sequence_counts_up(tmp_path: Path) -> None:
    assert made(tmp_path, "{$template: '{x}'}", pools="{x: {count: 3, of: {$sequence: 7}}}", count=9) != ["7"] * 9
    fields = "name: {$template: 'u{n}'}\nemail: u@example.com\nupdatedAt: {$sequence: 40}"
    seeds = seeded(tmp_path, recipe(fields))
    assert [record(seeds, "users", f"u{n}").data["updatedAt"] for n in (1, 2, 3)] == [40, 41, 42]


def test_picking_takes_all_choices_in_time(tmp_path: Path) -> None:
    assert set(made(tmp_path, "{$pick: [a, b, {$template: 'c{n}'}]}", count=60)) >= {"a", "b"}
    assert any(each.startswith("c") for each in made(tmp_path, "{$pick: [a, b, {$template: 'c{n}'}]}", count=60))


def test_weights_are_kept_to(tmp_path: Path) -> None:
    drawn = made(tmp_path, "{$weighted: {often: 9, seldom: 1}}", count=400)
    assert set(drawn) == {"often", "seldom"}
    assert 300 < drawn.count("often") < 395


def test_a_number_lies_between_its_ends(tmp_path: Path) -> None:
    fields = "name: {$template: 'u{n}'}\nemail: u@example.com\nupdatedAt: {$number: [5, 7]}"
    seeds = seeded(tmp_path, recipe(fields, count=60))
    assert {record(seeds, "users", f"u{n}").data["updatedAt"] for n in range(1, 61)} == {5, 6, 7}


def test_a_value_may_be_there_sometimes(tmp_path: Path) -> None:
    assert set(made(tmp_path, "{$sometimes: 0.5, of: x}", count=60)) == {"x", None}
    assert set(made(tmp_path, "{$sometimes: 0.5, of: x, else: y}", count=60)) == {"x", "y"}
    assert set(made(tmp_path, "{$sometimes: 1, of: x}", count=60)) == {"x"}


def test_faker_makes_words_that_the_seed_decides(tmp_path: Path) -> None:
    first, again, other = (made(tmp_path, "{$faker: sentence, args: {nb_words: 4}}", seed=seed) for seed in (1, 1, 2))
    assert first == again != other
    assert all(isinstance(each, str) and each.endswith(".") for each in first)


def test_what_json_has_no_value_for_becomes_a_text(tmp_path: Path) -> None:
    assert [len(each) for each in made(tmp_path, "{$faker: date_object}")] == [10, 10, 10]


def test_a_pool_is_drawn_from(tmp_path: Path) -> None:
    assert set(made(tmp_path, "{$pool: colour}", count=60, pools="{colour: [red, blue]}")) == {"red", "blue"}


def test_a_pool_in_turn_gives_one_value_after_the_other(tmp_path: Path) -> None:
    assert made(tmp_path, "{$pool: x, turn: true}", count=4, pools="{x: [a, b, c]}") == ["a", "b", "c", "a"]


def test_a_pool_may_hold_different_values_alone(tmp_path: Path) -> None:
    pools = "{few: [a, b, c], x: {count: 3, unique: true, of: {$pool: few}}}"
    assert sorted(made(tmp_path, "{$pool: x, turn: true}", pools=pools)) == ["a", "b", "c"]


def test_the_values_of_a_pool_may_differ_in_one_field(tmp_path: Path) -> None:
    pools = "{c: {count: 2, unique: name, of: {name: {$pick: [a, b]}, dataType: {$pick: [INT, DATE]}}}}"
    (first, *_) = columns(tmp_path, "[{$pool: c, turn: true}]", pools)
    assert len(first) == 1
    assert {"a", "b"} == set(columns(tmp_path, "{$list: {$pool: c}, count: 2, unique: name}", pools)[0])


def test_a_list_has_its_first_items_and_as_many_more_as_counted(tmp_path: Path) -> None:
    value = "{$list: {name: {$template: 'c{n}'}, dataType: INT}, first: [{name: id, dataType: INT}], count: 2}"
    assert columns(tmp_path, value) == [["id", "c1", "c2"]] * 3


def test_items_of_a_list_see_the_fields_around_them(tmp_path: Path) -> None:
    value = "{$list: {name: {$template: '{name}_{n}'}, dataType: INT}, count: [1, 1]}"
    assert columns(tmp_path, value) == [["t1_1"], ["t2_1"], ["t3_1"]]


def test_a_unique_list_stays_shorter_rather_than_repeat_itself(tmp_path: Path) -> None:
    value = "{$list: {name: {$pick: [a, b]}, dataType: INT}, unique: name, count: 9}"
    assert [sorted(each) for each in columns(tmp_path, value)] == [["a", "b"]] * 3


def test_a_count_may_be_made(tmp_path: Path) -> None:
    value = "{$list: {name: {$template: 'c{n}'}, dataType: INT}, count: {$pick: [1, 4]}}"
    assert {len(each) for each in columns(tmp_path, value)} <= {1, 4}


RELATED = """
name: {{$template: 's{{n}}'}}
serviceType: Mysql
followers: {followers}
"""


def followers(folder: Path, value: str, count: int = 8) -> list[list[str]]:
    people = (
        "    - {resource: users, name: people, count: 2, fields: {name: {$template: 'p{n}'}, email: p@example.com}}\n"
    )
    fields = RELATED.format(followers=value)
    text = recipe(fields, "databaseServices", count)
    text = text.replace("  records:\n", f"  records:\n{people}", 1)
    seeds = seeded(folder, text)
    return [names(answer(seeds, "databaseServices", f"s{n}")["followers"]) for n in range(1, count + 1)]


def test_a_sample_has_different_records_of_a_resource(tmp_path: Path) -> None:
    drawn = followers(tmp_path, "{$sample: users, count: [0, 3]}", 40)
    assert {name for each in drawn for name in each} == {"ann", "bob", "p1", "p2"}
    assert {len(each) for each in drawn} == {0, 1, 2, 3}
    assert all(len(each) == len(set(each)) for each in drawn)


def test_a_sample_larger_than_what_there_is_is_all_of_it(tmp_path: Path) -> None:
    assert sorted(followers(tmp_path, "{$sample: users, count: 9}", 1)[0]) == ["ann", "bob", "p1", "p2"]


@pytest.mark.parametrize("chosen", ["true", "people"])
def test_a_sample_may_be_of_what_recipes_made(tmp_path: Path, chosen: str) -> None:
    drawn = followers(tmp_path, f"{{$sample: users, made: {chosen}, count: 1}}", 40)
    assert {name for each in drawn for name in each} == {"p1", "p2"}


def test_what_is_absent_is_no_item_of_a_list(tmp_path: Path) -> None:
    assert {len(each) for each in followers(tmp_path, "[{$sometimes: 0.5, of: ann}]", 40)} == {0, 1}


def test_taking_turns_gives_all_the_same_share(tmp_path: Path) -> None:
    assert followers(tmp_path, "[{$turn: users}]", 5) == [["ann"], ["bob"], ["p1"], ["p2"], ["ann"]]


def test_votes_are_a_map_from_a_sample(tmp_path: Path) -> None:
    fields = """\
name: {$template: 'd{n}'}
service: {$sample: databaseServices}
votes: {$map: {$sample: users, count: [1, 2]}, to: {$pick: [votedUp, votedDown]}}"""
    seeds = seeded(tmp_path, recipe(fields, "databases", 30))
    tallies = [answer(seeds, "databases", f"s.d{n}")["votes"] for n in range(1, 31)]
    assert {each["upVotes"] + each["downVotes"] for each in tallies} == {1, 2}
    assert {each["downVotes"] for each in tallies} == {0, 1, 2}


def test_a_deleted_record_is_not_chosen(tmp_path: Path) -> None:
    text = recipe(
        "name: {$template: 's{n}'}\nserviceType: Mysql\nfollowers: {$sample: users, count: 9}", "databaseServices"
    )
    seeds = seeded(tmp_path, text + "\nrecords: {users: [{name: eve, email: eve@example.com, deleted: true}]}")
    assert sorted(names(answer(seeds, "databaseServices", "s1")["followers"])) == ["ann", "bob"]


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    seeds = seeded(tmp_path, recipe("name: ann\nemail: {$template: '{name}@example.com'}"))
    assert [record(seeds, "users", f"ann_{n}").data["email"] for n in (2, 3, 4)] == [
        f"ann_{n}@example.com" for n in (2, 3, 4)
    ]


def test_a_name_is_taken_below_one_parent_only(tmp_path: Path) -> None:
    more = "    - {resource: databaseSchemas, count: 4, fields: {database: {$turn: databases, made: true}, name: x}}\n"
    fields = "service: s\nname: {$template: 'd{n}'}"
    seeds = seeded(tmp_path, recipe(fields, "databases", 2, more=more))
    found = sorted(each.data["fullyQualifiedName"] for each in seeds.root.records.values() if each.name.startswith("x"))
    assert found == ["s.d1.x", "s.d1.x_2", "s.d2.x", "s.d2.x_2"]


PAST = """
      history:
        count: {count}
        hours: [1, 2]
        fields: {{description: {{$pick: [{choices}]}}, updatedBy: bob}}
"""


def aged(folder: Path, count: str, choices: str = "a, b, c") -> Any:
    fields = "name: u\nemail: u@example.com\ndescription: now\nteams: []\nupdatedAt: 90000000"
    return seeded(folder, recipe(fields, count=1, more=PAST.format(count=count, choices=choices)))


def test_a_record_may_be_made_with_a_past(tmp_path: Path) -> None:
    seeds = aged(tmp_path, "3")
    versions = [answer(seeds, "users", "u"), *history(seeds, "users", "u")]
    assert [each["version"] for each in versions] == [0.4, 0.3, 0.2, 0.1]
    assert [each["updatedBy"] for each in versions] == ["admin", "bob", "bob", "bob"]
    steps = [newer["updatedAt"] - older["updatedAt"] for newer, older in pairwise(versions)]
    assert set(steps) <= {HOURS, 2 * HOURS}


def test_every_made_version_changed_something(tmp_path: Path) -> None:
    seeds = aged(tmp_path, "9")
    versions = [answer(seeds, "users", "u"), *history(seeds, "users", "u")]
    assert all(each["changeDescription"]["fieldsUpdated"] for each in versions[:-1])
    assert all(newer["description"] != older["description"] for newer, older in pairwise(versions))


def test_an_older_version_may_lack_a_field(tmp_path: Path) -> None:
    text = recipe(
        "name: u\nemail: u@example.com\ndescription: now",
        count=1,
        more="      history: {count: 1, fields: {description: {$sometimes: 0.000001, of: then}}}\n",
    )
    (older,) = history(seeded(tmp_path, text), "users", "u")
    assert "description" not in older


def test_older_versions_of_a_made_record_have_its_nested_lists(tmp_path: Path) -> None:
    fields = "name: t\ndatabaseSchema: c\ncolumns: [{name: a, dataType: INT}]"
    seeds = seeded(tmp_path, recipe(fields, "tables", 1, more=PAST.format(count=1, choices="x")))
    (older,) = history(seeds, "tables", "s.d.c.t")
    assert older["columns"] == answer(seeds, "tables", "s.d.c.t")["columns"] != []


def test_a_past_of_no_versions_is_none(tmp_path: Path) -> None:
    seeds = aged(tmp_path, "0")
    assert (answer(seeds, "users", "u")["version"], history(seeds, "users", "u")) == (0.1, [])


def test_recipes_of_a_base_set_come_first(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(recipe("name: {$template: 'b{n}'}\nemail: b@example.com"))
    seeds = seeded(
        tmp_path, "extends: base\ngenerate: {records: [{resource: users, count: 1, fields: {name: b1, email: x@y.zz}}]}"
    )
    assert record(seeds, "users", "b1_2").data["email"] == "x@y.zz"


WITHOUT_FAKER = recipe(
    """\
name: {$template: 't{n:02}'}
databaseSchema: c
description: {$sometimes: 0.5, of: {$template: '{word} {word}'}}
columns: {$list: {$pool: column}, unique: name, count: [1, 5]}
owners: {$pick: [[], {$sample: users, count: 1}]}
votes: {$map: {$sample: users, count: [0, 2]}, to: {$weighted: {votedUp: 3, votedDown: 1}}}""",
    "tables",
    40,
    "{word: [a, b, c], column: {count: 30, of: {name: {$template: '{word}_{n}'}, dataType: {$pick: [INT, DATE]}}}}",
    "      history: {count: [0, 2], fields: {description: {$template: 'was {word} {n}'}}}\n",
)


def test_a_seed_decides_everything(tmp_path: Path) -> None:
    first, again, other = (digest(seeded(tmp_path, WITHOUT_FAKER, seed).root) for seed in (0, 0, 1))
    assert first == again != other


def test_a_seed_means_the_same_world_everywhere(tmp_path: Path) -> None:
    assert gist(seeded(tmp_path, WITHOUT_FAKER).root) == RECORDED


def test_faker_is_not_loaded_for_a_set_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "faker"]:
        monkeypatch.delitem(sys.modules, name)
    seeded(tmp_path, WITHOUT_FAKER)
    assert "faker" not in sys.modules
    made(tmp_path, "{$faker: word}")
    assert "faker" in sys.modules


def test_ids_of_made_records_are_not_drawn_again(tmp_path: Path) -> None:
    root = seeded(tmp_path, WITHOUT_FAKER).root
    assert Transaction(root).new_id() not in root.records


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{$pik: [a]}", "/$pik: there is no '$pik'; did you mean '$pick'?"),
        ("{$pick: [a], $pool: b}", ": '$pick' and '$pool' cannot both make this value"),
        ("{$pick: [a], of: b}", "/of: unknown option 'of' of '$pick'"),
        ("{$template: a, cas: lower}", "/cas: unknown option 'cas' of '$template'; did you mean 'case'?"),
        ("{$pick: []}", "/$pick: '$pick' has a list of values to pick from"),
        ("{$pick: a}", "/$pick: '$pick' has a list of values to pick from"),
        ("{$weighted: {}}", "/$weighted: '$weighted' has an object: texts, each with a weight above 0"),
        ("{$weighted: {a: 0}}", "/$weighted: '$weighted' has an object: texts, each with a weight above 0"),
        ("{$number: 7}", "/$number: '$number' has a range of whole numbers, [low, high]"),
        ("{$number: [7, 1]}", "/$number: '$number' has a range of whole numbers, [low, high]"),
        ("{$sequence: a}", "/$sequence: '$sequence' has the whole number to begin with"),
        (
            "{$sometimes: 2, of: a}",
            "/$sometimes: '$sometimes' has a probability above 0 and up to 1, and `of`, the value",
        ),
        ("{$sometimes: 0.5}", "/$sometimes: '$sometimes' has a probability above 0 and up to 1, and `of`, the value"),
        ("{$faker: wrod}", "/$faker: Faker makes no 'wrod'; did you mean 'word'?"),
        ("{$faker: seed_instance}", "/$faker: Faker makes no 'seed_instance'"),
        ("{$faker: word, args: 7}", "/args: the arguments of a provider are an object"),
        ("{$faker: word, args: {x: 7}}", "/$faker: Faker's 'word' does not take these arguments: "),
        ("{$pool: colour}", "/$pool: there is no pool 'colour' above; did you mean 'color'?"),
        ("{$template: 7}", "/$template: '$template' has a text with `{n}`, `{pool}` or `{field}` in it"),
        ("{$template: '{'}", "/$template: this is no template: "),
        ("{$template: '{nam}'}", "/$template: nothing above is called 'nam'; did you mean 'name'?"),
        ("{$template: '{description}'}", "/$template: nothing above is called 'description'"),
        ("{$template: '{n:z}'}", "/$template: 'z' formats nothing; `{n:05}` makes five digits"),
        ("{$template: a, case: camel}", "/case: a case is 'lower', 'upper', 'title' or 'snake'"),
        ("{$list: a}", "/$list: '$list' has a `count`, and a list `first` if some items come before"),
        (
            "{$list: a, count: 1, first: b}",
            "/$list: '$list' has a `count`, and a list `first` if some items come before",
        ),
        ("{$list: a, count: 1, unique: true}", "/unique: 'unique' is the name of a field of the items"),
        ("{$list: a, count: -1}", "/count: a count is a number up to 10,000, a range [low, high], or a value to make"),
        (
            "{$list: a, count: [1, x]}",
            "/count: a count is a number up to 10,000, a range [low, high], or a value to make",
        ),
        ("{$list: a, count: 1, unique: name}", ": an item has no field 'name' by which it could be unique"),
        ("{$list: a, count: {$pick: [x]}}", ": a count came out as 'x'; it is a whole number from 0 to 10,000"),
        ("{$sample: usrs}", "/$sample: there is no resource 'usrs'; did you mean 'users'?"),
        ("{$sample: tables}", ": there is no record of tables yet to choose from; put its recipe above this one"),
        ("{$turn: tables}", ": there is no record of tables yet to choose from; put its recipe above this one"),
        ("{$turn: usrs}", "/$turn: there is no resource 'usrs'; did you mean 'users'?"),
        (
            "{$sample: users, made: peple}",
            "/made: 'made' is true, for all records from recipes, or the name of a recipe",
        ),
        ("{$map: {$sample: users}}", "/$map: '$map' has a list of keys, and `to`, the value of each"),
        ("{$map: a, to: b}", ": the keys of '$map' are a list, such as `$sample` with a `count` makes"),
    ],
)
def test_a_mistake_in_a_value_is_told_with_its_place(tmp_path: Path, value: str, expected: str) -> None:
    text = recipe(f"name: {{$template: 'u{{n}}'}}\nemail: u@example.com\ndescription: {value}", pools="{color: [red]}")
    (line,) = told(tmp_path, text)
    place, at = line.partition(": ")[0], line.partition("/generate/records/0/fields")[2]
    assert at.startswith((f"/description{expected}", expected))
    assert place == ("set.yaml:7" if at.startswith(":") else "set.yaml:10")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{pool: {}}", "/pool: unknown key 'pool'; did you mean 'pools'?"),
        ("{pools: [a]}", "/pools: 'pools' is an object: lists of values, or recipes for them, by name"),
        (
            "{pools: {a: 7}}",
            "/pools/a: a pool is a list of values, or an object with `of`, what its values are, and `count`",
        ),
        ("{pools: {a: []}}", "/pools/a: the pool is empty"),
        ("{pools: {a: {of: b}}}", "/pools/a/count: the `count` of a pool is a number from 1 to 10,000"),
        ("{pools: {a: {of: b, count: 0}}}", "/pools/a/count: the `count` of a pool is a number from 1 to 10,000"),
        (
            "{pools: {a: {of: b, count: 1, uniq: true}}}",
            "/pools/a/uniq: unknown key 'uniq' of a pool; did you mean 'unique'?",
        ),
        (
            "{pools: {a: {of: b, count: 1, unique: 7}}}",
            "/pools/a/unique: 'unique' is true, or the name of a field of the values",
        ),
        (
            "{pools: {a: {of: b, count: 2, unique: true}}}",
            "/pools/a/count: there are only 1 different values for this pool",
        ),
        (
            "{pools: {a: {of: b, count: 2, unique: x}}}",
            "/pools/a: a value has no field 'x' by which it could be unique",
        ),
        ("{pools: {a: {of: {$pool: b}, count: 2}, b: [x]}}", "/pools/a/of/$pool: there is no pool 'b' above"),
        (
            "{pools: {a: ['{$x}', {$template: '{x}'}]}}",
            "/pools/a/1/$template: nothing above is called 'x'",
        ),
        ("{records: {}}", "/records: 'records' is a list of recipes"),
        ("{records: [7]}", "/records/0: a recipe is an object with `resource`, `count` and `fields`"),
        (
            "{records: [{resource: users, count: 1}]}",
            "/records/0: a recipe is an object with `resource`, `count` and `fields`",
        ),
        (
            "{records: [{resource: usrs, count: 1, fields: {}}]}",
            "/records/0/resource: there is no resource 'usrs'; did you mean 'users'?",
        ),
        (
            "{records: [{resource: users, count: true, fields: {}}]}",
            "/records/0/count: the `count` of a recipe is a whole number",
        ),
        (
            "{records: [{resource: users, count: x, fields: {}}]}",
            "/records/0/count: the `count` of a recipe is a whole number",
        ),
        (
            "{records: [{resource: users, count: 999999, fields: {}}]}",
            "/records: together they make more than 250,000 records",
        ),
        (
            "{records: [{resource: users, count: 1, fields: {}, name: 7}]}",
            "/records/0/name: the name of a recipe is a text",
        ),
        (
            "{records: [{resource: users, count: 1, field: {}, fields: {}}]}",
            "/records/0/field: unknown key 'field'; did you mean 'fields'?",
        ),
        (
            "{records: [{resource: users, count: 1, fields: {}}]}",
            "/records/0/fields: a record needs a `name`, a text (in users 1, made by this recipe)",
        ),
        (
            "{records: [{resource: users, count: 1, fields: {name: a}, history: {count: 1}}]}",
            "/records/0/history: a history is an object with `count`, and `fields`, what older versions had instead",
        ),
        (
            "{records: [{resource: users, count: 1, fields: {name: a}, history: {count: 1, hour: 1, fields: {}}}]}",
            "/records/0/history/hour: unknown key 'hour'; did you mean 'hours'?",
        ),
        (
            "{records: [{resource: users, count: 1, fields: {name: a}, history: {count: 1, fields: {updatedBy: a}}}]}",
            "/records/0/fields: an older version came out like the newer one; give its history fields that differ",
        ),
    ],
)
def test_a_mistake_in_a_recipe_is_told_with_its_place(tmp_path: Path, text: str, expected: str) -> None:
    assert told(tmp_path, f"generate: {text}") == [f"set.yaml:1: /generate{expected}"]


def test_made_records_are_held_against_their_schema_and_one_speaks_for_all(tmp_path: Path) -> None:
    lines = told(
        tmp_path, recipe("name: {$template: 'u{n}'}\nemail: u@example.com\nisAdmin: {$pick: [7]}\nagee: 7", count=50)
    )
    assert lines == [
        'set.yaml:10: /generate/records/0/fields/isAdmin: 7 is not of type "boolean" (in users 1, made by this recipe)',
        "set.yaml:11: /generate/records/0/fields/agee: unknown field 'agee' of users (in users 1, made by this recipe)",
    ]


def test_recipes_with_a_mistake_make_nothing(tmp_path: Path) -> None:
    text = recipe("name: {$pik: [a]}")
    assert len(told(tmp_path, text)) == 1


def test_the_contract_steps_the_versions(tmp_path: Path) -> None:
    assert openmetadata().versioning.minor == pytest.approx(0.1)
    assert answer(aged(tmp_path, "1"), "users", "u")["version"] == pytest.approx(0.2)
