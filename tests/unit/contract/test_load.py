"""A contract that is wrong is refused with everything that is wrong in it, each thing with its place and its cure."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from mockserver.contract.load import load_contract
from mockserver.contract.problem import ContractError, Finding

ROOT = """\
openapi: 3.1.1
info: {title: Pets, version: '1'}
servers: [{url: 'http://localhost/api'}]
x-resources: [resources/pets.yaml]
paths:
  /v1/ping:
    get:
      operationId: ping
      responses: {'200': {description: Alive., content: {application/json: {example: {ok: true}}}}}
components: {}
"""
TRAIT = """\
x-trait: {name: item}
paths:
  '${path}/{id}':
    get:
      operationId: get${title}
      x-resource: ${name}
      x-behaviour: {use: read, by: id}
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: One., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
"""
RANKS = "ranks: {by: name, above: owner, below: owner, members: owner, holds: {Cat: [Cat]}}"
PETS = """\
x-resource: {name: pets, path: /v1/pets, entity: pet, title: Pet, plural: Pets, schema: Pet}
x-traits: [item]
components:
  schemas:
    Pet: {type: object, properties: {id: {type: string}, name: {type: string}, owner: {type: object}}}
"""

PONG = """\
x-models: {Pong: {type: object}}
paths:
  /v1/pong:
    get:
      operationId: pong
      responses: {'200': {description: Back., content: {application/json: {example: {}}}}}
"""
FIELDS = """\
components:
  parameters:
    ${entity}Fields:
      {name: fields, in: query, schema: {type: string, enum: ['*', '${fields}']}, example: '${id}'}
"""
ID = "455e3d9d-dbbf-455e-b3be-7191daa825f3"


class Files:
    """A contract in a folder, sound until something is replaced in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("openapi.yaml", ROOT)
        self.write("traits/item.yaml", TRAIT)
        self.write("resources/pets.yaml", PETS)

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text))

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text()
        assert old in text
        self.write(name, text.replace(old, new))

    def findings(self, profile: str | None = None) -> list[Finding]:
        with pytest.raises(ContractError) as caught:
            load_contract(self.folder, profile)
        return caught.value.findings

    def finding(self, profile: str | None = None) -> Finding:
        findings = self.findings(profile)
        assert len(findings) == 1, "\n".join(map(str, findings))
        return findings[0]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_a_sound_contract_is_expanded_to_plain_openapi(files: Files) -> None:
    contract = load_contract(files.folder)

    assert [operation.id for operation in contract.operations] == ["ping", "getPet"]
    assert contract.prefix == "/api"
    assert contract.document["paths"]["/v1/pets/{id}"]["get"]["operationId"] == "getPet"
    assert "x-traits" not in contract.document


def test_a_part_brings_paths_and_components_that_belong_to_no_resource(files: Files) -> None:
    files.replace("openapi.yaml", "paths:\n", "x-parts: [parts/pong.yaml]\npaths:\n")
    files.write("parts/pong.yaml", PONG)

    contract = load_contract(files.folder)

    assert [operation.id for operation in contract.operations] == ["ping", "pong", "getPet"]
    assert contract.document["components"]["schemas"]["Pong"] == {"type": "object"}
    assert "x-parts" not in contract.document


def test_a_key_that_a_part_does_not_have_is_named_with_the_nearest_one(files: Files) -> None:
    files.replace("openapi.yaml", "paths:\n", "x-parts: [parts/pong.yaml]\npaths:\n")
    files.write("parts/pong.yaml", "path: {}")

    assert str(files.finding()) == "parts/pong.yaml:1: /path: unknown key 'path' in a part; did you mean 'paths'?"


def test_what_a_file_says_of_its_own_model_is_laid_over_it(files: Files) -> None:
    files.replace("resources/pets.yaml", "components:", "x-models:\n  Pet: {required: [id]}\ncomponents:")

    pet = load_contract(files.folder).document["components"]["schemas"]["Pet"]

    assert pet["required"] == ["id"]
    assert pet["properties"].keys() == {"id", "name", "owner"}


def test_a_model_of_another_file_is_not_laid_over(files: Files) -> None:
    files.replace("openapi.yaml", "components: {}", "components: {schemas: {Pet: {type: object}}}")

    assert "the component 'Pet' of schemas is declared in another file too" in files.finding().message


