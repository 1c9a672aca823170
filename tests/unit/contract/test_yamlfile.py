"""YAML files are read as YAML 1.2 core, and whatever is unclear or unsafe in them is refused with its place."""

from __future__ import annotations

import json
import time

import pytest
import yaml

from mockserver.contract import events
from mockserver.contract.budget import Budget
from mockserver.contract.problem import Location
from mockserver.contract.yamlfile import load_yaml
from tests.unit.contract.written import document, refusal

NO_KEY_HERE = "a key cannot stand here; quote a text that holds ': ', or check the indentation"
NOT_AS_IT_IS = "cannot stand in YAML as it is; write it as"
UNFINISHED = "while parsing a flow sequence that starts at line 1, did not find expected ',' or ']'"
HALF = "while parsing a quoted scalar that starts at line 1, found invalid Unicode character escape code"
TOO_DEEP = "nested more than 2 levels deep"

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def refused(text: str | bytes, budget: Budget = Budget()) -> str:  # noqa: B008
    raw = text if isinstance(text, bytes) else text.encode()
    return refusal(lambda: load_yaml(raw, "a.yaml", budget))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("12:30", "12:30"),
        ("2024-01-01", "2024-01-01"),
        ("1_000", "1_000"),
        ("0b1", "0b1"),
        ("1.2.3", "1.2.3"),
        ("NaN", "NaN"),
        ("<<", "<<"),
        ("010", 10),
        ("+7", 7),
        ("-0", 0),
        ("0o17", 15),
        ("0x1F", 31),
        ("1.", 1.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("0.1", 0.1),
        ("true", True),
        ("False", False),
        ("~", None),
        ("Null", None),
        ("", None),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("!!float 1", 1.0),
        ("!!null ''", None),
    ],
)
def test_a_scalar_means_what_the_core_schema_says(written: str, value: object) -> None:
    found = document(f"a: {written}").value["a"]
    assert (found, type(found)) == (value, type(value))


def test_response_codes_may_be_written_as_numbers() -> None:
    assert document("responses: {200: a, 2XX: b, '404': c, default: d}").value == {
        "responses": {"200": "a", "2XX": "b", "404": "c", "default": "d"}
    }


@pytest.mark.parametrize("key", ["1.0", "true", "null", "010", "0x1F", ".5"])
def test_any_other_key_that_is_no_text_is_to_be_quoted(key: str) -> None:
    assert refused(f"a:\n  {key}: x") == f"a.yaml:2: /a/{key}: a key must be a text; quote '{key}'"


@pytest.mark.parametrize("key", ["[a]", "{a: b}"])
def test_a_list_or_mapping_is_no_key(key: str) -> None:
    assert refused(f"a:\n  ? {key}\n  : x") == "a.yaml:2: /a: a key must be a text"


def test_a_key_written_twice_is_refused_with_both_lines() -> None:
    assert refused("a:\n  b: 1\n  c: 2\n  b: 3\n") == ("a.yaml:4: /a/b: the key 'b' is written twice, first at line 2")


def test_a_number_and_the_same_text_are_one_key() -> None:
    assert "written twice" in refused("200: a\n'200': b\n")


def test_a_key_written_twice_in_json_is_refused_with_both_lines() -> None:
    assert refused('{"a": 1,\n "b": "\\ud83d\\ude00",\n "a": 2}') == (
        "a.yaml:3: /a: the key 'a' is written twice, first at line 1"
    )


def test_everything_refused_is_told_at_once() -> None:
    said = refused("a: !!python/object:os.system x\n1.5: y\n<<: {z: 1}\nb: *nowhere\nb: .inf\n")
    assert said.splitlines() == [
        "a.yaml:1: /a: the tag '!!python/object:os.system' is not one of YAML's core schema; remove it",
        "a.yaml:2: /1.5: a key must be a text; quote '1.5'",
        "a.yaml:3: /<<: merge keys (<<) are not part of YAML 1.2; write the entries out, or quote the key",
        "a.yaml:4: /b: the alias *nowhere names no anchor above it",
        "a.yaml:5: /b: the key 'b' is written twice, first at line 4",
        "a.yaml:5: /b: '.inf' is no number that JSON can hold; quote it if it is a text",
    ]


