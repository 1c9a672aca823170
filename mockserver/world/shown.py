"""A record as it is answered, in parts that are rendered once however often they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

Json = Any


class Part:
    """Some members of an answer, not to be changed, and their JSON text once somebody asks for it."""

    __slots__ = ("_text", "members")

    def __init__(self, members: dict[str, Json]) -> None:
        self.members = members
        self._text: bytes | None = None

    @property
    def text(self) -> bytes:
        """The members without the braces around them."""
        if self._text is None:
            self._text = orjson.dumps(self.members)[1:-1]
        return self._text


class Shown:
    """An answer made of parts, which have no member in common."""

    __slots__ = ("_bare", "parts")

    def __init__(self, *parts: Part) -> None:
        self.parts = parts
        self._bare: Shown | None = None

    def __eq__(self, other: object) -> bool:
        """An answer is the same as one of the same text, or as that text."""
        if isinstance(other, Shown):
            return self.text == other.text
        return isinstance(other, str) and self.text == other.encode()

    def __hash__(self) -> int:
        return hash(self.text.decode())

    @property
    def members(self) -> dict[str, Json]:
        """All members in one new object; what is inside of them is not to be changed."""
        return dict(_together(self.parts))

    def apart(self, other: Shown) -> tuple[Mapping[str, Json], Mapping[str, Json]]:
        """The members of both, without those of the parts that they share. Not to be changed."""
        mine, others = self.parts, other.parts
        return _together([each for each in mine if each not in others]), _together(
            [each for each in others if each not in mine]
        )

    @property
    def text(self) -> bytes:
        """The answer as JSON."""
        return b"{%b}" % b",".join([part.text for part in self.parts if part.members])

    def bare(self) -> Shown:
        """The same answer without the text that was made of it, for those who keep it long and may never read it."""
        if self._bare is None:
            self._bare = Shown(*[Part(part.members) for part in self.parts])
        return self._bare

    def but(self, **members: Json) -> Shown:
        """The same answer with other values for these members."""
        return Shown(Part({**self.members, **members}))


def _together(parts: Sequence[Part]) -> dict[str, Json]:
    if len(parts) == 1:
        return parts[0].members
    members: dict[str, Json] = {}
    for part in parts:
        members.update(part.members)
    return members


def render(value: Json) -> bytes:
    """A value as JSON, in which answers may stand anywhere; to be kept as it is."""
    # What orjson gives lies in up to ten times the room it needs, of which a copy takes none.
    return value.text if isinstance(value, Shown) else b"%b" % orjson.dumps(value, default=_fragment)


def _fragment(value: object) -> orjson.Fragment:
    if isinstance(value, Shown):
        return orjson.Fragment(value.text)
    raise TypeError(f"{type(value).__name__} is no JSON")
