"""Shows that a conversation fails where an answer is not the one expected, or not one that the contract promises."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.conversations.conversation import Conversation, Exchange, conversations
from tests.conversations.test_conversations import hold
from tests.conversations.transport import Answer, InProcess, Request

Json = Any
GOOD: dict[str, Json] = {
    "call": "GET /v1/teams/$accounting",
    "status": 200,
    "answer": {"name": "Accounting", "teamType": "Group"},
    "absent": ("/email",),
    "never": ({"name": "Sales"},),
    "told": {"Content-Type": "application/json", "X-Other": None},
}


class Altered(InProcess):
    """A server whose answers come altered."""

    def __init__(self, **changes: Json) -> None:
        super().__init__("docs")
        self._changes = changes

    def send(self, request: Request) -> Answer:
        return replace(super().send(request), **self._changes)


def conversation(**changes: Json) -> Conversation:
    written = {**GOOD, **changes}
    exchange = Exchange(**{"place": "here:1", **written, "expects": frozenset(written)})
    return Conversation("A test", "docs", (exchange,))


def test_a_conversation_that_goes_as_written_passes() -> None:
    hold(conversation(), InProcess("docs"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": 201}, "expected status 201"),
        ({"answer": {"name": "Sales"}}, 'at $.name: expected "Sales", found "Accounting"'),
        ({"exactly": {}}, "expected exactly {}"),
        ({"absent": ("/name",)}, "expected nothing at /name"),
        ({"never": ({"version": 0.2},)}, "expected anything but {'version': 0.2}"),
        ({"told": {"Allow": "GET"}}, "expected header Allow: GET"),
        ({"told": {"Content-Type": None}}, "expected header Content-Type: None"),
        ({"says": ("sorry",)}, "expected the message to say 'sorry'"),
    ],
)
def test_an_unexpected_answer_fails_with_its_place_and_reason(changes: Json, reason: str) -> None:
    with pytest.raises(pytest.fail.Exception) as caught:
        hold(conversation(**changes), InProcess("docs"))
    assert str(caught.value).startswith("here:1: GET /api/v1/teams/449b5f25-4cbb-42db-8f71-3be2c5cd888a")
    assert f"\n- {reason}" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": 418}, "getTeam declares no answer 418"),
        ({"body": b'{"name": "Accounting", "teamType": "Group"}'}, '- body /: "id" is a required property'),
        ({"body": b'{"name": "Accounting", "teamType": "Choir"}'}, '- body /teamType: "Choir" is not one of'),
        ({"headers": {"content-type": "text/plain"}}, "- content type 'text/plain' is not declared"),
    ],
)
def test_an_answer_that_the_contract_does_not_promise_fails(changes: Json, reason: str) -> None:
    with pytest.raises(pytest.fail.Exception) as caught:
        hold(conversation(), Altered(**changes))
    assert reason in str(caught.value)


def test_a_promised_header_that_is_missing_or_wrong_fails() -> None:
    create = conversation(
        call="POST /v1/teams", body={"name": "New", "teamType": "Group"}, status=201, answer={}, told={}, absent=()
    )
    for headers, reason in (({}, "the header Location is missing"), ({"location": "not a\nURL"}, "header Location: ")):
        with pytest.raises(pytest.fail.Exception) as caught:
            hold(create, Altered(headers={"content-type": "application/json", **headers}))
        assert reason in str(caught.value)


def test_no_two_conversations_have_one_title() -> None:
    held = [str(each) for each in conversations()]
    assert len(held) == len(set(held))


def test_a_name_that_nobody_keeps_is_an_error() -> None:
    with pytest.raises(KeyError, match="nothing_of_the_kind"):
        hold(conversation(call="GET /v1/teams/$nothing_of_the_kind"), InProcess("docs"))


def test_an_address_that_no_line_can_hold_is_an_error_in_the_process_too() -> None:
    with pytest.raises(pytest.fail.Exception, match="no line of HTTP holds '/v1/teams/name/Two words'"):
        hold(conversation(call="GET /v1/teams/name/Two words"), InProcess("docs"))
