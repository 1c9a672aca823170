"""Tokens that tests ask for, valid and expired by the world's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mockserver.testing import MockServer
from tests.unit.testing.catalogue import only_here

LONG_AGO = datetime(2001, 2, 3, tzinfo=UTC)


def test_a_token_never_expires_unless_it_is_asked_to(mockserver: MockServer) -> None:
    token = mockserver.token()
    mockserver.clock.advance(days=50_000)

    assert answer(mockserver, token) == "admin"


def test_an_expired_token_is_refused(mockserver: MockServer) -> None:
    assert answer(mockserver, mockserver.token(expired=True)) == "Expired token!"


@pytest.mark.parametrize("moved", [timedelta(0), timedelta(days=400), timedelta(days=-400)])
def test_a_lifetime_is_counted_by_the_worlds_clock(mockserver: MockServer, moved: timedelta) -> None:
    mockserver.clock.advance(moved)
    token = mockserver.token("consumer", lifetime=60)
    assert answer(mockserver, token) == "consumer"

    mockserver.clock.advance(seconds=61)

    assert answer(mockserver, token) == "Expired token!"


def test_a_token_can_be_expired_when_the_clock_stands_in_the_past(mockserver: MockServer) -> None:
    mockserver.clock.freeze(LONG_AGO)

    assert answer(mockserver, mockserver.token(lifetime=60)) == "admin"
    assert answer(mockserver, mockserver.token(expired=True)) == "Expired token!"


def test_a_token_is_not_both_expired_and_alive(mockserver: MockServer) -> None:
    with pytest.raises(ValueError, match="either expired or has a lifetime"):
        mockserver.token(expired=True, lifetime=60)


@pytest.mark.parametrize("lifetime", [0, -1.5])
def test_a_lifetime_without_length_is_refused(mockserver: MockServer, lifetime: float) -> None:
    with pytest.raises(ValueError, match=rf"lifetime={lifetime} is over at once; expired=True says so"):
        mockserver.token(lifetime=lifetime)


@only_here
@pytest.mark.mockserver(auth=False)
def test_without_authentication_no_token_is_sent_or_looked_at(mockserver: MockServer) -> None:
    assert "authorization" not in mockserver.client.headers
    assert answer(mockserver, "nonsense") == "admin"


def answer(mockserver: MockServer, token: str) -> str:
    """The name of the user that a token is taken for, or why it is not taken."""
    body = mockserver.client.get("/v1/users/loggedInUser", headers={"Authorization": f"Bearer {token}"}).json()
    return str(body.get("name", body.get("message")))
