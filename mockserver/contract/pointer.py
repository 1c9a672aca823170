"""JSON pointers (RFC 6901): writing them, reading them, following them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mockserver.contract.unread import Unread, plain

Json = Any
Token = str | int


def escape(token: Token) -> str:
    """One step of a pointer as it is written."""
    text = str(token)
    if "~" in text or "/" in text:
        return text.replace("~", "~0").replace("/", "~1")
    return text


def join(tokens: Iterable[Token]) -> str:
    """The pointer that takes these steps."""
    return "".join(f"/{escape(token)}" for token in tokens)


def split(pointer: str) -> list[str]:
    """The steps of a pointer; ValueError when it is none."""
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise ValueError(f"a JSON pointer starts with '/', unlike '{pointer}'")
    if "~" not in pointer:
        return pointer[1:].split("/")
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/")]


def parents(pointer: str) -> Iterable[str]:
    """The pointer itself, then each one above it, up to the whole document."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]
    yield ""


class Missing(LookupError):
    """A step that leads nowhere: the token, the value it was looked up in, and the pointer of that value."""

    def __init__(self, token: str, inside: Json, at: str) -> None:
        super().__init__(token)
        self.token = token
        self.inside = inside
        self.at = at


def follow(value: Json, tokens: Iterable[str]) -> Json:
    """What stands at the end of these steps; Missing names the first one that leads nowhere."""
    walked: list[str] = []
    for token in tokens:
        if isinstance(value, dict | Unread) and token in value:
            value = value[token]
        elif isinstance(value, list) and is_index(token) and int(token) < len(value):
            value = value[int(token)]
        else:
            raise Missing(token, value, join(walked))
        walked.append(token)
    return plain(value)


def is_index(step: str) -> bool:
    """Whether a step names a place in a list."""
    return step.isascii() and step.isdecimal() and len(step) < 10 and (step == "0" or step[0] != "0")