def test_a_trait_brings_components_and_names_all_fields_of_the_schema(files: Files) -> None:
    files.replace("resources/pets.yaml", "schema: Pet}", f"schema: Pet, example: {{id: {ID}, fqn: rex}}}}")
    files.write("traits/item.yaml", TRAIT + FIELDS)

    parameter = load_contract(files.folder).document["components"]["parameters"]["petFields"]

    assert parameter["schema"]["enum"] == ["*", "id", "name", "owner"]
    assert parameter["example"] == ID


def test_an_unknown_behaviour_names_the_trait_file_its_line_and_the_nearest_one(files: Files) -> None:
    files.replace("traits/item.yaml", "use: read", "use: reed")

    pointer = "/paths/~1v1~1pets~1{id}/get/x-behaviour/use"
    assert str(files.finding()) == f"traits/item.yaml:7: {pointer}: unknown behaviour 'reed'; did you mean 'read'?"


def test_an_unknown_key_of_a_resource_names_the_nearest_one(files: Files) -> None:
    files.replace("resources/pets.yaml", "schema: Pet}", "schema: Pet, namng: {}}")

    assert str(files.finding()) == (
        "resources/pets.yaml:1: /x-resource/namng: unknown key 'namng'; did you mean 'naming'?"
    )


def test_an_unknown_extension_names_the_nearest_one(files: Files) -> None:
    files.replace("traits/item.yaml", "x-behaviour:", "x-behavior:")

    unknown, unanswered = files.findings()
    assert (unknown.source, unknown.line, unknown.suggestion) == ("traits/item.yaml", 7, "x-behaviour")
    assert (unanswered.source, unanswered.line) == ("traits/item.yaml", 4)
    assert "it has neither `x-behaviour` nor an example" in unanswered.message


def test_an_extension_of_nobody_is_refused_in_a_contract_of_ours(files: Files) -> None:
    files.replace("traits/item.yaml", "      x-resource: ${name}", "      x-colour: red\n      x-resource: ${name}")

    assert str(files.finding()) == (
        "traits/item.yaml:6: /paths/~1v1~1pets~1{id}/get/x-colour: unknown keyword 'x-colour'"
    )


def test_a_plain_document_may_have_extensions_of_other_tools(tmp_path: Path) -> None:
    file = tmp_path / "plain.yaml"
    text = ROOT.replace("x-resources: [resources/pets.yaml]\n", "x-colour: red\n")
    file.write_text(text.replace("operationId: ping", "operationId: ping\n      x-internal: true"))

    assert [operation.id for operation in load_contract(file).operations] == ["ping"]


def test_a_dangling_reference_names_the_nearest_component(files: Files) -> None:
    files.replace("traits/item.yaml", "schemas/Pet'", "schemas/Pett'")

    finding = files.finding()

    assert (finding.source, finding.line) == ("traits/item.yaml", 9)
    assert finding.suggestion == "Pet"


def test_an_operation_that_nothing_answers_is_found(files: Files) -> None:
    files.replace("openapi.yaml", "example: {ok: true}", "schema: {}")

    finding = files.finding()

    assert (finding.source, finding.line, finding.pointer) == ("openapi.yaml", 7, "/paths/~1v1~1ping/get")
    assert "nothing answers" in finding.message


def test_everything_wrong_is_told_at_once(files: Files) -> None:
    files.replace("traits/item.yaml", "use: read", "use: reed")
    files.replace("traits/item.yaml", "schemas/Pet'", "schemas/Pett'")
    files.replace("openapi.yaml", "example: {ok: true}", "schema: {}")
    files.replace("resources/pets.yaml", "plural: Pets", "plural: Pets, create: NewPet")

    assert {finding.source for finding in files.findings()} == {
        "traits/item.yaml",
        "openapi.yaml",
        "resources/pets.yaml",
    }
    assert len(files.findings()) == 4


