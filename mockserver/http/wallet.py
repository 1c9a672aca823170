"""Signed tokens kept beside the key, so that a start need not load what signs them."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from mockserver.engine.tokens import Tokens
from mockserver.http.files import write_at_once
from mockserver.http.keys import load_key, state_folder

Json = Any
logger = logging.getLogger("mockserver.wallet")

TOKEN_FILE = "tokens.json"  # noqa: S105
LARGEST_FILE = 1024 * 1024
MOST_KEPT = 256
PURPOSE = b"mockserver tokens 1\n"


class Wallet:
    """The key and the tokens it signed for users whose tokens never expire.

    A kept token is taken only under a seal that needs the private key, and so is as good as its signature. A key that
    was altered on the disk breaks the seal; it is then looked at before it is used.
    """

    def __init__(self, key: bytes | None = None, folder: Path | None = None) -> None:
        """With the given key nothing is read or written; without, the user's own is used, or that of `folder`."""
        self._folder = None if key is not None else folder or state_folder()
        self._pem = load_key(self._folder) if self._folder is not None else key or b""
        self._kept = self._read()
        if self._folder is not None and not self._kept and not _is_key(self._pem):
            self._pem = load_key(self._folder, renew=self._pem)
        self.signer = Tokens(self._pem)

    @property
    def secret(self) -> bytes | None:
        """What proves that a kept file is the user's own; None where nothing is kept."""
        return None if self._folder is None else self._pem

    def token(self, claims: Mapping[str, Json]) -> str:
        """The token of claims that never expire; signed once, then remembered."""
        name = _canonical(claims)
        kept = self._kept.get(name)
        if kept is not None:
            self.signer.trust(kept, claims)
            return kept
        token = self.sign(claims)
        self._kept[name] = token
        self._write()
        return token

    def sign(self, claims: Mapping[str, Json]) -> str:
        """A fresh token of any claims."""
        return self.signer.issue(claims)

    def _read(self) -> dict[str, str]:
        if self._folder is None:
            return {}
        try:
            with (self._folder / TOKEN_FILE).open("rb") as file:
                document = orjson.loads(file.read(LARGEST_FILE))
            tokens: dict[str, str] = document["tokens"]
            sealed = hmac.compare_digest(self._seal(tokens), document["seal"])
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return tokens if sealed else {}

    def _write(self) -> None:
        if self._folder is None:
            return
        latest = dict(list({**self._read(), **self._kept}.items())[-MOST_KEPT:])
        document = {"tokens": latest, "seal": self._seal(latest)}
        try:
            write_at_once(self._folder / TOKEN_FILE, orjson.dumps(document))
        except OSError as error:
            logger.debug("tokens are not kept: %s", error)

    def _seal(self, tokens: Mapping[str, str]) -> str:
        return hmac.new(self._pem, PURPOSE + _canonical(tokens).encode(), "sha256").hexdigest()


def _is_key(pem: bytes) -> bool:
    try:
        Tokens(pem).key_set()
    except (ValueError, TypeError):
        return False
    return True


def _canonical(value: Mapping[str, Json]) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
