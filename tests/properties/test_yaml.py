"""Whatever JSON can say is read back as it was written, and nothing that is written can harm the reader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from mockserver.contract.budget import Budget
from mockserver.contract.pointer import follow, join, split
from mockserver.contract.problem import ContractError
from mockserver.contract.yamlfile import Document, load_yaml

Json = Any

WORD = re.compile(r"[A-Z][a-z]{3,}")
PIECES = {
    "structure": ["a", "b: ", "? ", ": ", "- ", "[", "]", "{", "}", ", ", "\n", "\n  ", "\n    ", "#", "$ref: "],
    "names and tags": ["&x ", "*x", "&y ", "*y", "!!int ", "!z ", "%TAG ! x\n", "---\n", "...\n", "<<: ", "200: "],
    "scalars": ["|\n", ">\n", "'", '"', "\\", "\\ud83d", "\\ude00", "1e999", "0x", ".inf", "~", "é", "😀"],
    "forbidden": ["\t", "\x00", "\x85", "\u2028", "\ufeff", "\r", "@"],
}

texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=30)


class Dumper(yaml.SafeDumper):
    """Writes YAML that means the same under YAML 1.2: every text is quoted unless it is plainly a word."""


def represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if WORD.fullmatch(text) else '"')


Dumper.add_representer(str, represent_text)


def pointers(value: Json, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield steps
    for step, child in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from pointers(child, (*steps, step))


@settings(deadline=None)
@given(values, st.booleans(), st.booleans(), st.integers(20, 200))
def test_a_value_written_as_yaml_is_read_back(value: Json, flow: bool, unicode: bool, width: int) -> None:
    text = yaml.dump(value, Dumper=Dumper, default_flow_style=flow, allow_unicode=unicode, width=width, sort_keys=False)
    assert load_yaml(text.encode(), "a.yaml").value == value


@settings(deadline=None)
@given(values, st.booleans(), st.none() | st.integers(0, 4))
@example({"\u2028": ["\x7f", "😀", "\\ud83d\\ude00"]}, True, 0)
def test_a_value_written_as_json_is_read_back(value: Json, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert load_yaml(text.encode(), "a.json").value == value


@settings(deadline=None)
@given(values)
def test_every_key_of_a_json_file_is_found_where_it_is_written(value: Json) -> None:
    text = json.dumps(value, indent=1)
    assume(len(max(text.split("\n"), key=len)) < 1000)  # beyond that YAML has no keys
    document = load_yaml(text.encode(), "a.json")
    lines = text.split("\n")
    for steps in pointers(document.value):
        found = document.where(join(steps))
        if steps and isinstance(steps[-1], str):
            assert lines[found.line - 1].lstrip().startswith(json.dumps(steps[-1]))
        assert lines[found.line - 1][: found.column - 1].strip() == ""


hostile = st.lists(st.one_of([st.sampled_from(some) for some in PIECES.values()]), max_size=40).map("".join)


def read(raw: bytes) -> Document | ContractError:
    try:
        return load_yaml(raw, "a.yaml", Budget(bytes=1_000, nodes=100, depth=5, aliases=10, copied=50))
    except ContractError as error:
        return error


@settings(deadline=None, max_examples=500)
@given(hostile.map(str.encode) | st.binary(max_size=60) | texts.map(str.encode))
def test_a_hostile_text_gives_json_or_a_clear_error(raw: bytes) -> None:
    result = read(raw)
    if isinstance(result, ContractError):
        assert result.findings
        assert str(result).count("\n") == len(result.findings) - 1
        assert all(finding.source == "a.yaml" and finding.message for finding in result.findings)
        return
    json.dumps(result.value, allow_nan=False, ensure_ascii=False).encode()
    for steps in pointers(result.value):
        assert 1 <= result.where(join(steps)).line <= raw.count(b"\n") + raw.count(b"\r") + 1


@given(st.lists(texts))
def test_a_pointer_leads_back_to_where_it_came_from(steps: list[str]) -> None:
    value: Json = "found"
    for step in reversed(steps):
        value = {step: value}
    assert split(join(steps)) == steps
    assert follow(value, split(join(steps))) == "found"