def test_a_quoted_merge_key_is_a_name() -> None:
    assert document("'<<': 1").value == {"<<": 1}
    assert document("&a '<<': 1").value == {"<<": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a:\n\tb: c", "a.yaml:2: a tab cannot indent YAML; use spaces (column 1)"),
        ("a: @b", "a.yaml:1: a value cannot start with '@'; quote it (column 4)"),
        ("a: b: c", f"a.yaml:1: {NO_KEY_HERE} (column 5)"),
        ("a: [b", f"a.yaml:1: {UNFINISHED} (column 1)"),
        ("--- a\nb: c", f"a.yaml:2: {NO_KEY_HERE} (column 2)"),
        ("[a]\nb", "a.yaml:2: the document has ended before this; check the indentation (column 1)"),
        ("a: b\n---\nc: d", "a.yaml:2: a second document starts here; a file holds one"),
        ("a: !x y", "a.yaml:1: /a: the tag '!x' is not one of YAML's core schema; remove it"),
        ("a: !!set {b}", "a.yaml:1: /a: the tag '!!set' is not one of YAML's core schema; remove it"),
        ("a: !!int b", "a.yaml:1: /a: 'b' is not what its tag '!!int' says"),
        ("a: &x [*x]", "a.yaml:1: /a/0: the alias *x stands inside the value that it names"),
        ("a: &anchor b\nc: *ancor", "a.yaml:2: /c: the alias *ancor names no anchor above it; did you mean 'anchor'?"),
        ("%TAG ! x\n---\na: b", "a.yaml:1: %TAG directives are not read; remove it and the tags that use it"),
        ("a: 1e999", "a.yaml:1: /a: '1e999' is a number too large for a float; quote it if it is a text"),
        ('{"a": 1e999}', "a.yaml:1: /a: '1e999' is a number too large for a float; quote it if it is a text"),
        ('{"a": "\\ud83d"}', f"a.yaml:1: {HALF} (column 10)"),
        (b"a: \xff", "a.yaml:1: byte 0xff at column 4 is not UTF-8; save the file as UTF-8"),
        (b"a: b\r\nc: \xc3\xa9\xe9", "a.yaml:2: byte 0xe9 at column 5 is not UTF-8; save the file as UTF-8"),
        ("a: b".encode("utf-16"), "a.yaml:1: the file is UTF-16 or UTF-32; save it as UTF-8"),
        ("a: b\nc: \x07", f"a.yaml:2: character U+0007 at column 4 {NOT_AS_IT_IS} \\x07 in double quotes"),
        ("a: é\u2028b", f"a.yaml:1: character U+2028 at column 5 {NOT_AS_IT_IS} \\u2028 in double quotes"),
    ],
)
def test_a_refusal_says_what_where_and_what_would_be_right(text: str | bytes, said: str) -> None:
    assert refused(text) == said


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert load_yaml(b"\xef\xbb\xbfa: b", "a.yaml").value == {"a": "b"}


def test_the_version_directive_is_read() -> None:
    assert document("%YAML 1.2\n---\na: no").value == {"a": "no"}


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_an_empty_file_has_no_value(text: str) -> None:
    assert document(text).value is None


def test_an_alias_is_a_copy_of_what_it_names() -> None:
    value = document("a: &x {b: [1]}\nc: *x\n").value
    assert value == {"a": {"b": [1]}, "c": {"b": [1]}}
    assert value["a"]["b"] is not value["c"]["b"]


def test_an_alias_may_be_a_key() -> None:
    assert document("&x a: 1\nb: {*x : 2}").value == {"a": 1, "b": {"a": 2}}


