"""The words and signs of a condition: what stands where in its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mockserver.contract.problem import shown

Json = Any
TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")|(?P<number>-?\d{1,15}(?:\.\d{1,15})?(?![\w.]))"""
    r"""|(?P<word>[A-Za-z_]\w*)|(?P<sign>&&|\|\||==|!=|[!(){},]))"""
)
# Words that stand for a sign; like those for literals they are read in either case.
SIGNS = {"and": "&&", "or": "||", "not": "!", "eq": "==", "ne": "!="}
LITERALS = {"true": True, "false": False, "null": None}


class Unreadable(ValueError):
    """A text that is no condition; the message says where and why."""


class Token(NamedTuple):
    """A sign, `text`, `number` or `word`; what it says; and the character where it begins, counted from one."""

    kind: str
    value: Json
    at: int


def tokens(text: str) -> Iterator[Token]:
    """What a text is made of, in order; Unreadable."""
    at, end = 0, len(text.rstrip())
    while at < end:
        match = TOKEN.match(text, at)
        if match is None:
            rest = text[at:end].lstrip()
            place = end - len(rest) + 1
            why = "is never closed" if rest[0] in "'\"" else "cannot be read"
            raise Unreadable(f"at character {place}: {shown(rest[:40])} {why}")
        yield _token(match)
        at = match.end()


def _token(match: re.Match[str]) -> Token:
    kind, at = str(match.lastgroup), match.start(str(match.lastgroup)) + 1
    said = match[kind]
    match kind:
        case "sign":
            return Token(said, said, at)
        case "text":
            quote = said[0]
            return Token("text", said[1:-1].replace(quote * 2, quote), at)
        case "number":
            return Token("number", float(said) if "." in said else int(said), at)
    word = said.lower()
    if word in SIGNS:
        return Token(SIGNS[word], said, at)
    if word in LITERALS:
        return Token("literal", LITERALS[word], at)
    return Token("word", said, at)