@pytest.mark.parametrize(
    ("old", "new", "message", "suggestion"),
    [
        ("x-traits: [item]", "x-traits: [itm]", "there is no trait 'itm'", "item"),
        ("schema: Pet}", "schema: Pets}", "unknown schema 'Pets'", "Pet"),
        ("schema: Pet}", "schema: Pet, naming: {parent: ower}}", "unknown relation 'ower'", None),
        ("schema: Pet}", "schema: Pet, relations: {owner: {to: [pet]}}}", "unknown resource 'pet'", "pets"),
        ("schema: Pet}", "schema: Pet, relations: {ownr: {to: [pets]}}}", "unknown field 'ownr'", "owner"),
        ("schema: Pet}", "schema: Pet, relations: {owner: {via: [ownr]}}}", "unknown relation 'ownr'", None),
        ("schema: Pet}", "schema: Pet, relations: {owner: {inverse: ownr}}}", "unknown relation 'ownr'", "owner"),
        ("schema: Pet}", "schema: Pet, onRequest: [nam]}", "unknown field 'nam'", "name"),
        ("schema: Pet}", "schema: Pet, moves: [nam]}", "unknown field 'nam'", "name"),
        ("schema: Pet}", "schema: Pet, counted: {name: {back: [ownr]}}}", "unknown relation 'ownr'", None),
        ("schema: Pet}", "schema: Pet, counted: {name: {of: ownr}}}", "unknown relation 'ownr'", None),
        ("schema: Pet}", "schema: Pet, assets: {by: ownr}}", "unknown relation 'ownr'", None),
        (
            "schema: Pet}",
            "schema: Pet, review: {field: name, by: owner, decisions: [a, b], opens: {of: pet, type: a, unready: b}}}",
            "unknown resource 'pet'",
            "pets",
        ),
        ("schema: Pet}", "schema: Pet, series: {weights: {schema: Pets}}}", "unknown schema 'Pets'", "Pet"),
        (
            "schema: Pet}",
            "schema: Pet, series: {weights: {schema: Pet, under: toys}}}",
            "unknown nested list 'toys'",
            None,
        ),
        (
            "schema: Pet}",
            f"schema: Pet, {RANKS.replace('above: owner', 'above: ownr')}, relations: {{owner: {{to: [pets]}}}}}}",
            "unknown relation 'ownr'",
            "owner",
        ),
        (
            "schema: Pet}",
            f"schema: Pet, {RANKS.replace('[Cat]', '[Ct]')}, relations: {{owner: {{to: [pets]}}}}}}",
            "unknown kind 'Ct'",
            "Cat",
        ),
        (
            "schema: Pet}",
            "schema: Pet, relations: {owner: {gathered: {along: ownr, take: owner}}}}",
            "unknown relation 'ownr'",
            "owner",
        ),
        ("schema: Pet}", "schema: Pet, searched: {nam: []}}", "unknown field 'nam'", "name"),
        ("schema: Pet}", "schema: Pet, searched: {colour: [ownr, name]}}", "unknown relation 'ownr'", None),
        (
            "schema: Pet}",
            "schema: Pet, relations: {owner: {to: [pets]}}, searched: {colour: [owner, nam]}}",
            "unknown field 'nam'",
            "name",
        ),
        ("schema: Pet}", "schema: Pet, assets: {by: labels, except: [pet]}}", "unknown resource 'pet'", "pets"),
        (
            "schema: Pet}",
            "schema: Pet, relations: {owner: {to: [pets], inherits: [ownr]}}}",
            "unknown relation 'ownr'",
            "owner",
        ),
        (
            "schema: Pet}",
            "schema: Pet, relations: {owner: {to: [pets], along: ownr}}}",
            "unknown relation 'ownr'",
            "owner",
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_found_in_a_resource(
    files: Files, old: str, new: str, message: str, suggestion: str | None
) -> None:
    files.replace("resources/pets.yaml", old, new)

    finding = files.findings()[0]

    assert (finding.source, finding.message, finding.suggestion) == ("resources/pets.yaml", message, suggestion)


def test_a_resource_that_is_declared_wrongly_does_not_make_its_users_wrong(files: Files) -> None:
    files.replace("resources/pets.yaml", "entity: pet,", "entity: 7,")

    assert files.finding().pointer == "/x-resource/entity"


def test_a_relation_that_a_trait_needs_must_be_declared(files: Files) -> None:
    files.replace("traits/item.yaml", "{name: item}", "{name: item, needs: [followers]}")

    assert "needs the relation 'followers'" in files.finding().message


@pytest.mark.parametrize(
    ("wanted", "message", "suggestion"),
    [
        ("ownr", "unknown field 'ownr'", "owner"),
        ("{field: nam, of: name}", "unknown field 'nam'", "name"),
        ("{field: owner, of: nam}", "unknown field 'nam'", "name"),
        ("{field: weight, of: gram}", "unknown field 'gram'", "grams"),
        ("{field: name, of: name}", "unknown field 'name'", None),
        ("{field: owner, along: [ownr]}", "unknown relation 'ownr'", "owner"),
        ("{field: name, along: []}", "'name' leads to no records", None),
        ("{field: name, match: about, wide: dep}", "unknown parameter 'dep'", "deep"),
    ],
)
def test_a_filter_that_looks_at_what_nobody_has_is_found(
    files: Files, wanted: str, message: str, suggestion: str | None
) -> None:
    files.replace("resources/pets.yaml", "schema: Pet}", "schema: Pet, relations: {owner: {to: [pets]}}}")
    weight = "weight: {type: object, properties: {grams: {type: integer}}}"
    files.replace("resources/pets.yaml", "owner: {type: object}", f"owner: {{type: object}}, {weight}")
    given = f"schema: {{type: string}}}}, {{name: deep, in: query}}, {{name: by, in: query, x-filter: {wanted}}}]"
    files.replace("traits/item.yaml", "schema: {type: string}}]", given)

    finding = files.findings()[0]

    assert (finding.message, finding.suggestion) == (message, suggestion)


def test_a_setting_that_a_behaviour_does_not_have_is_found(files: Files) -> None:
    files.replace("traits/item.yaml", "by: id}", "relation: owner}")

    assert files.findings()[0].message == "unknown setting of 'read' 'relation'"


def test_a_get_that_writes_is_refused(files: Files) -> None:
    files.replace("traits/item.yaml", "use: read,", "use: delete,")

    assert str(files.finding()) == (
        "traits/item.yaml:7: /paths/~1v1~1pets~1{id}/get/x-behaviour: 'delete' writes, which a GET must not"
    )


def test_an_operation_id_may_be_used_once_only(files: Files) -> None:
    files.replace("openapi.yaml", "operationId: ping", "operationId: getPet")

    assert "'getPet' is used at" in files.finding().message


def test_a_file_outside_the_contract_is_never_read(files: Files, tmp_path: Path) -> None:
    (tmp_path.parent / "secret.yaml").write_text("x-resource: {}")
    files.replace("openapi.yaml", "resources/pets.yaml", "../secret.yaml")

    findings = files.findings()

    assert "leads out of the folder of the contract" in findings[0].message


def test_a_pattern_that_blows_up_is_refused(files: Files) -> None:
    files.replace("resources/pets.yaml", "name: {type: string}", "name: {type: string, pattern: '^(?=a)a+$'}")

    finding = files.finding()

    assert (finding.source, finding.line) == ("resources/pets.yaml", 5)
    assert "backtracking" in finding.message


def test_a_missing_resource_file_is_found_where_it_is_named(files: Files) -> None:
    files.replace("openapi.yaml", "resources/pets.yaml", "resources/pats.yaml")

    finding = files.findings()[0]

    assert (finding.source, finding.line, finding.suggestion) == ("openapi.yaml", 4, "resources/pets.yaml")


def test_an_overlay_changes_the_expanded_document(files: Files) -> None:
    files.write("profiles.yaml", "other: {overlays: [other.yaml]}\n")
    files.write(
        "other.yaml",
        """\
        overlay: 1.0.0
        info: {title: Other, version: '1'}
        actions:
          - target: $.paths[*][?@['x-behaviour'].use == 'read']
            update: {summary: Changed}
          - target: $.paths['/v1/ping']
            remove: true
        """,
    )

    changed = load_contract(files.folder, "other").document

    assert changed["paths"]["/v1/pets/{id}"]["get"]["summary"] == "Changed"
    assert "/v1/ping" not in changed["paths"]
    assert "/v1/ping" in load_contract(files.folder).document["paths"]


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("{target: $.paths.nothing, remove: true}", "the target $.paths.nothing matches nothing"),
        ("{target: '$.paths[', remove: true}", "not a JSONPath"),
        ("{target: $.openapi, update: {a: 1}}", "an update's target is an object or a list"),
        ("{target: $.paths, updat: {a: 1}}", "unknown key 'updat'"),
    ],
)
def test_an_overlay_that_has_drifted_from_its_contract_is_refused(files: Files, action: str, message: str) -> None:
    files.write("profiles.yaml", "other: {overlays: [other.yaml]}\n")
    files.write("other.yaml", f"overlay: 1.0.0\ninfo: {{}}\nactions:\n  - {action}\n")

    finding = files.finding("other")

    assert (finding.source, finding.line) == ("other.yaml", 4)
    assert message in finding.message


def test_an_unknown_profile_names_the_nearest_one(files: Files) -> None:
    files.write("profiles.yaml", "strict: {overlays: []}\n")

    finding = files.finding("strickt")

    assert "there is no profile 'strickt'; there are: strict" in finding.message
    assert finding.suggestion == "strict"


def test_a_misspelt_key_of_a_profile_names_the_nearest_one(files: Files) -> None:
    files.write("profiles.yaml", "strict: {overlay: []}\n")

    assert files.finding("strict").suggestion == "overlays"


@pytest.mark.parametrize(
    ("labels", "message", "suggestion"),
    [
        ("{schema: Pt, name: name, kind: name, kinds: {a: pets}}", "unknown schema 'Pt'", "Pet"),
        ("{schema: Pet, name: name, kind: name, kinds: {a: pet}}", "unknown resource 'pet'", "pets"),
        ("{schema: Pet, name: name, kind: name, kinds: {a: pets}, without: [Pt]}", "unknown schema 'Pt'", "Pet"),
        ("{schema: Pet, name: name, kind: name}", '"kinds" is a required property', None),
    ],
)
def test_labels_of_what_is_not_there_are_found(files: Files, labels: str, message: str, suggestion: str | None) -> None:
    files.replace("openapi.yaml", "x-resources:", f"x-labels: {labels}\nx-resources:")

    finding = files.finding()

    assert (finding.source, finding.message, finding.suggestion) == ("openapi.yaml", message, suggestion)


SHEET = "{header: 'name*,owner', rows: {pets: mother}}"
RELATED = "relations: {mother: {to: [pets], hidden: true}}"
COLUMNS = "{name: {as: name, description: Its name.}, owner: {description: Whose it is.}}"


@pytest.mark.parametrize(
    ("sheet", "message", "suggestion"),
    [
        ("{header: 'nam,owner', rows: {pets: mother}}", "unknown column 'nam'", "name"),
        ("{header: 'name,owner', recursive: 'owne', rows: {pets: mother}}", "unknown column 'owne'", "owner"),
        ("{header: name, rows: {pet: mother}}", "unknown resource 'pet'", "pets"),
        ("{header: name, rows: {pets: mothe}}", "unknown relation 'mothe'", "mother"),
        ("{header: name, rows: {pets: mother}, through: father}", "unknown relation 'father'", "mother"),
        ("{header: name, rows: {pets: mother}, of: pet}", "unknown resource 'pet'", "pets"),
        ("{header: name, items: toys}", "unknown nested field 'toys'", None),
        ("{header: name, rows: {pets: mother}, inside: {column: nam, says: no}}", "unknown column 'nam'", "name"),
    ],
)
def test_what_a_csv_file_names_and_is_not_there_is_found(
    files: Files, sheet: str, message: str, suggestion: str | None
) -> None:
    files.replace("openapi.yaml", "x-resources:", f"x-csv: {COLUMNS}\nx-resources:")
    files.replace("resources/pets.yaml", "schema: Pet}", f"schema: Pet, {RELATED}, csv: {sheet}}}")

    finding = files.findings()[0]

    assert (finding.source, finding.message, finding.suggestion) == ("resources/pets.yaml", message, suggestion)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("{as: labels, kind: Mood, description: How it feels.}", "unknown kind of labels 'Mood'"),
        ("{as: rows, description: Its toys.}", "a column of rows says which `members` its objects have"),
        ("{as: sentence, description: Its name.}", '"sentence" is not one of'),
    ],
)
def test_a_column_that_cannot_be_read_is_found(files: Files, column: str, message: str) -> None:
    files.replace("openapi.yaml", "x-resources:", f"x-csv: {{mood: {column}}}\nx-resources:")

    assert files.finding().message.startswith(message)


def test_a_file_that_the_resource_does_not_have_is_not_exported(files: Files) -> None:
    files.replace("traits/item.yaml", "{use: read, by: id}", "{use: exportCsv}")

    assert (
        files.finding().message
        == "the behaviour 'exportCsv' needs `csv` with `header`, and `rows`, `items` or `itself`"
    )
