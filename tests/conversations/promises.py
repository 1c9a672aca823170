"""Whether an answer is one that the contract declares: its status, media type, headers and body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from mockserver.contract.model import Contract, Operation
from mockserver.contract.reference import resolved
from mockserver.contract.validation import check, compile_schema, where
from mockserver.engine.route import Router
from mockserver.exchange import Problem
from tests.conversations.transport import Answer, Request
from tests.support.engines import contract_of

Json = Any
ERROR = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}


class Promises:
    """The declared answers of one contract; validators are compiled when they are first used."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._router = Router(contract.operations, contract.prefix)
        self._validator = cache(self._compiled)

    def broken(self, request: Request, answer: Answer) -> Iterator[str]:
        """What the contract promises and the answer does not keep."""
        operation = self.operation(request)
        if operation is not None and str(answer.status) not in operation.document["responses"]:
            yield f"{operation.id} declares no answer {answer.status}"
            return
        declared = self._declared(operation, answer.status)
        yield from self._headers(declared, answer.headers)
        media_type = answer.headers.get("content-type", "").partition(";")[0]
        if not answer.body and "content" not in declared:
            return
        if media_type not in declared.get("content", ()):
            yield f"content type {media_type!r} is not declared"
            return
        validator = self._validator(operation and operation.id, answer.status, media_type)
        for violation in check(validator, answer.value, where):
            yield f"body {violation}"

    def operation(self, request: Request) -> Operation | None:
        """The operation that is called; None where the path or the method is nobody's."""
        try:
            return self._router.match(request.method, request.path.partition("?")[0])[0]
        except Problem:
            return None

    def _declared(self, operation: Operation | None, status: int) -> Mapping[str, Json]:
        if operation is None:
            return ERROR
        response: Mapping[str, Json] = resolved(self._contract.document, operation.document["responses"][str(status)])
        return response

    def _headers(self, declared: Mapping[str, Json], told: Mapping[str, str]) -> Iterator[str]:
        for name, reference in declared.get("headers", {}).items():
            header = resolved(self._contract.document, reference)
            value = told.get(name.lower())
            if value is None:
                if header.get("required"):
                    yield f"the header {name} is missing"
                continue
            for violation in check(compile_schema(self._contract, header["schema"]), value, where):
                yield f"header {name}: {violation.message}"

    def _compiled(self, id: str | None, status: int, media_type: str) -> Any:
        operation = next((each for each in self._contract.operations if each.id == id), None)
        return compile_schema(self._contract, self._declared(operation, status)["content"][media_type]["schema"])


@cache
def promises(profile: str) -> Promises:
    return Promises(contract_of(profile))
