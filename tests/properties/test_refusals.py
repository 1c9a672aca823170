"""A refused request leaves the world's root the very same object, whatever was wrong with it."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract.model import Operation
from mockserver.contract.reading import examples_of
from mockserver.engine.handle import Engine
from mockserver.exchange import Call
from tests.support import tokens
from tests.support.engines import Caller, engine_of

Json = Any
IDS = {
    "tables": "455e3d9d-dbbf-455e-b3be-7191daa825f3",
    "teams": "449b5f25-4cbb-42db-8f71-3be2c5cd888a",
    "users": "77655e6e-ad33-49da-bbca-db4ba4d4e2cd",
    "unknown": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
}
TEXTS = st.sampled_from([*IDS.values(), "Accounting", "sample_data.ecommerce_db.shopify", "0.1", "nonsense", "", "%00"])
MEMBERS = (
    *("id", "name", "op", "path", "value", "type", "columns", "dataType", "teamType", "databaseSchema", "parents"),
    *("updatedVoteType", "owners", "users", "extension", "email"),
)
POINTERS = (
    *("/", "/description", "/owners", "/owners/0", "/columns/0", "/columns/-", "/users", "/parents/0", "/version"),
    *("/extension", "/extension/a", "/deleted", "/name", "/children", "/teams", "/votes", "/databaseSchema/id"),
    *("/tags", "/tags/0"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=4),
    max_leaves=8,
)
POINTER = st.sampled_from(["", *POINTERS])
PATCHES = st.lists(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test"]), "path": POINTER},
        optional={"value": JSON, "from": POINTER},
    ),
    max_size=4,
)
QUERIES = st.sampled_from(["", "hardDelete=true&recursive=true", "fields=nope", "limit=-1", "include=all&fields=*"])
USERS = st.sampled_from(["admin", "guest", "consumer", "ingestion-bot", "nobody"])
ENGINES = tuple(engine_of(profile) for profile in ("docs", "server-2.0"))


@st.composite
def bodies(draw: st.DrawFn, engine: Engine, operation: Operation, media_type: str) -> Json:
    """Anything at all, or the contract's example, one member of which may be anything."""
    media = operation.document.get("requestBody", {}).get("content", {}).get(media_type, {})
    examples = list(examples_of(engine.contract.document, media))
    if not examples or draw(st.booleans()):
        return draw(JSON)
    example = draw(st.sampled_from(examples))
    if not isinstance(example, dict) or draw(st.booleans()):
        return example
    return {**example, draw(st.sampled_from([*example, *MEMBERS])): draw(JSON)}


@st.composite
def calls(draw: st.DrawFn, engine: Engine) -> Call:
    """A call of some operation, more or less as its contract wants it."""
    operation = draw(st.sampled_from(engine.contract.operations))
    path = engine.contract.prefix + operation.path
    for parameter in operation.parameters:
        if parameter.place == "path":
            path = path.replace(f"{{{parameter.name}}}", draw(TEXTS))
    media_type = next(iter(operation.media_types), "application/json")
    body = draw(PATCHES if "patch" in media_type else bodies(engine, operation, media_type))
    headers = {"content-type": media_type, "authorization": f"Bearer {tokens.good(draw(USERS))}"}
    return Call(operation.method, path, draw(QUERIES), headers, orjson.dumps(body))


@settings(deadline=None, max_examples=300)
@given(st.data(), st.sampled_from(range(len(ENGINES))))
def test_a_refused_request_leaves_the_root_as_it_is(data: st.DataObject, which: int) -> None:
    caller = Caller()
    engine = ENGINES[which]
    for call in data.draw(st.lists(calls(engine), min_size=1, max_size=4)):
        before = caller.world.root
        reply = engine.handle(call, caller.world)
        assert reply.status < 500
        if reply.status >= 400:
            assert caller.world.root is before
