"""What a plain YAML scalar means under the YAML 1.2 core schema."""

from __future__ import annotations

import math
import re

Scalar = str | int | float | bool | None

WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
NUMBER_STARTS = frozenset("-+.0123456789")
DECIMAL = re.compile(r"[-+]?[0-9]+\Z")
BASED = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)\Z")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
NO_NUMBER = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
LONGEST_NUMBER = 4_300


class NotJson(ValueError):
    """A scalar that JSON has no value for; the message says why, to follow the scalar itself."""


def meaning(text: str) -> Scalar:
    """The value of a plain scalar; NotJson for a number that JSON cannot carry."""
    if text in WORDS:
        return WORDS[text]
    return _number(text) if text[0] in NUMBER_STARTS else text


def _number(text: str) -> Scalar:
    if DECIMAL.match(text):
        return int(_bounded(text))
    if FLOAT.match(text):
        return _finite(float(_bounded(text)))
    if BASED.match(text):
        return int(_bounded(text), 0)
    if NO_NUMBER.match(text):
        raise NotJson("no number that JSON can hold; quote it if it is a text")
    return text


def _bounded(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        raise NotJson(f"a number of more than {LONGEST_NUMBER:,} digits; quote it if it is a text")
    return text


def _finite(number: float) -> float:
    if math.isinf(number):
        raise NotJson("a number too large for a float; quote it if it is a text")
    return number
