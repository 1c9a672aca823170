"""What is exported as CSV and imported again, here or elsewhere, is what was there, whatever the texts are."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.behaviours.csvtext import join, rows_of, split, text_of
from tests.support.engines import Caller

Json = Any
SCHEMA = "sample_data.ecommerce_db.shopify"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
AWKWARD = st.text(st.sampled_from('a ";,:|#\r\n\\é\u2028'), min_size=1, max_size=8)
WORDS = TEXTS | AWKWARD
NAMES = st.from_regex(r"\A[a-z][a-z0-9_. ;,-]{0,6}[a-z0-9]\Z")
TAGS = st.sets(st.sampled_from(["PII.Sensitive", "Handling.Internal", "Tier.Tier1", "Tier.Tier2"]), max_size=2).filter(
    lambda tags: sum(tag.startswith("Tier.") for tag in tags) < 2
)
OWNERS = st.sampled_from([[], ["Sales"], ["aaron_johnson0"], ["aaron_johnson0", "andrew_jennings3"]])
IDS = {
    "Sales": ("7a2b921b-f623-4eb5-9736-649788ad842c", "team"),
    "aaron_johnson0": ("77655e6e-ad33-49da-bbca-db4ba4d4e2cd", "user"),
    "andrew_jennings3": ("2c4036a5-27d5-4d47-949f-3e8666e9d371", "user"),
}
COLUMNS = st.lists(st.tuples(NAMES, st.none() | WORDS), min_size=1, max_size=3, unique_by=lambda each: each[0])


@given(st.lists(st.lists(WORDS | st.just(""), min_size=1, max_size=4)))
def test_lines_are_read_as_they_were_written(rows: list[list[str]]) -> None:
    assert rows_of(text_of(rows)) == rows


@given(st.lists(WORDS))
def test_the_values_of_a_cell_are_read_as_they_were_written(values: list[str]) -> None:
    assert split(join(values)) == values


def table(caller: Caller, name: str, words: str, columns: list[tuple[str, str | None]], tags: set[str]) -> Json:
    labels = [{"tagFQN": tag, "source": "Classification", "labelType": "Manual", "state": "Confirmed"} for tag in tags]
    return caller.ask(
        "PUT",
        "/tables",
        {
            "name": name,
            "databaseSchema": SCHEMA,
            "displayName": words,
            "description": words,
            "tags": labels,
            "columns": [
                {"name": each, "dataType": "INT", "tags": labels, **({} if text is None else {"description": text})}
                for each, text in columns
            ],
        },
    )


def exported(caller: Caller) -> str:
    return caller.reply("GET", f"/databaseSchemas/name/{SCHEMA}/export?recursive=true").body.decode()


def imported(caller: Caller, text: str) -> Json:
    path = f"/databaseSchemas/name/{SCHEMA}/import?recursive=true&dryRun=false"
    reply = caller.reply("PUT", path, text.encode(), content_type="text/plain")
    assert reply.status == 200
    return reply.body


@settings(deadline=None, max_examples=25)
@given(NAMES, WORDS, COLUMNS, TAGS, OWNERS)
def test_an_export_imported_again_changes_nothing_and_imported_elsewhere_makes_the_same(
    name: str, words: str, columns: list[tuple[str, str | None]], tags: set[str], owners: list[str]
) -> None:
    caller = Caller("server-2.0")
    made = table(caller, name, words, columns, tags)
    references = [{"id": IDS[owner][0], "type": IDS[owner][1]} for owner in owners]
    caller.ask("PATCH", f"/tables/{made['id']}", [{"op": "add", "path": "/owners", "value": references}])
    file, before = exported(caller), caller.world.root.records

    assert b'"status":"success"' in imported(caller, file)
    assert caller.world.root.records == before
    assert exported(caller) == file

    elsewhere = Caller("server-2.0")
    assert b'"status":"success"' in imported(elsewhere, file)
    assert exported(elsewhere) == file


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(NAMES, WORDS, st.lists(NAMES, max_size=3)), max_size=3, unique_by=lambda each: each[0]))
def test_terms_keep_their_words_through_a_file(terms: list[tuple[str, str, list[str]]]) -> None:
    caller = Caller("server-2.0")
    for name, words, synonyms in terms:
        body = {"name": name, "glossary": "Business", "description": words, "synonyms": synonyms}
        caller.ask("POST", "/glossaryTerms", body)
    file = caller.reply("GET", "/glossaries/name/Business/export").body

    elsewhere = Caller("server-2.0")
    path = "/glossaries/name/Business/import?dryRun=false"
    assert b'"status":"success"' in elsewhere.reply("PUT", path, file, content_type="text/plain").body
    assert elsewhere.reply("GET", "/glossaries/name/Business/export").body == file
    for name, words, synonyms in terms:
        quoted = f'"{name}"' if "." in name else name
        found = elsewhere.ask("GET", f"/glossaryTerms/name/Business.{quoted.replace(' ', '%20')}")
        assert (found["description"], found.get("synonyms", [])) == (words, synonyms)


@settings(deadline=None, max_examples=40)
@given(st.text(st.sampled_from('a",;\n\r*n') | st.characters(exclude_categories=["Cs"]), max_size=60))
def test_no_text_is_too_odd_to_be_told_what_is_wrong_with_it(text: str) -> None:
    caller = Caller()
    header = "name,displayName,description,dataType,tags\n"
    for body in (text, header + text):
        path = "/tables/name/sample_data.ecommerce_db.shopify.fact_sale/import?dryRun=false"
        status = caller.reply("PUT", path, body.encode(), content_type="text/plain").status
        assert status == 200 if body else 400
