"""Finding and taking the address to listen on."""

from __future__ import annotations

import socket

import pytest

from mockserver.http.listening import CannotServe, listen, resolve, url_of


def test_port_zero_takes_a_free_one() -> None:
    address = resolve("127.0.0.1", 0)
    with listen(address) as listener:
        assert url_of(address, listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_taken_port_is_named_with_a_way_out() -> None:
    with listen(resolve("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotServe, match=f"127.0.0.1:{port} is taken.*--port 0"):
            listen(resolve("127.0.0.1", port))


def test_a_name_without_an_address_is_named() -> None:
    with pytest.raises(CannotServe, match=r"--host nowhere\.invalid"):
        resolve("nowhere.invalid", 0)


def test_a_name_that_is_none_is_named() -> None:
    with pytest.raises(CannotServe, match="--host"):
        resolve("a" * 300, 0)


def test_an_address_of_another_machine_is_named() -> None:
    with pytest.raises(CannotServe, match=r"192\.0\.2\.1 is no address of this machine"):
        listen(resolve("192.0.2.1", 0))


@pytest.mark.parametrize(("host", "loopback"), [("127.0.0.1", True), ("localhost", True), ("0.0.0.0", False)])
def test_it_is_known_who_can_reach_an_address(host: str, loopback: bool) -> None:
    assert resolve(host, 0).loopback is loopback


def test_where_every_address_is_bound_the_url_is_one_that_works_here() -> None:
    address = resolve("0.0.0.0", 0)
    with listen(address) as listener:
        assert url_of(address, listener).startswith("http://localhost:")


def test_a_local_name_means_the_older_protocol_first() -> None:
    assert resolve("localhost", 0).family == socket.AF_INET