@pytest.mark.parametrize(
    ("text", "budget", "said"),
    [
        ("a: 1234567", Budget(bytes=8), "a.yaml: more than 8 bytes in one file"),
        ("[1, 2, 3]", Budget(nodes=3), "a.yaml:1: /2: more than 3 values in one file"),
        ("a: [[1]]", Budget(depth=2), f"a.yaml:1: /a/0: {TOO_DEEP}"),
        ('{"a": [[1]]}', Budget(depth=2), f"a.yaml:1: /a/0: {TOO_DEEP}"),
        ("[&a 1, *a, *a]", Budget(aliases=1), "a.yaml:1: /2: more than 1 aliases in one file"),
        ("[&a [1, 2], *a]", Budget(copied=2), "a.yaml:1: /1: aliases that stand for more than 2 values in one file"),
        ("[&a [1], [*a]]", Budget(depth=2), f"a.yaml:1: /1/0: {TOO_DEEP}, once its aliases are followed"),
    ],
)
def test_a_file_beyond_a_budget_is_refused(text: str, budget: Budget, said: str) -> None:
    assert refused(text, budget) == said


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_value_may_be_as_deep_as_the_budget_says_in_yaml_and_in_json(depth: int) -> None:
    json_text = "[" * depth + "1" + "]" * depth
    yaml_text = "- " * depth + "1"
    assert load_yaml(json_text.encode(), "", Budget(depth=depth)).value == json.loads(json_text)
    assert load_yaml(yaml_text.encode(), "", Budget(depth=depth)).value == json.loads(json_text)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "[" * 1_000_000,
        "{a: " * 300_000,
        "[\n" * 500_000,
        "- " * 500_000,
        "? " * 500_000,
        '{"a":' * 200_000,
        "\n".join(" " * depth + "a:" for depth in range(1400)),
        "".join(f"%TAG !k{number}! x\n" for number in range(60_000)),
        "".join(f"k{number % 10}: 1\n" for number in range(100_000)),
        "".join(f"- *k{number}\n" for number in range(100_000)),
        "- " + "1" * 1_000_000,
        "a" * 1_000_000 + ": 1",
        "'" * 999_999,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_hostile_file_is_refused_quickly(text: str) -> None:
    started = time.perf_counter()
    refused(text)
    assert time.perf_counter() - started < 5


def test_a_value_knows_the_line_and_column_of_its_key() -> None:
    found = document(
        """\
        paths:
          /v1/tables/{id}:
            get: {parameters: [{name: id}, {name: a~b}]}
        list:
          - one
          - two: 2
        """
    )
    assert found.where("/paths/~1v1~1tables~1{id}") == Location("openapi.yaml", 2, 3)
    assert found.where("/paths/~1v1~1tables~1{id}/get/parameters/1/name") == Location("openapi.yaml", 3, 37)
    assert found.where("/list/1") == Location("openapi.yaml", 6, 5)
    assert found.where("/list/1/two") == Location("openapi.yaml", 6, 5)
    assert found.where("") == Location("openapi.yaml", 1, 1)


def test_a_value_that_is_not_there_is_placed_where_it_would_be() -> None:
    found = document("a:\n  b: 1\nc: &x {d: 1}\ne: *x\n")
    assert found.where("/a/nope/deeper").line == 1
    assert found.where("/e/d") == Location("openapi.yaml", 4, 1)
    assert document("").where("/a") == Location("openapi.yaml", 1, 1)
    assert load_yaml(b"---\n\n  ", "a.yaml").where("").line == 3


def test_json_values_have_places_too() -> None:
    found = load_yaml('{\n "\\ud83d\\ude00": "x\u2028y",\n\t"b": [1,\n2]}'.encode(), "a.json")
    assert found.value == {"😀": "x\u2028y", "b": [1, 2]}
    assert found.where("/😀").line == 2
    assert found.where("/b/1") == Location("a.json", 4, 1)


def test_a_finding_on_a_document_has_its_line() -> None:
    finding = document("a:\n  b: 1").finding("/a/b", "is wrong", "right")
    assert str(finding) == "openapi.yaml:2: /a/b: is wrong; did you mean 'right'?"


def test_backslashes_mean_themselves_outside_double_quotes() -> None:
    assert document(r"{pattern: '\ud83d\ude00', plain: \ud83d\ude00}").value == {
        "pattern": r"\ud83d\ude00",
        "plain": r"\ud83d\ude00",
    }


def test_without_its_c_part_the_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: &x [no, 010, 'é', {200: ~}]\nb: *x\n"
    expected = document(text).value
    monkeypatch.setattr(events, "PARSER", yaml.SafeLoader)
    assert document(text).value == expected
    assert refused("a: 1\na: 2").startswith("a.yaml:2: /a: the key 'a' is written twice")
    assert "half a character" in refused('a: "\\ud800"')
    assert "U+0007" in refused("a: \x07")
