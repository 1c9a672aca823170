"""Names that a server answers to, and names that it does not."""

from __future__ import annotations

import pytest

from mockserver.http.hosts import Hosts, authority, can_be_allowed

LOOPBACK = [
    "localhost",
    "localhost:8585",
    "LocalHost",
    "127.0.0.1:80",
    "127.8.9.1",
    "[::1]:8585",
    "api.localhost",
    "localhost.",
]
FOREIGN = ["example.org", "10.0.0.7", "localhost.example.org", "127.0.0.1.example.org", "notlocalhost", "[2001:db8::1]"]


@pytest.mark.parametrize("header", LOOPBACK)
def test_loopback_names_are_always_ours(header: str) -> None:
    assert Hosts().admits(header)


@pytest.mark.parametrize("header", FOREIGN)
def test_other_names_are_not(header: str) -> None:
    assert not Hosts().admits(header)


@pytest.mark.parametrize(
    "header",
    ["", "a b", "a/b", "user@localhost", "localhost:", "localhost:x", "[::1", "a,b", "ä", f"{'a' * 245}.localhost"],
)
def test_what_is_no_host_is_an_error(header: str) -> None:
    with pytest.raises(ValueError, match="is no host"):
        Hosts().admits(header)


def test_the_bound_name_is_ours() -> None:
    assert Hosts("mock.internal").admits("MOCK.internal:8585")
    assert Hosts("::1").admits("[::1]")
    assert Hosts("10.0.0.7").admits("10.0.0.7:1")
    assert not Hosts("10.0.0.7").admits("10.0.0.8")


@pytest.mark.parametrize("bound", ["0.0.0.0", "::"])
def test_where_every_address_is_bound_every_number_is_ours_but_no_name(bound: str) -> None:
    assert Hosts(bound).admits("10.0.0.7:8585")
    assert not Hosts(bound).admits("rebound.example.org")


def test_allowed_names_are_ours_by_name_by_ending_or_all() -> None:
    hosts = Hosts(allowed=["mock.example.org", ".example.net"])

    assert hosts.admits("mock.example.org")
    assert hosts.admits("a.b.example.net:8080")
    assert not hosts.admits("example.org")
    assert not hosts.admits("myexample.net")
    assert Hosts(allowed=["*"]).admits("anything.example.com")


@pytest.mark.parametrize("name", ["mock", "a.example.org", ".example.org", "*", "10.0.0.7", "::1", "[::1]"])
def test_a_name_can_be_allowed(name: str) -> None:
    assert can_be_allowed(name)


@pytest.mark.parametrize("name", ["", "http://a", "a/b", "a b", "*.a", "a..b", "a:80"])
def test_what_is_no_name_cannot(name: str) -> None:
    assert not can_be_allowed(name)


def test_an_address_of_six_colons_is_put_in_brackets() -> None:
    assert (authority("::1", 80), authority("127.0.0.1", 80)) == ("[::1]:80", "127.0.0.1:80")
