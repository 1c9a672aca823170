"""A small lending library whose defects can be switched on, so that each check is seen to bite."""

import json
import re
import uuid
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

TOKEN = "open-sesame"
DOCUMENT: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("sample_api.yaml").read_text(encoding="utf-8"))
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"]

Handler = Callable[[Request], Awaitable[Response]]


class Defect(StrEnum):
    """What can be wrong with the library; each value says it in words."""

    FORGETS_TO_DELETE = "a removed book can still be read"
    LOSES_CREATED = "a created book is never stored"
    DROPS_FIELD = "a book is answered without its title"
    WRONG_STATUS = "removal answers a status that the document does not name"
    WRONG_CONTENT_TYPE = "the list is answered as text"
    MALFORMED_JSON = "the list is answered as broken JSON"
    NO_ETAG = "a book is answered without its ETag"
    NO_LOCATION = "a created book is answered without its Location"
    IGNORES_AUTH = "nobody looks at the token"
    IGNORES_BAD_TOKEN = "any token will do"
    CRASHES = "poetry makes the server fail"
    HANGS_UP = "poetry makes the server drop the connection"
    ACCEPTS_BAD_BODY = "a book is shelved whatever its body says"
    ACCEPTS_BAD_QUERY = "a list is answered whatever its limit says"
    MOODY = "every third book is refused, whatever it is"
    REJECTS_GOOD_BODY = "books of more than a thousand pages are refused"
    ANSWERS_ANY_METHOD = "a method that is not there is answered"
    NO_ALLOW = "a refused method does not say which are allowed"
    WRONG_ALLOW = "OPTIONS names a method that is not there"
    NO_HEADER_NEEDED = "a required header may be missing"
    BARE_ERRORS = "a refusal has no code"


