"""What of bodies is left out."""

from __future__ import annotations

import pytest

from mockserver.contract.model import Operation
from mockserver.engine.secrecy import secrecy_of
from mockserver.exchange import Call, Reply
from tests.support.contracts import operation


def unlogged(members: object) -> Operation:
    _, made = operation([])
    return Operation(made.id, made.method, made.path, {**made.document, "x-unlogged": members})


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b'{"password":"abc","email":"a"}', '{"password":"…","email":"a"}'),
        (b'{"user": {"password" : "a\\"b\\\\"}, "x": 1}', '{"user": {"password" : "…"}, "x": 1}'),
        (b'[{"token": "t"}, {"token": "u"}]', '[{"token": "…"}, {"token": "…"}]'),
        (b' {"password": "cut of', ' {"password": "…"'),
        (b'{"password": null, "passwords": "p"}', '{"password": null, "passwords": "p"}'),
        (b"password=abc", "…"),
        (b"", ""),
    ],
)
def test_members_are_left_out_wherever_they_stand(body: bytes, kept: str) -> None:
    secrecy = secrecy_of(unlogged(["password", "token"]))
    assert secrecy is not None
    assert secrecy.of_call(Call("PUT", "/", body=body)).body.decode() == kept
    assert secrecy.of_reply(Reply(200, body)).body.decode() == kept


def test_whole_bodies_are_left_out_where_all_of_them_is_secret() -> None:
    secrecy = secrecy_of(unlogged(True))
    assert secrecy is not None
    assert secrecy.of_reply(Reply(200, b'{"a": 1}')).body.decode() == "…"


def test_most_operations_keep_no_secret() -> None:
    assert secrecy_of(operation([])[1]) is None
