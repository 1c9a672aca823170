"""Small contracts for tests: operations and schemas in, a Contract out."""

from __future__ import annotations

from typing import Any

from mockserver.contract.model import Contract, Operation
from mockserver.contract.reading import read_contract

Json = Any


def contract(paths: dict[str, Json], **schemas: Json) -> Contract:
    """A contract of these paths under `/api`; an operation without answers answers an empty 200."""
    for item in paths.values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.setdefault("responses", {"200": {"description": "Done."}})
    document = {
        "openapi": "3.1.1",
        "info": {"title": "Small", "version": "1"},
        "servers": [{"url": "http://localhost/api"}],
        "paths": paths,
        "components": {"schemas": schemas},
    }
    return read_contract("small", document)


def operation(parameters: list[Json], body: Json = None, **schemas: Json) -> tuple[Contract, Operation]:
    """A contract of one operation that has these parameters and this request body."""
    declared: dict[str, Json] = {"operationId": "act", "parameters": parameters}
    if body is not None:
        declared["requestBody"] = body
    path = "/" + "/".join(f"{{{each['name']}}}" for each in parameters if each["in"] == "path")
    made = contract({path: {"put": declared}}, **schemas)
    return made, made.operations[0]