class Library:
    """The books and reviews of one run, and the defects it runs with."""

    def __init__(self, defects: frozenset[Defect]) -> None:
        self.defects = defects
        self.books: dict[str, dict[str, Any]] = {}
        self.reviews: dict[str, list[dict[str, Any]]] = {}
        self.made = 0
        self.offered = 0

    def has(self, defect: Defect) -> bool:
        return defect in self.defects

    def next_id(self) -> str:
        self.made += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, str(self.made)))

    def authenticate(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if self.has(Defect.IGNORES_AUTH):
            return
        if token and self.has(Defect.IGNORES_BAD_TOKEN):
            return
        if (scheme, token) != ("Bearer", TOKEN):
            raise HTTPException(401, "a valid token is needed", {"WWW-Authenticate": "Bearer"})

    def book_id(self, request: Request) -> str:
        text = str(request.path_params["bookId"])
        if not re.fullmatch("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
            raise HTTPException(400, "bookId: a UUID is needed")
        return text.lower()

    def book(self, request: Request) -> dict[str, Any]:
        key = self.book_id(request)
        if key not in self.books:
            raise HTTPException(404, f"there is no book {key}")
        return self.books[key]

    async def body(self, request: Request, schema: str) -> Any:
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            raise HTTPException(415, "application/json is needed")
        try:
            value = json.loads(await request.body())
        except ValueError:
            raise HTTPException(400, "the body is not JSON") from None
        if not VALIDATORS[schema].is_valid(value):
            raise HTTPException(400, f"the body is not a {schema}")
        return value

    def shown(self, book: dict[str, Any]) -> dict[str, Any]:
        if self.has(Defect.DROPS_FIELD):
            return {key: value for key, value in book.items() if key != "title"}
        return book

    async def health(self, request: Request) -> Response:
        return JSONResponse({"status": "up"})

    async def list_books(self, request: Request) -> Response:
        self.authenticate(request)
        genre = single(request, "genre")
        if genre not in {None, "novel", "essay", "poetry"}:
            raise HTTPException(400, "genre: not one that we have")
        if genre == "poetry" and self.has(Defect.CRASHES):
            raise ZeroDivisionError
        if genre == "poetry" and self.has(Defect.HANGS_UP):
            return Response(headers={"Content-Length": "99"})
        found = [book for book in self.books.values() if genre in {None, book.get("genre")}]
        limit = single(request, "limit")
        if limit is not None and not self.has(Defect.ACCEPTS_BAD_QUERY):
            if not re.fullmatch("[0-9]{1,2}", limit) or int(limit) > 50:
                raise HTTPException(400, "limit: 0 to 50")
            found = found[: int(limit)]
        answer = {"data": found, "total": len(self.books)}
        if self.has(Defect.WRONG_CONTENT_TYPE):
            return PlainTextResponse(json.dumps(answer))
        if self.has(Defect.MALFORMED_JSON):
            return Response(json.dumps(answer)[:-1], media_type="application/json")
        return JSONResponse(answer)

    async def create_book(self, request: Request) -> Response:
        self.authenticate(request)
        reader = request.headers.get("x-reader")
        if reader is None and not self.has(Defect.NO_HEADER_NEEDED):
            raise HTTPException(400, "X-Reader: missing")
        if reader is not None and not re.fullmatch("[a-z]{3,8}", reader):
            raise HTTPException(400, "X-Reader: three to eight small letters")
        if self.has(Defect.ACCEPTS_BAD_BODY):
            new: dict[str, Any] = {"title": "Untitled", "pages": 1}
        else:
            new = await self.body(request, "NewBook")
        if self.has(Defect.REJECTS_GOOD_BODY) and new["pages"] > 1000:
            raise HTTPException(400, "pages: too thick")
        self.offered += 1
        if self.has(Defect.MOODY) and self.offered % 3 == 0:
            raise HTTPException(400, "not now")
        book = {"id": self.next_id(), **new}
        if not self.has(Defect.LOSES_CREATED):
            self.books[book["id"]] = book
        headers = {} if self.has(Defect.NO_LOCATION) else {"Location": f"/books/{book['id']}"}
        return JSONResponse(book, 201, headers)

    async def get_book(self, request: Request) -> Response:
        self.authenticate(request)
        book = self.book(request)
        return JSONResponse(self.shown(book), headers={} if self.has(Defect.NO_ETAG) else {"ETag": f'"{len(book)}"'})

    async def change_book(self, request: Request) -> Response:
        self.authenticate(request)
        self.book_id(request)
        change = await self.body(request, "BookChange")
        book = self.book(request)
        book.update(change)
        return JSONResponse(self.shown(book))

    async def remove_book(self, request: Request) -> Response:
        self.authenticate(request)
        book = self.book(request)
        if not self.has(Defect.FORGETS_TO_DELETE):
            del self.books[book["id"]]
            self.reviews.pop(book["id"], None)
        if self.has(Defect.WRONG_STATUS):
            return Response(status_code=202)
        return Response(status_code=204)

    async def list_reviews(self, request: Request) -> Response:
        self.authenticate(request)
        return JSONResponse(self.reviews.get(self.book(request)["id"], []))

    async def add_review(self, request: Request) -> Response:
        self.authenticate(request)
        self.book_id(request)
        new = await self.body(request, "NewReview")
        review = {"id": self.next_id(), "bookId": self.book(request)["id"], **new}
        self.reviews.setdefault(review["bookId"], []).append(review)
        return JSONResponse(review, 201)

    def route(self, path: str, handlers: dict[str, Handler]) -> Route:
        """One route a path, since a refused method must name all that the path has."""
        allowed = ", ".join(handlers)

        async def answer(request: Request) -> Response:
            if handler := handlers.get(request.method):
                return await handler(request)
            if request.method == "OPTIONS":
                named = f"{allowed}, PUT" if self.has(Defect.WRONG_ALLOW) else allowed
                return Response(status_code=204, headers={"Allow": named})
            if self.has(Defect.ANSWERS_ANY_METHOD):
                return JSONResponse({})
            headers = None if self.has(Defect.NO_ALLOW) else {"Allow": allowed}
            raise HTTPException(405, "not here", headers)

        return Route(path, answer, methods=METHODS)

    async def refuse(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        body = {"code": error.status_code, "message": error.detail}
        if self.has(Defect.BARE_ERRORS):
            del body["code"]
        return JSONResponse(body, error.status_code, error.headers)


def single(request: Request, name: str) -> str | None:
    """The only value of a query parameter; a repeated one is refused."""
    values = request.query_params.getlist(name)
    if len(values) > 1:
        raise HTTPException(400, f"{name}: once is enough")
    return values[0] if values else None


def validator(name: str) -> jsonschema_rs.Validator:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    return jsonschema_rs.validator_for({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


VALIDATORS = {name: validator(name) for name in ("NewBook", "BookChange", "NewReview")}


def sample_app(*defects: Defect) -> Starlette:
    """The library as an ASGI application, sound or with the given defects."""
    library = Library(frozenset(defects))
    return Starlette(
        routes=[
            library.route("/health", {"GET": library.health}),
            library.route("/books", {"GET": library.list_books, "POST": library.create_book}),
            library.route(
                "/books/{bookId}",
                {"GET": library.get_book, "PATCH": library.change_book, "DELETE": library.remove_book},
            ),
            library.route("/books/{bookId}/reviews", {"GET": library.list_reviews, "POST": library.add_review}),
        ],
        exception_handlers={HTTPException: library.refuse},
    )
