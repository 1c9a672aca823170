"""Where a bundle keeps what came from other files: under a component's name, so that it is written once."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mockserver.contract.pointer import join, split
from mockserver.contract.targets import Target, Targets, is_bare_reference
from mockserver.contract.walk import Trail, is_schema_place, trail_of
from mockserver.contract.yamlfile import Document

Json = Any

NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]")
# Written out where they are referred to, since few readers of OpenAPI look for them among the components.
INLINED = ("pathItems",)


class Guest(NamedTuple):
    """A component that the root document does not have yet, and the reference that asked for it first."""

    home: str
    target: Target
    document: Document
    trail: Trail


class Homes:
    """Pointers into the components of the bundle, by the target that lives there."""

    def __init__(self, targets: Targets) -> None:
        self.targets = targets
        self.guests: list[Guest] = []
        self._of: dict[tuple[str, str], str] = {}
        self._owners: dict[str, Target] = {}
        for section, name, member in components_of(targets.root.value):
            if is_bare_reference(member):
                self._adopt(section, name, member["$ref"])

    def of(self, target: Target, place: Trail, document: Document, trail: Trail) -> str | None:
        """The home of a target that `document` refers to at `trail`; None for one to be written out at `place`."""
        if target.document is self.targets.root:
            return target.pointer
        if target.key in self._of:
            return self._of[target.key]
        home = _natural_home(target, place)
        if home is None:
            return None
        if home in self._owners:
            self.note_collision(Guest(home, target, document, trail), self._owners[home])
            return home
        self._settle(target, home)
        self.guests.append(Guest(home, target, document, trail))
        return home

    def note_collision(self, guest: Guest, owner: Target) -> None:
        """Adds a finding on a home that two different values claim."""
        names = " and ".join(f"{claim.document.source}#{claim.pointer}" for claim in (owner, guest.target))
        message = f"both {names} would be {guest.home}; rename one of the two"
        self.targets.note(guest.document, guest.trail, message)

    def _adopt(self, section: str, name: str, ref: str) -> None:
        """A root component that is only a reference to another file becomes the home of what it refers to."""
        target = self.targets.find(self.targets.root, trail_of(("components", section, name, "$ref")), ref)
        if target is not None and target.document is not self.targets.root and target.key not in self._of:
            self._settle(target, join(("components", section, name)))

    def _settle(self, target: Target, home: str) -> None:
        self._of[target.key] = home
        self._owners[home] = target


def components_of(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Section, name and value of every component."""
    components = document.get("components")
    for section, members in components.items() if isinstance(components, dict) else ():
        if isinstance(members, dict):
            yield from ((section, name, member) for name, member in members.items())


def _natural_home(target: Target, place: Trail) -> str | None:
    steps = split(target.pointer)
    if len(steps) == 3 and steps[0] == "components":
        return None if steps[1] in INLINED else target.pointer
    if not is_schema_place(place):
        return None
    name = steps[-1] if steps else posixpath.splitext(posixpath.basename(target.document.source))[0]
    return join(("components", "schemas", NOT_IN_A_NAME.sub("_", name)))
