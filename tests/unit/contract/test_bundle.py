"""Several files become one document, and whatever cannot is told with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.budget import TreeBudget
from mockserver.contract.problem import ContractError
from mockserver.contract.refs import bundle, check_refs
from mockserver.contract.sources import Sources
from mockserver.contract.yamlfile import Document
from tests.unit.contract.written import document, refusal, write


def bundled(folder: Path, files: dict[str, str], budget: TreeBudget = TreeBudget()) -> dict[str, Any]:  # noqa: B008
    sources = Sources(write(folder, files), budget)
    return bundle(sources.load("openapi.yaml"), sources)


def test_a_document_without_other_files_stays_as_it_is(tmp_path: Path) -> None:
    text = """
        paths: {/a: {get: {x-any: {$ref: nowhere.yaml}}}}
        components: {schemas: {A: {$ref: '#/components/schemas/A'}}}
        """
    sources = Sources(write(tmp_path, {"openapi.yaml": text}))
    root = sources.load("openapi.yaml")
    assert bundle(root, sources) == root.value


def test_components_of_other_files_become_components_with_all_they_lead_to(tmp_path: Path) -> None:
    value = bundled(
        tmp_path,
        {
            "openapi.yaml": """
                paths:
                  /a:
                    get:
                      parameters: [{$ref: 'parts/common.yaml#/components/parameters/limit'}]
                      responses:
                        '200': {content: {any: {schema: {$ref: 'parts/common.yaml#/components/schemas/A'}}}}
                components: {schemas: {Own: {type: string}}}
                """,
            "parts/common.yaml": """
                components:
                  parameters: {limit: {name: limit, in: query}}
                  schemas:
                    A: {properties: {b: {$ref: '#/components/schemas/B'}, c: {$ref: 'more.yaml#/components/schemas/C'}}}
                    B: {items: {$ref: 'common.yaml#/components/schemas/B'}}
                    Unused: {type: 'null'}
                """,
            "parts/more.yaml": "components: {schemas: {C: {not: {$ref: '../openapi.yaml#/components/schemas/Own'}}}}",
        },
    )
    operation = value["paths"]["/a"]["get"]
    assert operation["parameters"] == [{"$ref": "#/components/parameters/limit"}]
    assert operation["responses"]["200"]["content"]["any"]["schema"] == {"$ref": "#/components/schemas/A"}
    assert value["components"] == {
        "parameters": {"limit": {"name": "limit", "in": "query"}},
        "schemas": {
            "Own": {"type": "string"},
            "A": {"properties": {"b": {"$ref": "#/components/schemas/B"}, "c": {"$ref": "#/components/schemas/C"}}},
            "B": {"items": {"$ref": "#/components/schemas/B"}},
            "C": {"not": {"$ref": "#/components/schemas/Own"}},
        },
    }


def test_the_files_keep_their_own_values(tmp_path: Path) -> None:
    files = {
        "openapi.yaml": "paths: {/a: {$ref: a.yaml}}\ncomponents: {schemas: {Own: {}}}",
        "a.yaml": "get: {x: {schema: {$ref: 's.yaml#/components/schemas/S'}}}",
        "s.yaml": "components: {schemas: {S: {type: string}}}",
    }
    sources = Sources(write(tmp_path, files))
    root = sources.load("openapi.yaml")
    value = bundle(root, sources)
    value["paths"]["/b"] = value["components"]["schemas"]["T"] = {}
    assert root.value == {"paths": {"/a": {"$ref": "a.yaml"}}, "components": {"schemas": {"Own": {}}}}
    assert sources.load("a.yaml").value == {"get": {"x": {"schema": {"$ref": "s.yaml#/components/schemas/S"}}}}


def test_path_items_and_whole_maps_are_written_out_with_what_stands_beside_them(tmp_path: Path) -> None:
    value = bundled(
        tmp_path,
        {
            "openapi.yaml": "paths: {$ref: paths/index.yaml}",
            "paths/index.yaml": "/a: {$ref: a.yaml, summary: ours}\n/b: {$ref: 'a.yaml#/get'}",
            "paths/a.yaml": "summary: theirs\nget: {operationId: a}",
        },
    )
    assert value["paths"] == {"/a": {"summary": "ours", "get": {"operationId": "a"}}, "/b": {"operationId": "a"}}


def test_a_schema_in_a_file_of_its_own_is_named_after_the_file_and_may_refer_to_itself(tmp_path: Path) -> None:
    value = bundled(
        tmp_path,
        {
            "openapi.yaml": "paths: {/a: {get: {x: {schema: {$ref: schemas/Tree.yaml}}}}}",
            "schemas/Tree.yaml": "properties: {next: {$ref: Tree.yaml}, leaf: {$ref: 'parts.yaml#/big leaf'}}",
            "schemas/parts.yaml": "big leaf: {type: string}",
        },
    )
    assert value["paths"]["/a"]["get"]["x"]["schema"] == {"$ref": "#/components/schemas/Tree"}
    assert value["components"]["schemas"] == {
        "Tree": {
            "properties": {
                "next": {"$ref": "#/components/schemas/Tree"},
                "leaf": {"$ref": "#/components/schemas/big_leaf"},
            }
        },
        "big_leaf": {"type": "string"},
    }


def test_path_items_among_the_components_of_another_file_are_written_out(tmp_path: Path) -> None:
    files = {"openapi.yaml": "paths: {/a: {$ref: 'a.yaml#/components/pathItems/A'}}"}
    value = bundled(tmp_path, files | {"a.yaml": "components: {pathItems: {A: {summary: x}}}"})
    assert value == {"paths": {"/a": {"summary": "x"}}}


def test_components_listed_in_another_file_are_the_homes_of_what_they_refer_to(tmp_path: Path) -> None:
    value = bundled(
        tmp_path,
        {
            "openapi.yaml": "x: {schema: {$ref: s/User.yaml}}\ncomponents: {schemas: {$ref: s/index.yaml}}",
            "s/index.yaml": "{User: {$ref: User.yaml}, Team: {$ref: Team.yaml}}",
            "s/User.yaml": "{items: {$ref: Team.yaml}}",
            "s/Team.yaml": "{type: object}",
        },
    )
    assert value == {
        "x": {"schema": {"$ref": "#/components/schemas/User"}},
        "components": {
            "schemas": {"User": {"items": {"$ref": "#/components/schemas/Team"}}, "Team": {"type": "object"}}
        },
    }


def test_a_root_document_from_elsewhere_is_still_the_root(tmp_path: Path) -> None:
    write(tmp_path, {"openapi.yaml": "old: true", "a.yaml": "get: {x: {$ref: 'openapi.yaml#/new'}}"})
    root = document("paths: {/a: {$ref: a.yaml}}\nnew: {}")
    assert bundle(root, Sources(tmp_path))["paths"]["/a"] == {"get": {"x": {"$ref": "#/new"}}}


def test_a_component_that_only_refers_to_a_file_is_the_home_of_what_is_there(tmp_path: Path) -> None:
    value = bundled(
        tmp_path,
        {
            "openapi.yaml": """
                paths: {/a: {get: {x: {schema: {$ref: user.yaml}}}}}
                components:
                  schemas:
                    User: {$ref: user.yaml}
                    Same: {$ref: user.yaml}
                    Team: {$ref: 'team.yaml#/components/schemas/Team'}
                """,
            "user.yaml": "properties: {boss: {$ref: user.yaml}}",
            "team.yaml": "components: {schemas: {Team: {type: object}}}",
        },
    )
    assert value["paths"]["/a"]["get"]["x"]["schema"] == {"$ref": "#/components/schemas/User"}
    assert value["components"]["schemas"] == {
        "User": {"properties": {"boss": {"$ref": "#/components/schemas/User"}}},
        "Same": {"$ref": "#/components/schemas/User"},
        "Team": {"type": "object"},
    }


def test_the_mapping_of_a_discriminator_is_rewritten_too(tmp_path: Path) -> None:
    value = bundled(
        tmp_path,
        {
            "openapi.yaml": """
                components:
                  schemas:
                    Pet:
                      discriminator: {mapping: {cat: cat.yaml, dog: Dog, own: '#/components/schemas/Pet'}}
                """,
            "cat.yaml": "{type: object}",
        },
    )
    assert value["components"]["schemas"]["Pet"]["discriminator"]["mapping"] == {
        "cat": "#/components/schemas/cat",
        "dog": "Dog",
        "own": "#/components/schemas/Pet",
    }
    assert value["components"]["schemas"]["cat"] == {"type": "object"}


def test_references_inside_examples_are_data(tmp_path: Path) -> None:
    text = "components: {schemas: {A: {example: {$ref: nowhere.yaml}, properties: {example: {$ref: a.yaml}}}}}"
    value = bundled(tmp_path, {"openapi.yaml": text, "a.yaml": "{type: string}"})
    assert value["components"]["schemas"]["A"]["example"] == {"$ref": "nowhere.yaml"}
    assert value["components"]["schemas"]["A"]["properties"]["example"] == {"$ref": "#/components/schemas/a"}


def test_a_reference_with_characters_no_uri_may_hold_is_encoded(tmp_path: Path) -> None:
    text = "components: {schemas: {Größe: {type: string}, B: {items: {$ref: '#/components/schemas/Größe'}}}}"
    value = bundled(tmp_path, {"openapi.yaml": text})
    assert value["components"]["schemas"]["B"]["items"] == {"$ref": "#/components/schemas/Gr%C3%B6%C3%9Fe"}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"openapi.yaml": "\npaths: {/a: {\n$ref: 'http://example.com/a.yaml'}}"},
            (
                "openapi.yaml:3: /paths/~1a/$ref: 'http://example.com/a.yaml' is not a file beside the contract;"
                " nothing is fetched from elsewhere"
            ),
        ),
        (
            {"openapi.yaml": "paths: {/a: {$ref: paths/a.yaml}}", "paths/a.yaml": "get:\n  $ref: ../../b.yaml"},
            "paths/a.yaml:2: /get/$ref: '../../b.yaml' leads out of the folder of the contract",
        ),
        (
            {"openapi.yaml": "paths: {/a: {$ref: pats.yaml}}", "paths.yaml": "{}"},
            "openapi.yaml:1: /paths/~1a/$ref: there is no file 'pats.yaml'; did you mean 'paths.yaml'?",
        ),
        (
            {"openapi.yaml": "paths: {/a: {$ref: 'a.yaml#/itms/0'}}", "a.yaml": "items: [{}]"},
            "/paths/~1a/$ref: 'a.yaml#/itms/0' leads nowhere: no 'itms' in a.yaml; did you mean 'items'?",
        ),
        (
            {"openapi.yaml": "paths: {/a: {$ref: 'a.yaml#items'}}", "a.yaml": "items: [{}]"},
            "openapi.yaml:1: /paths/~1a/$ref: 'a.yaml#items' is an anchor; only JSON pointers ('#/…') are followed",
        ),
        (
            {"openapi.yaml": "paths: {/a: {$ref: a.yaml}, /b: {$ref: a.yaml}}", "a.yaml": "a: 1\na: 2"},
            "a.yaml:2: /a: the key 'a' is written twice, first at line 1",
        ),
        (
            {"openapi.yaml": "paths: {/a: {$ref: a.yaml}}", "a.yaml": "get: {callbacks: {c: {x: {$ref: a.yaml}}}}"},
            (
                "a.yaml:1: /get/callbacks/c/x/$ref: this includes itself; move it to components/schemas of its file,"
                " where a name can refer to it"
            ),
        ),
        (
            {"openapi.yaml": "paths: {/a: {$ref: a.yaml}}", "a.yaml": "$ref: b.yaml", "b.yaml": "$ref: a.yaml"},
            "b.yaml:1: /$ref: 'a.yaml' leads back to itself, or through more than 50 references",
        ),
        (
            {
                "openapi.yaml": "components: {schemas: {A: {}, B: {items: {$ref: 'a.yaml#/components/schemas/A'}}}}",
                "a.yaml": "components: {schemas: {A: {type: integer}}}",
            },
            (
                "openapi.yaml:1: /components/schemas/B/items/$ref: both openapi.yaml#/components/schemas/A and"
                " a.yaml#/components/schemas/A would be /components/schemas/A; rename one of the two"
            ),
        ),
        (
            {"openapi.yaml": "components: {schemas: {B: {allOf: [{$ref: x/a.yaml}, {$ref: y/a.yaml}]}}}"}
            | {"x/a.yaml": "{type: string}", "y/a.yaml": "{type: integer}"},
            (
                "openapi.yaml:1: /components/schemas/B/allOf/1/$ref: both x/a.yaml# and y/a.yaml# would be"
                " /components/schemas/a; rename one of the two"
            ),
        ),
        ({"openapi.yaml": "[1]"}, "openapi.yaml:1: a contract is a mapping that begins with 'openapi:'"),
        (
            {"openapi.yaml": "components: {schemas: [1]}\nx: {schema: {$ref: a.yaml}}", "a.yaml": "{}"},
            "a mapping is needed here",
        ),
    ],
)
def test_a_reference_that_cannot_be_followed_is_told_with_its_place(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    assert said in refusal(lambda: bundled(tmp_path, files)).splitlines()[0]


def test_all_failing_references_are_told_at_once(tmp_path: Path) -> None:
    files = {"openapi.yaml": "paths: {/a: {$ref: a.yaml}, /b: {$ref: b.yaml}, /c: {$ref: c.yaml}}", "c.yaml": "[: "}
    with pytest.raises(ContractError) as caught:
        bundled(tmp_path, files)
    assert [finding.source for finding in caught.value.findings] == ["openapi.yaml", "openapi.yaml", "c.yaml"]


def test_files_that_multiply_inside_one_another_are_stopped(tmp_path: Path) -> None:
    files = {
        f"f{level}.yaml": "\n".join(f"k{n}: {{$ref: f{level + 1}.yaml}}" for n in range(10)) for level in range(20)
    }
    files |= {"f20.yaml": "{}", "openapi.yaml": "paths: {/a: {$ref: f0.yaml}}"}
    said = refusal(lambda: bundled(tmp_path, files, TreeBudget(nodes=1_000)))
    assert "more than 1,000 values, once all references to files are followed" in said


def test_files_that_lie_too_deep_inside_one_another_are_stopped(tmp_path: Path) -> None:
    files = {"openapi.yaml": "paths: {/a: {$ref: a.yaml}}", "a.yaml": "{b: {c: {d: 1}}}"}
    assert bundled(tmp_path, files, TreeBudget(depth=4))["paths"]["/a"] == {"b": {"c": {"d": 1}}}
    said = refusal(lambda: bundled(tmp_path, files, TreeBudget(depth=3)))
    assert said == "a.yaml:1: /b/c: nested more than 3 levels deep, once all references to files are followed"


@pytest.mark.parametrize("inside", ["{a: {$ref: %s}}", "{summary: x, $ref: %s}"])
def test_files_nested_without_end_are_stopped(tmp_path: Path, inside: str) -> None:
    files = {f"f{level}.yaml": inside % f"f{level + 1}.yaml" for level in range(400)}
    said = refusal(
        lambda: bundled(tmp_path, files | {"f400.yaml": "{}", "openapi.yaml": "paths: {/a: {$ref: f0.yaml}}"})
    )
    assert "more than 50 references to files inside one another" in said


def test_whoever_asks_is_told_where_each_part_came_from(tmp_path: Path) -> None:
    files = {
        "openapi.yaml": "paths: {/a: {$ref: 'p.yaml#/one'}}",
        "p.yaml": "one: {get: {x: {schema: {$ref: '#/components/schemas/S'}}}}\ncomponents: {schemas: {S: {}}}",
    }
    sources = Sources(write(tmp_path, files))
    told: list[tuple[str, str, str]] = []

    def came_from(pointer: str, file: Document, written: str) -> None:
        told.append((pointer, file.source, written))

    value = bundle(sources.load("openapi.yaml"), sources, came_from)
    assert told == [
        ("/paths/~1a", "p.yaml", "/one"),
        ("/components/schemas/S", "p.yaml", "/components/schemas/S"),
    ]
    assert check_refs(Document("openapi.yaml", value, "")) == []
