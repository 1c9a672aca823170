"""The operations of a document, by name and by glob."""

from typing import Any

import pytest

from mockserver.check.operations import operations_of, selected
from mockserver.check.target import CannotRunError

DOCUMENT: dict[str, Any] = {
    "security": [{"bearer": []}],
    "paths": {
        "/books": {
            "parameters": [{"name": "genre", "in": "query"}],
            "get": {"operationId": "listBooks", "parameters": [{"name": "limit", "in": "query"}]},
            "post": {"operationId": "createBook", "responses": {"201": {"links": {"read": {}}}, "400": {}}},
        },
        "/health": {"get": {"security": []}, "summary": "not an operation"},
        "/elsewhere": {"$ref": "other.yaml"},
    },
}


def test_an_operation_is_named_by_its_id_or_else_by_its_label() -> None:
    names = {label: operation.name for label, operation in operations_of(DOCUMENT).items()}

    assert names == {"GET /books": "listBooks", "POST /books": "createBook", "GET /health": "GET /health"}


def test_an_operation_has_the_parameters_of_its_path_too() -> None:
    assert [each["name"] for each in operations_of(DOCUMENT)["GET /books"].parameters] == ["genre", "limit"]


def test_security_is_inherited_unless_the_operation_has_its_own() -> None:
    known = operations_of(DOCUMENT)

    assert known["GET /books"].secured_in(DOCUMENT)
    assert not known["GET /health"].secured_in(DOCUMENT)


def test_links_make_an_operation_start_chains() -> None:
    assert [each.name for each in operations_of(DOCUMENT).values() if each.starts_chains] == ["createBook"]


def test_globs_choose_operations_by_name() -> None:
    known = operations_of(DOCUMENT)

    assert selected(known, []) == set(known)
    assert selected(known, ["*Book", "GET /h*"]) == {"POST /books", "GET /health"}


def test_a_glob_that_chooses_nothing_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(CannotRunError, match="no operation 'listBook'; did you mean 'listBooks'"):
        selected(operations_of(DOCUMENT), ["createBook", "listBook"])
