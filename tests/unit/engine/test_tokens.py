"""Bearer tokens: the good one is taken, and each bad one is told what is wrong with it."""

from __future__ import annotations

import hmac
import time
from base64 import urlsafe_b64encode

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mockserver.engine import tokens as tokens_module
from mockserver.engine.tokens import Tokens, claims_for
from mockserver.exchange import Problem
from tests.support import tokens

NOW = 1_800_000_000.0


def base64(part: bytes) -> bytes:
    return urlsafe_b64encode(part).rstrip(b"=")


def refusal(token: str, now: float = NOW) -> str:
    with pytest.raises(Problem) as caught:
        Tokens(tokens.key("server")).verify(token, now)
    assert caught.value.status == 401
    return caught.value.message


@pytest.mark.parametrize("known", [True, False])
def test_a_good_token_is_taken_by_whoever_has_the_key(known: bool) -> None:
    signer = Tokens(tokens.key("server"))
    token = signer.issue(claims_for({"name": "ann", "email": "ann@example.com"}))
    verifier = signer if known else Tokens(tokens.key("server"))
    assert verifier.verify(token, NOW)["sub"] == "ann"


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("nonsense", "Not Authorized! Invalid token."),
        ("a.b.c", "Not Authorized! Invalid token."),
        ("..", "Not Authorized! Invalid token."),
        ("é.é.é", "Not Authorized! Invalid token."),
        ("x" * 10_000, "Not Authorized! Invalid token."),
    ],
)
def test_what_is_no_token_is_refused(token: str, message: str) -> None:
    assert refusal(token).startswith(message)


def test_a_token_of_another_key_is_refused() -> None:
    assert "Public key mismatch" in refusal(tokens.forged("admin"))
    assert "Public key mismatch" in refusal(tokens.tampered("admin"))


@pytest.mark.parametrize("kind", ["unsigned", "symmetric"])
def test_another_way_of_signing_is_refused(kind: str) -> None:
    assert refusal(getattr(tokens, kind)("admin")) == "Not Authorized! Invalid token. Only RS256 is taken."


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused() -> None:
    public = jwt.PyJWK(tokens.signer().key_set()["keys"][0]).key
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    # The library refuses to sign like this, so the token is put together by hand.
    head, claims = base64(b'{"alg":"HS256"}'), base64(b'{"sub":"admin"}')
    mac = base64(hmac.new(pem, head + b"." + claims, "sha256").digest())
    assert refusal(b".".join((head, claims, mac)).decode()) == "Not Authorized! Invalid token. Only RS256 is taken."


def test_an_expired_token_is_told_so_before_its_signature_is_looked_at() -> None:
    assert refusal(tokens.expired("admin"), time.time()) == "Expired token!"
    assert refusal(tokens.expired_and_forged("admin"), time.time()) == "Expired token!"


def test_a_token_expires_while_it_is_known() -> None:
    signer = Tokens(tokens.key("server"))
    token = signer.issue(claims_for({"name": "ann"}, NOW, lifetime=60))
    assert signer.verify(token, NOW + 59)
    with pytest.raises(Problem, match="Expired token!"):
        signer.verify(token, NOW + 60)
    assert signer.verify(token, NOW)


@pytest.mark.parametrize("expiry", ["tomorrow", [1], {"a": 1}])
def test_an_expiry_that_is_no_number_is_refused(expiry: object) -> None:
    token = jwt.encode({"sub": "ann", "exp": 1}, tokens.key("server"), algorithm="RS256")
    odd = tokens.signer().issue({**jwt.decode(token, options={"verify_signature": False}), "exp": expiry})
    assert "Not Authorized! Invalid token." in refusal(odd)


def test_a_token_for_ever_is_the_same_text_every_time() -> None:
    user = {"name": "ingestion-bot", "isBot": True}
    assert tokens.signer().issue(claims_for(user)) == tokens.signer().issue(claims_for(user))
    assert claims_for(user)["tokenType"] == "BOT"
    assert claims_for({"name": "ann"})["tokenType"] == "OM_USER"


def test_the_known_tokens_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens_module, "KNOWN_TOKENS", 2)
    verifier = Tokens(tokens.key("server"))
    for name in ("ann", "bob", "cid", "ann"):
        assert verifier.verify(tokens.good(name), NOW)["sub"] == name
        assert len(verifier._claims) <= 2


def test_the_key_set_verifies_what_the_key_signs() -> None:
    token = tokens.good("ann")
    (shown,) = tokens.signer().key_set()["keys"]
    assert jwt.get_unverified_header(token)["kid"] == shown["kid"]
    assert "d" not in shown
    assert jwt.decode(token, jwt.PyJWK(shown).key, algorithms=["RS256"])["sub"] == "ann"
