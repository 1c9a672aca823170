"""The sandbox's RSA key, kept in the user's state directory so that every process of a user signs alike."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from mockserver.http.files import write_at_once

logger = logging.getLogger("mockserver.keys")

KEY_FILE = "key.pem"
KEY_BITS = 2048
LARGEST_KEY = 64 * 1024
BEGIN, END = b"-----BEGIN PRIVATE KEY-----", b"-----END PRIVATE KEY-----"


class UnusableKey(Exception):
    """The file that a key was to be read from has none; the message says why, in one line."""


def state_folder(environment: Mapping[str, str] | None = None, platform: str = sys.platform) -> Path:
    """Where this platform keeps what a program should remember about a user."""
    environment = os.environ if environment is None else environment
    named = environment.get("XDG_STATE_HOME", "")
    if named.startswith("/"):
        return Path(named) / "mockserver"
    home = Path(environment.get("HOME") or os.path.expanduser("~"))
    if platform == "darwin":
        return home / "Library" / "Application Support" / "mockserver"
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "mockserver"
    return home / ".local" / "state" / "mockserver"


def load_key(folder: Path, *, renew: bytes | None = None) -> bytes:
    """The key kept in this folder, as PEM; made when there is none, or when that one is no key or is `renew`."""
    path = folder / KEY_FILE
    kept = _read(path)
    if kept is not None and kept != renew and _looks_sound(kept):
        return kept
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(folder):
            return _make(path, renew)
    except OSError as error:
        reason = error.strerror or error
        logger.warning("the sandbox's key cannot be kept in %s (%s): it lasts as long as this process", folder, reason)
        return new_key()


def read_key(path: Path) -> bytes:
    """The key in a file that somebody looks after, such as a secret of a cluster; it is never written to."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        with path.open("rb") as file:
            pem = file.read(LARGEST_KEY)
        key = load_pem_private_key(pem, None)
    except OSError as error:
        raise UnusableKey(f"--key-file {path}: {error.strerror or error}") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey) or key.key_size < KEY_BITS:
        wanted = f"`openssl genrsa -out {path} {KEY_BITS}` makes one"
        raise UnusableKey(f"--key-file {path}: this is no RSA key of {KEY_BITS} bits or more as PEM; {wanted}")
    return pem


def new_key() -> bytes:
    """A fresh private key as PEM."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _make(path: Path, renew: bytes | None) -> bytes:
    """Under the lock: another process may have made the key since we looked."""
    kept = _read(path)
    if kept is not None and kept != renew and _looks_sound(kept):
        return kept
    if kept is not None:
        logger.warning("%s holds no usable key: it is replaced, and tokens signed with the old one are void", path)
    made = new_key()
    write_at_once(path, made)
    return made


def _read(path: Path) -> bytes | None:
    """What the file holds, after taking it from others' eyes; None when there is no such file."""
    try:
        with path.open("rb") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
                os.fchmod(file.fileno(), 0o600)
            return file.read(LARGEST_KEY)
    except FileNotFoundError:
        return None
    except OSError:
        return b""


def _looks_sound(pem: bytes) -> bool:
    """Whether the file is whole; what is inside is proved when a token is signed or a kept one is recognised."""
    text = pem.strip()
    return text.startswith(BEGIN) and text.endswith(END) and len(text) > KEY_BITS // 2


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Lets one process at a time make the key."""
    with (folder / ".lock").open("wb") as file:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
