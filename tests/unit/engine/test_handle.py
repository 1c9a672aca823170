"""The way of a call through the engine: what is asked first, what is written down, what is remembered."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from mockserver.behaviours.context import Context
from mockserver.engine.handle import Engine, Plan
from mockserver.engine.tokens import claims_for
from mockserver.exchange import Call, Problem, Reply
from mockserver.world.faults import Fault
from mockserver.world.journal import Entry
from mockserver.world.root import Root
from mockserver.world.transaction import Transaction
from mockserver.world.world import World
from tests.support import tokens
from tests.support.engines import Caller, contract_of, engine_of

Json = Any
TABLE = "/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3"
ADMIN = "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"


def latest(caller: Caller) -> Entry:
    return list(caller.world.journal)[-1]


def test_every_call_is_written_down_with_operation_and_user() -> None:
    caller = Caller()
    reply = caller.reply("PUT", f"{TABLE}/followers", ADMIN, "consumer")
    entry = latest(caller)
    assert (entry.operation, entry.principal, entry.reason) == ("addTableFollower", "consumer", None)
    assert entry.reply is reply


def test_a_refusal_is_written_down_with_its_reason() -> None:
    caller = Caller()
    caller.reply("PUT", f"{TABLE}/vote", {"updatedVoteType": "maybe"})
    reason = latest(caller).reason
    assert reason is not None
    assert [violation.where for violation in reason.violations] == ["body /updatedVoteType"]


def test_a_call_to_nowhere_is_written_down_too() -> None:
    caller = Caller()
    caller.reply("GET", "/nothing", user=None)
    assert (latest(caller).operation, latest(caller).principal, latest(caller).reply.status) == (None, None, 404)


def test_a_method_that_nobody_knows_is_not_allowed_either() -> None:
    reply = Caller().reply("BREW", "/tables")
    assert (reply.status, dict(reply.headers)["Allow"]) == (405, "GET, HEAD, OPTIONS, POST, PUT")


def test_an_answer_is_remembered_until_something_changes() -> None:
    caller = Caller()
    first = caller.reply("GET", TABLE)
    assert caller.reply("GET", TABLE) is first
    caller.ask("PUT", f"{TABLE}/followers", ADMIN)
    assert caller.reply("GET", TABLE) is not first


def test_a_write_that_changes_nothing_is_remembered_as_a_read_is() -> None:
    caller = Caller()
    caller.ask("PUT", f"{TABLE}/followers", ADMIN)
    again = caller.reply("PUT", f"{TABLE}/followers", ADMIN)
    assert caller.reply("PUT", f"{TABLE}/followers", ADMIN) is again
    caller.ask("DELETE", f"{TABLE}/followers/{ADMIN}")
    assert caller.reply("PUT", f"{TABLE}/followers", ADMIN) is not again
    assert len(caller.ask("GET", f"{TABLE}?fields=followers")["followers"]) == 1


@pytest.mark.parametrize("other", [{"content-type": "text/plain"}, {"accept": "text/html"}, {"user": "guest"}], ids=str)
def test_a_remembered_write_is_only_for_who_asks_alike(other: dict[str, Any]) -> None:
    caller = Caller()
    for _ in range(3):
        caller.ask("PUT", f"{TABLE}/followers", ADMIN)
    assert caller.reply("PUT", f"{TABLE}/followers", ADMIN, **other).status in (403, 406, 415)
    assert caller.reply("PUT", f"{TABLE}/followers", "nobody").status >= 400


def test_an_answer_that_tells_the_time_is_not_remembered() -> None:
    caller = Caller("server-2.0")
    events = [caller.ask("PUT", f"{TABLE}/vote", {"updatedVoteType": "votedUp"}) for _ in range(3)]
    assert len({event["id"] for event in events}) == 3


def test_a_token_that_was_good_expires_all_the_same() -> None:
    caller = Caller()
    now = caller.world.root.clock.now()
    token = tokens.signer().issue(claims_for({"name": "admin"}, now / 1000, lifetime=60))
    header = {"authorization": f"Bearer {token}"}
    assert caller.reply("GET", TABLE, user=None, **header).status == 200
    caller.world.set_clock(caller.world.root.clock.advance(59_000))
    assert caller.reply("GET", TABLE, user=None, **header).status == 200
    caller.world.set_clock(caller.world.root.clock.advance(1_000))
    assert caller.reply("GET", TABLE, user=None, **header).status == 401


@pytest.mark.parametrize(
    "change",
    [
        {"user": "guest"},
        {"path": f"{TABLE}?fields=votes"},
        {"method": "HEAD"},
        {"accept": "application/*"},
    ],
)
def test_a_remembered_answer_is_given_to_the_same_question_only(change: dict[str, str]) -> None:
    caller = Caller()
    question: dict[str, Json] = {"method": "GET", "path": TABLE, "user": "admin", **change}
    first = caller.reply("GET", TABLE)
    assert caller.reply(**question) is not first


def test_an_answer_names_the_address_that_was_called() -> None:
    caller = Caller()
    engine = Engine(caller.engine.contract, caller.engine.dialect, None)
    for origin in ("http://localhost:8585", "https://127.0.0.1:9"):
        reply = engine.handle(Call("GET", f"/api/v1{TABLE}", origin=origin), caller.world)
        assert orjson.loads(reply.body)["href"] == f"{origin}/api/v1{TABLE}"


def test_a_remembered_answer_does_not_outlive_the_token() -> None:
    caller = Caller()
    assert caller.reply("GET", TABLE).status == 200
    assert caller.reply("GET", TABLE, user=None).status == 401


def test_without_tokens_everybody_is_the_administrator() -> None:
    caller = Caller()
    engine = Engine(caller.engine.contract, caller.engine.dialect, None)
    reply = engine.handle(Call("GET", "/api/v1/users/loggedInUser"), caller.world)
    assert orjson.loads(reply.body)["name"] == "admin"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_schemes_spelling_does_not_matter(scheme: str) -> None:
    caller = Caller()
    token = caller.engine.tokens
    assert token is not None
    header = f"{scheme}  {token.issue({'sub': 'consumer'})} "
    reply = caller.reply("GET", "/users/loggedInUser", user=None, authorization=header)
    assert orjson.loads(reply.body)["name"] == "consumer"


def test_a_fault_comes_before_the_token_is_looked_at() -> None:
    caller = Caller()
    caller.world.add_fault(
        Fault(0, operation="getTable", status=503, message="down", latency=0.5, drop=True, remaining=1)
    )
    reply = caller.reply("GET", TABLE, user=None)
    assert (reply.status, reply.delay, reply.drop) == (503, 0.5, True)
    assert orjson.loads(reply.body) == {"code": 503, "errorType": "SERVICE_UNAVAILABLE", "message": "down"}
    assert caller.reply("GET", TABLE).status == 200


def test_a_slow_answer_is_the_right_one_and_its_delay_is_not_remembered() -> None:
    caller = Caller()
    caller.world.add_fault(Fault(0, latency=0.25, remaining=1))
    slow, quick = caller.reply("GET", TABLE), caller.reply("GET", TABLE)
    assert (slow.delay, quick.delay) == (0.25, 0.0)
    assert slow.body == quick.body


def test_a_write_that_a_fault_refuses_is_not_done() -> None:
    caller = Caller()
    caller.world.add_fault(Fault(0, operation="*", status=500))
    before = caller.world.root
    caller.reply("PUT", f"{TABLE}/followers", ADMIN)
    assert caller.world.root is before


def test_a_crash_leaves_the_world_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    caller = Caller()
    caller.ask("GET", TABLE)
    before = caller.world.root
    engine = Engine(caller.engine.contract, caller.engine.dialect, None)
    call = Call("PUT", f"/api/v1{TABLE}/followers", "", {}, orjson.dumps(ADMIN))

    def crash(context: Context) -> Json:
        context.world.link("a", "followers", "b")
        raise ZeroDivisionError

    operation = engine.router.match("PUT", call.path)[0]
    plan = Plan(engine.contract, operation)
    plan.run = crash
    monkeypatch.setitem(engine._plans, operation.id, plan)
    with pytest.raises(ZeroDivisionError):
        engine.handle(call, caller.world)
    assert caller.world.root is before


@pytest.mark.parametrize(
    ("profile", "body"),
    [
        ("docs", {"code": 418, "errorType": "418", "message": "short and stout"}),
        ("server-2.0", {"code": 418, "message": "short and stout"}),
    ],
)
def test_a_problem_has_the_shape_that_the_contract_gives_it(profile: str, body: Json) -> None:
    reply = engine_of(profile).refuse(Problem(418, "short and stout", headers=(("Pot", "tea"),)))
    assert (reply.status, orjson.loads(reply.body), reply.headers) == (418, body, (("Pot", "tea"),))


def test_a_refusal_of_a_kind_brings_the_headers_of_its_kind() -> None:
    assert engine_of("docs").refuse(Problem(404, "no")).headers == (("WWW-Authenticate", "om-auth"),)


def test_the_first_example_answers_an_operation_without_behaviour() -> None:
    reply = Caller().reply("GET", "/system/version", user=None)
    assert reply == Reply(200, reply.body, "application/json", ())
    assert orjson.loads(reply.body)["version"] == "2.0.7"


@pytest.mark.parametrize(
    ("call", "id"),
    [
        (f"PUT {TABLE}/followers", "addTableFollower"),
        (f"DELETE {TABLE}/followers/{ADMIN}", "removeTableFollower"),
        (f"PUT {TABLE}/vote", "voteTable"),
        (f"GET /teams/{ADMIN}/versions", "listTeamVersions"),
        (f"GET /teams/{ADMIN}/versions/0.1", "getTeamVersion"),
    ],
)
def test_the_documented_calls_have_their_operation_ids(call: str, id: str) -> None:
    method, path = call.split()
    for profile in ("docs", "server-2.0"):
        assert engine_of(profile).router.match(method, f"/api/v1{path}")[0].id == id


def test_every_operation_of_both_profiles_can_be_planned() -> None:
    for profile in ("docs", "server-2.0"):
        contract = contract_of(profile)
        assert all(Plan(contract, operation) for operation in contract.operations)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/users/loggedInUser", None, 404),
        ("PUT", f"{TABLE}/vote", {"updatedVoteType": "votedUp"}, 404),
        ("GET", "/tables", None, 200),
    ],
)
def test_a_world_without_records_has_an_administrator_who_is_none(
    method: str, path: str, body: Json, status: int
) -> None:
    engine, world = Engine(contract_of("docs"), engine_of("docs").dialect, None), World(Root())
    call = Call(method, f"/api/v1{path}", body=b"" if body is None else orjson.dumps(body))
    assert engine.handle(call, world).status == status


def test_who_is_no_user_cannot_vote() -> None:
    caller = Caller()
    without = Transaction(caller.world.root)
    admin = without.record(ADMIN)
    assert admin is not None
    without.remove(admin, "admin")
    engine = Engine(caller.engine.contract, caller.engine.dialect, None)
    call = Call("PUT", f"/api/v1{TABLE}/vote", body=b'{"updatedVoteType": "votedUp"}')
    reply = engine.handle(call, World(without.commit()))
    assert (reply.status, b"cannot vote" in reply.body) == (403, True)
