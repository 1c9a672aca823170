"""A history has one version for each change, none without one, and keeps what was answered when it was new."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.values import same
from tests.support.engines import Caller

Json = Any
TABLE = "/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3"
MARKS = ("version", "updatedAt", "updatedBy", "changeDescription")
USERS = ("61fadc6d-875b-4eff-b759-629ab6cfe835", "e41c70db-4f3f-407c-a8ec-3450159840ea")
TEXTS = st.sampled_from(["", "one", "two"])
OWNERS = st.lists(st.sampled_from(USERS), unique=True, max_size=2)
TAGS = st.lists(st.sampled_from(["Handling.Internal", "Tier.Tier1"]), unique=True)
COLUMNS = st.lists(
    st.tuples(st.sampled_from(["a", "b.c"]), st.sampled_from(["INT", "STRING"]), st.none() | TEXTS),
    unique_by=lambda column: column[0],
    max_size=2,
)


def replaced(path: str, value: Json) -> Json:
    return {"op": "add", "path": path, "value": value}


STEP = st.one_of(
    TEXTS.map(lambda text: replaced("/description", text)),
    TEXTS.map(lambda text: replaced("/displayName", text)),
    OWNERS.map(lambda ids: replaced("/owners", [{"id": id, "type": "user"} for id in ids])),
    TAGS.map(
        lambda names: replaced(
            "/tags",
            [
                {"tagFQN": each, "source": "Classification", "labelType": "Manual", "state": "Confirmed"}
                for each in names
            ],
        )
    ),
    st.sampled_from(["P1D", "P2D", "P1M"]).map(lambda text: replaced("/retentionPeriod", text)),
    COLUMNS.map(
        lambda columns: replaced(
            "/columns",
            [
                {"name": name, "dataType": kind, **({} if text is None else {"description": text})}
                for name, kind, text in columns
            ],
        )
    ),
)
WRITES = st.lists(
    st.one_of(
        st.lists(STEP, max_size=2).map(lambda steps: ("PATCH", TABLE, steps)),
        st.just(("PUT", f"{TABLE}/vote", {"updatedVoteType": "votedUp"})),
        st.just(("PATCH", TABLE, [replaced("/description", 7)])),
    ),
    max_size=8,
)


def content(answer: Json) -> Json:
    """What a version is about: neither its marks nor what is kept beside the record, lists in no order."""
    kept = {key: value for key, value in answer.items() if key not in (*MARKS, "followers", "votes")}
    return {key: sorted(value, key=_named) if isinstance(value, list) else value for key, value in kept.items()}


def _named(item: Json) -> str:
    return str(item.get("id") or item.get("tagFQN") or item.get("name"))


def texts(caller: Caller) -> list[Json]:
    return [orjson.loads(text) for text in caller.ask("GET", f"{TABLE}/versions")["versions"]]


@settings(deadline=None, max_examples=80)
@given(WRITES)
def test_a_history_grows_with_every_change_and_only_then(writes: list[tuple[str, str, Json]]) -> None:
    caller = Caller()
    kept = texts(caller)
    for method, path, body in writes:
        reply = caller.reply(method, path, body)
        history = texts(caller)
        now = caller.ask("GET", f"{TABLE}?fields=*")
        changed = len(history) > len(kept)
        if reply.status != 200:
            assert not changed
        if changed:
            assert len(history) == len(kept) + 1
            assert round(history[0]["version"] - kept[0]["version"], 1) in (0.1, 1.0)
            assert history[0]["changeDescription"]["previousVersion"] == kept[0]["version"]
            assert _tells_something(history[0]["changeDescription"])
            assert history[0] == now == orjson.loads(reply.body)
            assert not same(content(history[0]), content(kept[0]))
            assert history[1:] == [{**kept[0], "votes": history[1]["votes"]}, *kept[1:]]
        else:
            assert _sans_order(content(history[0])) == _sans_order(content(kept[0]))
            assert history[0]["version"] == kept[0]["version"]
        for snapshot in history:
            assert caller.ask("GET", f"{TABLE}/versions/{snapshot['version']}") == snapshot
        kept = history
    assert len({snapshot["version"] for snapshot in kept}) == len(kept)


def _tells_something(description: Json) -> bool:
    return any(description[key] for key in ("fieldsAdded", "fieldsUpdated", "fieldsDeleted"))


def _sans_order(value: Json) -> Json:
    """Without the places of columns, which alone make no change."""
    columns = ({key: each[key] for key in each if key != "ordinalPosition"} for each in value["columns"])
    return {**value, "columns": list(columns)}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(STEP, min_size=1, max_size=2), min_size=1, max_size=6))
def test_patches_that_fold_leave_one_version_that_tells_all_of_them(patches: list[Json]) -> None:
    caller = Caller("server-2.0")
    (first,) = texts(caller)
    for steps in patches:
        caller.ask("PATCH", TABLE, steps)
    history = texts(caller)
    assert len(history) <= 2
    assert _sans_order(content(history[-1])) == _sans_order(content(first))
    if len(history) == 2:
        assert history[0]["changeDescription"]["previousVersion"] == first["version"]
        assert _tells_something(history[0]["changeDescription"])
        assert not same(content(history[0]), content(first))
    else:
        assert _sans_order(content(history[0])) == _sans_order(content(first))
