"""Tokens that are kept beside the key."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import jwt
import orjson
import pytest

from mockserver.engine.tokens import Tokens
from mockserver.exchange import Problem
from mockserver.http.keys import KEY_FILE
from mockserver.http.wallet import TOKEN_FILE, Wallet
from tests.support import tokens

CLAIMS = {"sub": "admin"}
LIGHT = """
import sys
from pathlib import Path
from mockserver.http.wallet import Wallet
wallet = Wallet(folder=Path(sys.argv[1]))
token = wallet.token({"sub": "admin"})
assert wallet.signer.verify(token, 0)["sub"] == "admin"
print(token, *sorted(sys.modules.keys() & {"jwt", "cryptography"}))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / KEY_FILE).write_bytes(tokens.key("server"))
    return tmp_path


def test_a_token_is_the_same_every_time(folder: Path) -> None:
    assert Wallet(folder=folder).token(CLAIMS) == Wallet(folder=folder).token(CLAIMS)


def test_a_kept_token_is_what_the_key_would_sign(folder: Path) -> None:
    Wallet(folder=folder).token(CLAIMS)

    assert Wallet(folder=folder).token(CLAIMS) == Tokens(tokens.key("server")).issue(CLAIMS)


def test_a_kept_token_is_known_without_loading_what_signs(folder: Path) -> None:
    token = Wallet(folder=folder).token(CLAIMS)

    run = subprocess.run([sys.executable, "-c", LIGHT, str(folder)], capture_output=True, text=True, check=True)

    assert run.stdout.split() == [token]


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"tokens": {}}', b'{"tokens": {}, "seal": 5}', b'{"seal": "x"}']
)
def test_damaged_tokens_are_signed_anew(folder: Path, damage: bytes) -> None:
    token = Wallet(folder=folder).token(CLAIMS)
    (folder / TOKEN_FILE).write_bytes(damage)

    assert Wallet(folder=folder).token(CLAIMS) == token
    assert token.encode() in (folder / TOKEN_FILE).read_bytes()


def test_a_token_that_somebody_put_there_is_not_taken(folder: Path) -> None:
    wallet = Wallet(folder=folder)
    wallet.token(CLAIMS)
    planted = jwt.encode({"sub": "admin"}, "", algorithm="none")
    kept = orjson.loads((folder / TOKEN_FILE).read_bytes())
    kept["tokens"] = dict.fromkeys(kept["tokens"], planted)
    (folder / TOKEN_FILE).write_bytes(orjson.dumps(kept))

    token = Wallet(folder=folder).token(CLAIMS)

    assert token != planted
    with pytest.raises(Problem):
        Wallet(folder=folder).signer.verify(planted, 0)


def test_tokens_of_another_key_are_not_taken(folder: Path) -> None:
    old = Wallet(folder=folder).token(CLAIMS)
    (folder / KEY_FILE).write_bytes(tokens.key("stranger"))

    new = Wallet(folder=folder)

    assert new.token(CLAIMS) != old
    with pytest.raises(Problem):
        new.signer.verify(old, 0)


def test_a_key_with_a_flaw_inside_is_found_out_and_replaced(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    Wallet(folder=folder).token(CLAIMS)
    text = (folder / KEY_FILE).read_bytes()
    (folder / KEY_FILE).write_bytes(text[:400] + bytes([text[400] ^ 1]) + text[401:])

    wallet = Wallet(folder=folder)

    assert wallet.signer.verify(wallet.token(CLAIMS), 0) == CLAIMS
    assert "replaced" in caplog.text
    assert (folder / KEY_FILE).read_bytes() != text


def test_tokens_of_two_wallets_are_both_kept(folder: Path) -> None:
    first, second = Wallet(folder=folder), Wallet(folder=folder)
    first.token({"sub": "one"})
    second.token({"sub": "two"})

    kept = orjson.loads((folder / TOKEN_FILE).read_bytes())["tokens"]

    assert len(kept) == 2


def test_only_the_owner_can_read_the_tokens(folder: Path) -> None:
    Wallet(folder=folder).token(CLAIMS)

    assert (folder / TOKEN_FILE).stat().st_mode & 0o777 == 0o600


def test_a_given_key_leaves_nothing_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    Wallet(tokens.key("server")).token(CLAIMS)

    assert list(tmp_path.iterdir()) == []
