"""Internal references are followed, and those that lead nowhere or in a circle are found."""

from __future__ import annotations

import time

import pytest

from mockserver.contract.reference import resolve
from mockserver.contract.refs import check_refs
from mockserver.contract.yamlfile import Document
from tests.unit.contract.written import document


def findings(text: str) -> list[str]:
    return [str(finding) for finding in check_refs(document(text))]


def test_a_reference_is_resolved_through_further_ones() -> None:
    value = {"a": {"$ref": "#/b/c%7Bd%7D~1e"}, "b": {"c{d}/e": {"$ref": "#/f/0"}}, "f": [{"type": "string"}]}
    assert resolve(value, "#/a") == {"type": "string"}


@pytest.mark.parametrize("ref", ["#/nowhere", "#/a", "#", "#anchor", "other.yaml#/a", "http://x/y"])
def test_a_reference_without_a_meaning_is_a_lookup_error(ref: str) -> None:
    with pytest.raises(LookupError):
        resolve({"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}}, ref)


def test_a_dangling_reference_names_its_place_and_the_nearest_name() -> None:
    text = """\
        components:
          schemas:
            Table: {type: object}
            Tables:
              items:
                $ref: '#/components/schemas/Tabel'
        """
    assert findings(text) == [
        (
            "openapi.yaml:6: /components/schemas/Tables/items/$ref: '#/components/schemas/Tabel' leads nowhere:"
            " no 'Tabel' in /components/schemas; did you mean 'Table'?"
        )
    ]


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("#/componens/schemas/A", "no 'componens' in the document; did you mean 'components'?"),
        ("#/info/title", "'#/info/title' leads to a text, where an object is needed"),
        ("#/tags", "'#/tags' leads to a list, where an object is needed"),
        ("#/info/n", "'#/info/n' leads to a plain value, where an object is needed"),
        ("other.yaml#/a", "'other.yaml#/a' leads out of the document"),
        ("#A", "'#A' is an anchor; only JSON pointers ('#/…') are followed"),
        ("#", "'#' is the whole document; name a part of it, such as '#/components/schemas/…'"),
    ],
)
def test_a_reference_to_what_is_no_object_is_found(ref: str, said: str) -> None:
    text = f"info: {{title: x, n: 1}}\ntags: []\ncomponents: {{schemas: {{A: {{items: {{$ref: '{ref}'}}}}}}}}"
    [found] = findings(text)
    assert said in found


def test_every_use_of_a_wrong_reference_is_found() -> None:
    assert len(findings("a: {items: {$ref: '#/x'}}\nb: {items: {$ref: '#/x'}}")) == 2


def test_mappings_and_links_are_references_too() -> None:
    found = findings(
        """\
        links: {one: {operationRef: '#/paths/~1a/get'}, two: {operationRef: 'http://elsewhere/x#/y'}}
        schema: {discriminator: {mapping: {a: '#/nope', b: Name}}}
        """
    )
    assert [line.split(": ")[1] for line in found] == ["/links/one/operationRef", "/schema/discriminator/mapping/a"]


def test_references_in_examples_and_foreign_keywords_are_not_looked_at() -> None:
    assert findings("schema: {example: {$ref: '#/x'}, default: {$ref: '#/x'}}\nx-any: {$ref: '#/x'}") == []


def test_schemas_may_be_recursive() -> None:
    assert findings("x: {a: {properties: {b: {$ref: '#/x/b'}}}, b: {items: {$ref: '#/x/a'}}}") == []


def test_a_schema_may_be_a_boolean() -> None:
    assert findings("x: {never: false, a: {not: {$ref: '#/x/never'}}}") == []


@pytest.mark.parametrize("cycle", [["a"], ["a", "b"], ["a", "b", "c"]])
def test_references_that_lead_only_to_one_another_are_found_once(cycle: list[str]) -> None:
    after = [*cycle[1:], cycle[0]]
    schemas = ", ".join(f"{name}: {{$ref: '#/x/{target}'}}" for name, target in zip(cycle, after, strict=True))
    chain = " -> ".join(f"#/x/{name}" for name in [*cycle, cycle[0]])
    assert findings(f"x: {{{schemas}, entry: {{$ref: '#/x/a'}}}}") == [
        f"openapi.yaml:1: /x/a/$ref: references that lead only to one another: {chain}"
    ]


def test_a_cycle_is_found_whatever_stands_beside_its_references() -> None:
    [found] = findings("x: {a: {$ref: '#/x/b', type: string}, b: {$ref: '#/x/%61'}}")
    assert "lead only to one another: #/x/a -> #/x/b -> #/x/a" in found


def test_a_long_chain_and_a_long_cycle_take_no_time() -> None:
    count = 20_000
    value = {f"k{number}": {"$ref": f"#/k{number + 1}"} for number in range(count)} | {f"k{count}": {"$ref": "#/k0"}}
    started = time.perf_counter()
    [found] = check_refs(Document("a.yaml", value, ""))
    assert str(found).endswith("#/k3 -> #/k4 -> … -> #/k0")
    assert time.perf_counter() - started < 5


def test_many_wrong_references_take_no_time() -> None:
    value = {f"key{number}": {"$ref": f"#/kye{number}"} for number in range(5_000)}
    started = time.perf_counter()
    assert len(check_refs(Document("a.yaml", value, ""))) == 5_000
    assert time.perf_counter() - started < 30
