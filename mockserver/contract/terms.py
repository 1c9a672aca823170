"""What a contract is told in: arguments, how its versions step, and what its refusals look like."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Json = Any
NOTHING: Mapping[str, Json] = MappingProxyType({})
BODY: Mapping[str, Json] = MappingProxyType({"code": "$status", "message": "$message"})


class Parameter(NamedTuple):
    """One argument outside the body; `schema` is the schema with every reference resolved as far as its type needs.

    A `filter` is the field that it has to match, or a field `of` what stands there, `values` what its words stand for,
    and `wide` the argument that has it match more. With `along` it names a record that is there, and means what this
    leads to by these relations as well.
    """

    name: str
    place: str
    required: bool
    schema: Json
    explode: bool
    filter: str | None = None
    match: str = "is"
    values: Mapping[str, Json] = NOTHING
    wide: str | None = None
    of: str | None = None
    along: tuple[str, ...] | None = None


class Versioning(NamedTuple):
    """How version numbers step, in tenths, and how long a user's patches fold into one version, in seconds."""

    minor: float = 0.1
    major: float = 1.0
    fold: float = 0


class Errors(NamedTuple):
    """The shape of every refusal; `plain`: what is wrong is said in the product's words, without its place."""

    body: Mapping[str, Json] = BODY
    types: Mapping[str, str] = NOTHING
    headers: Mapping[str, Mapping[str, str]] = NOTHING
    plain: bool = False
