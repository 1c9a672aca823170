"""Webhooks leave by real sockets: signed, in order, again when they fail, and nowhere else than to this machine."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import pytest

from mockserver.testing import MockServer
from tests.conversations.known import KNOWN
from tests.support.receiver import Receiver
from tests.support.receiver import receiver as receiving

Json = Any
SUBSCRIPTIONS = "/v1/events/subscriptions"
TABLE = f"/v1/tables/{KNOWN['fact_sale']}"
SECRET = "a word between us"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def subscribe(mock: MockServer, *configs: dict[str, Json], name: str = "Changes", **more: Json) -> dict[str, Json]:
    destinations = [{"category": "External", "type": "Webhook", "config": config} for config in configs]
    body = {"name": name, "alertType": "Notification", "resources": ["table"], "destinations": destinations, **more}
    answer = mock.client.post(SUBSCRIPTIONS, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Json] = answer.json()
    return made


def describe(mock: MockServer, *words: str) -> None:
    """Changes the table, once for each word."""
    for word in words:
        patch = [{"op": "add", "path": "/description", "value": word}]
        headers = {"Content-Type": "application/json-patch+json"}
        assert mock.client.patch(TABLE, json=patch, headers=headers).status_code == 200


def told(receiver: Receiver) -> list[str]:
    """The words that arrived, in order."""
    return [event["changeDescription"]["fieldsUpdated"][0]["newValue"] for event in receiver.events]


def test_a_change_is_posted_as_it_is_listed_and_signed(mockserver: MockServer, receiver: Receiver) -> None:
    subscribe(mockserver, {"endpoint": receiver.url, "secretKey": SECRET, "headers": {"X-Team": "data"}})
    describe(mockserver, "Sales.")
    (delivery,) = mockserver.deliveries("Changes")
    (posted,) = receiver.posted
    listed = mockserver.client.get("/v1/events", params={"entityId": KNOWN["fact_sale"]}).json()["data"]
    assert (delivery.state, delivery.statuses, delivery.reason) == ("delivered", [200], None)
    assert [posted.event] == listed
    digest = hmac.new(SECRET.encode(), posted.body, hashlib.sha256).hexdigest()
    assert posted.headers["X-OM-Signature"] == delivery.signature == f"sha256={digest}"
    assert (posted.headers["X-Team"], posted.headers["Content-Type"]) == ("data", "application/json")


def test_a_bearer_secret_signs_too_and_without_a_secret_nothing_is_signed(
    mockserver: MockServer, receiver: Receiver
) -> None:
    bearer = {"endpoint": receiver.url, "authType": {"type": "bearer", "secretKey": SECRET}}
    subscribe(mockserver, bearer, {"endpoint": f"{receiver.url}/open", "queryParams": {"by": "mock"}})
    describe(mockserver, "Sales.")
    signed, unsigned = mockserver.deliveries()
    assert signed.signature is not None
    assert unsigned.signature is None
    assert {each.path for each in receiver.posted} == {"/hook", "/hook/open?by=mock"}


def test_what_fails_twice_is_delivered_the_third_time_and_the_rest_waits_for_it(
    mockserver: MockServer, receiver: Receiver
) -> None:
    mockserver.clock.freeze()
    receiver.answers = [500, 503]
    made = subscribe(mockserver, {"endpoint": receiver.url})
    describe(mockserver, "one", "two")
    assert [each.statuses for each in mockserver.deliveries()] == [[500], []]
    status = mockserver.client.get(f"{SUBSCRIPTIONS}/{made['id']}/status").json()
    assert status["status"] == "awaitingRetry"
    assert status["lastFailedStatusCode"] == 500
    assert status["nextAttempt"] == mockserver.clock.milliseconds + 3000
    mockserver.clock.advance(seconds=2.999)
    assert [each.statuses for each in mockserver.deliveries()] == [[500], []]
    mockserver.clock.advance(seconds=0.001)
    assert [each.statuses for each in mockserver.deliveries()] == [[500, 503], []]
    mockserver.clock.advance(seconds=30)
    assert [each.statuses for each in mockserver.deliveries()] == [[500, 503, 200], [200]]
    assert told(receiver) == ["one", "one", "one", "two"]
    assert mockserver.client.get(f"{SUBSCRIPTIONS}/name/Changes/status").json()["status"] == "active"


def test_when_all_retries_fail_it_is_given_up_and_the_next_one_is_tried(
    mockserver: MockServer, receiver: Receiver
) -> None:
    mockserver.clock.freeze()
    receiver.answers = [404, 404]
    made = subscribe(mockserver, {"endpoint": receiver.url}, retries=1)
    describe(mockserver, "one", "two")
    assert len(mockserver.deliveries(state="waiting")) == 2
    mockserver.clock.advance(minutes=1)
    one, two = mockserver.deliveries()
    assert (one.state, one.statuses, one.reason) == ("failed", [404, 404], "the answer was 404")
    assert two.state == "delivered"
    failed = mockserver.client.get(f"{SUBSCRIPTIONS}/id/{made['id']}/failedEvents").json()
    assert [(each["source"], each["reason"]) for each in failed] == [("SUBSCRIBER", "the answer was 404")]
    record = mockserver.client.get(f"{SUBSCRIPTIONS}/id/{made['id']}/eventsRecord").json()
    expected = {"totalEventsCount": 2, "pendingEventsCount": 0, "successfulEventsCount": 1, "failedEventsCount": 1}
    assert record == expected


def test_a_redirection_is_not_followed_and_not_tried_again(mockserver: MockServer, receiver: Receiver) -> None:
    receiver.answers = [302]
    made = subscribe(mockserver, {"endpoint": receiver.url})
    describe(mockserver, "Sales.")
    (delivery,) = mockserver.deliveries()
    assert (delivery.state, delivery.statuses) == ("failed", [302])
    assert [each.path for each in receiver.posted] == ["/hook"]
    assert mockserver.client.get(f"{SUBSCRIPTIONS}/{made['id']}/status").json()["status"] == "failed"


def keep_waiting(mock: MockServer, slow: Receiver, *, seconds: int) -> None:
    """Subscribes one who never answers the first word, and is waited for so long."""
    slow.answers = [None]
    destination = {"category": "External", "type": "Webhook", "readTimeout": seconds, "config": {"endpoint": slow.url}}
    subscription = {"name": "Slow", "alertType": "Notification", "resources": ["table"], "destinations": [destination]}
    assert mock.client.post(SUBSCRIPTIONS, json=subscription).status_code == 201


def test_who_is_slow_keeps_nobody_waiting(mockserver: MockServer, receiver: Receiver) -> None:
    with receiving() as slow:
        keep_waiting(mockserver, slow, seconds=300)
        subscribe(mockserver, {"endpoint": receiver.url}, name="Quick")
        describe(mockserver, "one")
        assert [each.state for each in mockserver.deliveries("Quick", timeout=60)] == ["delivered"]
        assert [each.state for each in mockserver.deliveries("Slow", timeout=0)] == ["sending"]


def test_who_is_slow_is_given_up_in_time(mockserver: MockServer, receiver: Receiver) -> None:
    keep_waiting(mockserver, receiver, seconds=1)
    describe(mockserver, "one", "two")
    first, second = mockserver.deliveries("Slow", timeout=60)
    assert (first.state, first.statuses, first.reason) == ("waiting", [None], "no answer within 1 seconds")
    assert (second.state, second.statuses) == ("waiting", [])


def test_where_nobody_listens_is_told(mockserver: MockServer) -> None:
    with receiving() as gone:
        url = gone.url
    subscribe(mockserver, {"endpoint": url})
    describe(mockserver, "Sales.")
    (delivery,) = mockserver.deliveries()
    assert (delivery.state, delivery.statuses) == ("waiting", [None])
    assert str(delivery.reason).startswith("no connection: ")


@pytest.mark.parametrize("host", ["hooks.example.org", "10.1.2.3", "localhost.example.org", "[2001:db8::1]"])
def test_nothing_is_sent_to_other_machines(mockserver: MockServer, host: str) -> None:
    made = subscribe(mockserver, {"endpoint": f"http://{host}/hook"})
    describe(mockserver, "Sales.")
    (delivery,) = mockserver.deliveries()
    assert (delivery.state, delivery.attempts) == ("refused", ())
    assert f"start the server with --deliver-to {host.strip('[]')} to send there" in str(delivery.reason)
    status = mockserver.client.get(f"{SUBSCRIPTIONS}/{made['id']}/status").json()
    assert (status["status"], status["lastFailedReason"]) == ("failed", delivery.reason)


def test_a_header_that_cannot_be_sent_is_said(mockserver: MockServer, receiver: Receiver) -> None:
    subscribe(mockserver, {"endpoint": receiver.url, "headers": {"X-A": "b\r\nX-C: d"}}, retries=0)
    describe(mockserver, "Sales.")
    (delivery,) = mockserver.deliveries()
    assert (delivery.state, delivery.reason) == ("failed", "the header 'X-A' cannot be sent")
    assert receiver.posted == []


def test_a_reset_drops_what_was_not_sent(mockserver: MockServer, receiver: Receiver) -> None:
    mockserver.clock.freeze()
    receiver.answers = [500]
    subscribe(mockserver, {"endpoint": receiver.url})
    describe(mockserver, "one", "two")
    assert len(mockserver.deliveries()) == 2
    mockserver.reset()
    mockserver.clock.advance(days=2)
    assert mockserver.deliveries() == []
    assert told(receiver) == ["one"]


def test_a_fork_sends_nothing_of_what_its_origin_has_to_send(mockserver: MockServer, receiver: Receiver) -> None:
    mockserver.clock.freeze()
    receiver.answers = [500]
    subscribe(mockserver, {"endpoint": receiver.url})
    describe(mockserver, "one")
    assert len(mockserver.deliveries()) == 1
    fork = mockserver.fork()
    fork.clock.advance(minutes=1)
    assert fork.deliveries() == []
    describe(fork, "two")
    assert [each.state for each in fork.deliveries()] == ["delivered"]
    assert told(receiver) == ["one", "two"]
    assert [each.statuses for each in mockserver.deliveries()] == [[500]]


def test_going_back_to_a_snapshot_sends_nothing_twice(mockserver: MockServer, receiver: Receiver) -> None:
    mockserver.clock.freeze()
    receiver.answers = [500]
    subscribe(mockserver, {"endpoint": receiver.url})
    describe(mockserver, "one")
    assert len(mockserver.deliveries(state="waiting")) == 1
    before = mockserver.snapshot()
    mockserver.clock.advance(seconds=3)
    assert len(mockserver.deliveries(state="delivered")) == 1
    describe(mockserver, "two")
    assert len(mockserver.deliveries(state="delivered")) == 2
    before.restore()
    mockserver.clock.advance(days=2)
    assert [each.state for each in mockserver.deliveries()] == ["delivered", "delivered"]
    assert told(receiver) == ["one", "one", "two"]


def test_disabling_and_deleting_a_subscription_ends_what_waits(mockserver: MockServer, receiver: Receiver) -> None:
    mockserver.clock.freeze()
    receiver.answers = [500, 500]
    made = subscribe(mockserver, {"endpoint": receiver.url})
    subscribe(mockserver, {"endpoint": receiver.url}, name="Other")
    describe(mockserver, "one")
    assert len(mockserver.deliveries(state="waiting")) == 2
    headers = {"Content-Type": "application/json-patch+json"}
    off = [{"op": "replace", "path": "/enabled", "value": False}]
    assert mockserver.client.patch(f"{SUBSCRIPTIONS}/{made['id']}", json=off, headers=headers).status_code == 200
    assert mockserver.client.delete(f"{SUBSCRIPTIONS}/name/Other").status_code == 200
    describe(mockserver, "two")
    mockserver.clock.advance(days=2)
    reasons = [(each.state, each.reason) for each in mockserver.deliveries()]
    expected = ("the subscription was disabled", "the subscription was deleted")
    assert reasons == [("cancelled", reason) for reason in expected]
    assert told(receiver) == ["one", "one"]


def test_followers_and_owners_are_those_of_the_moment(mockserver: MockServer, receiver: Receiver) -> None:
    followers = f"/v1/tables/{KNOWN['fact_sale']}/followers"
    subscribe(mockserver, {"endpoint": receiver.url, "sendToFollowers": True}, name="Following")
    subscribe(mockserver, {"endpoint": receiver.url, "sendToOwners": True}, name="Owning")
    before = {"follower admin", "follower priya_raman8"}
    describe(mockserver, "one")
    assert mockserver.client.delete(f"{followers}/{KNOWN['admin']}").status_code == 200
    describe(mockserver, "two")
    one, _, two = mockserver.deliveries("Following")
    assert (set(one.recipients), set(two.recipients)) == (before, {"follower priya_raman8"})
    owning = mockserver.deliveries("Owning")
    assert set(owning[0].recipients) == {"owner aaron_johnson0", "owner andrew_jennings3"}


def test_who_names_a_hook_in_a_profile_is_told_there(mockserver: MockServer, receiver: Receiver) -> None:
    profile = {"subscription": {"generic": {"endpoint": f"{receiver.url}/priya"}}}
    patch = [{"op": "add", "path": "/profile", "value": profile}]
    headers = {"Content-Type": "application/json-patch+json"}
    assert mockserver.client.patch(f"/v1/users/{KNOWN['priya']}", json=patch, headers=headers).status_code == 200
    to_followers = [{"category": "Followers", "type": "Webhook", "config": {"sendToFollowers": True}}]
    body = {"name": "Followers", "alertType": "Notification", "resources": ["table"], "destinations": to_followers}
    assert mockserver.client.post(SUBSCRIPTIONS, json=body).status_code == 201
    describe(mockserver, "Sales.")
    found = {each.recipients: each for each in mockserver.deliveries()}
    assert found["follower priya_raman8",].state == "delivered"
    assert found["follower admin",].state == "recorded"
    assert "subscription.generic.endpoint" in str(found["follower admin",].reason)
    assert [each.path for each in receiver.posted] == ["/hook/priya"]


def test_a_destination_can_be_tried_without_an_alert(mockserver: MockServer, receiver: Receiver) -> None:
    config = {"endpoint": receiver.url, "secretKey": SECRET}
    body = {"destinations": [{"category": "External", "type": "Webhook", "config": config}]}
    answer = mockserver.client.post(f"{SUBSCRIPTIONS}/testDestination", json=body)
    assert answer.status_code == 200
    assert answer.json()[0]["config"]["secretKey"] == "*********"
    (delivery,) = mockserver.deliveries()
    assert (delivery.state, delivery.event) == ("delivered", receiver.events[0])
    assert set(delivery.event) == {"message"}


def test_what_cannot_be_a_state_is_said(mockserver: MockServer) -> None:
    with pytest.raises(ValueError, match="state='gone' is none of waiting, "):
        mockserver.deliveries(state="gone")
