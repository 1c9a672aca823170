"""Makes one document of several files, by rewriting what refers from one to another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from mockserver.contract.homes import Homes
from mockserver.contract.pointer import split
from mockserver.contract.problem import ContractError
from mockserver.contract.reference import encoded, is_reference, ref_to
from mockserver.contract.sources import Sources
from mockserver.contract.targets import Target, Targets
from mockserver.contract.walk import NAMES, Trail, is_data, pointer_of, trail_of
from mockserver.contract.yamlfile import Document

Json = Any

CameFrom = Callable[[str, Document, str], object]
MOST_NESTED = 50


class _Spot(NamedTuple):
    """The value being rewritten: its file, the trails to it there and in the bundle, and whether its keys are names."""

    document: Document
    source: Trail
    place: Trail
    named: bool
    depth: int
    through: tuple[tuple[str, str], ...]


class Bundler:
    """The work of one bundling."""

    def __init__(self, root: Document, sources: Sources, came_from: CameFrom | None) -> None:
        self.root = root
        self.budget = sources.budget
        self.targets = Targets(root, sources)
        self.homes = Homes(self.targets)
        self.came_from = came_from
        self.moved_in: set[str] = set()
        self.nodes = 0

    def run(self) -> dict[str, Json]:
        """The bundle: its first two levels, and the sections of its components, are its own."""
        value = self.rewrite(self.root.value, _Spot(self.root, None, None, named=False, depth=0, through=()))
        bundled = {key: dict(child) if isinstance(child, dict) else child for key, child in value.items()}
        self.welcome_guests(bundled)
        if self.targets.findings:
            raise ContractError(self.targets.findings)
        return bundled

    def rewrite(self, node: Json, spot: _Spot) -> Json:
        """The node as the bundle has it: the very same when nothing in it changes."""
        self.nodes += 1
        if self.nodes > self.budget.nodes:
            self.stop(spot, f"more than {self.budget.nodes:,} values, once all references to files are followed")
        if spot.depth > self.budget.depth:
            self.stop(
                spot, f"nested more than {self.budget.depth} levels deep, once all references to files are followed"
            )
        if isinstance(node, list):
            return self.children(node, enumerate(node), spot)
        if isinstance(node.get("$ref"), str) and (not spot.named or len(node) == 1):
            return self.reference(node, spot)
        return self.children(node, node.items(), spot)

    def children(self, node: Json, members: Any, spot: _Spot) -> Json:
        document, source, place, named, depth, through = spot
        changed: dict[str | int, Json] = {}
        for key, child in members:
            if not isinstance(child, dict | list) or (not named and key.__class__ is str and is_data(key, child)):
                continue
            named_below = not named and key in NAMES
            below = _Spot(document, (source, key), (place, key), named_below, depth + 1, through)
            new = self.rewrite(child, below)
            if named_below and key == "mapping" and place is not None and place[1] == "discriminator":
                new = self.mapping(child, below)
            if new is not child:
                changed[key] = new
        if not changed:
            return node
        if isinstance(node, list):
            return [changed.get(index, item) for index, item in enumerate(node)]
        return {**node, **changed}

    def mapping(self, node: Json, spot: _Spot) -> Json:
        """The mapping of a discriminator, whose plain texts may be references to schemas."""
        if not isinstance(node, dict):
            return node
        new = dict(node)
        for name, word in node.items():
            if not isinstance(word, str) or not is_reference(word):
                continue
            trail: Trail = (spot.source, name)
            target = self.targets.find(spot.document, trail, word)
            home = None if target is None else self.homes.of(target, ((None, "schemas"), name), spot.document, trail)
            new[name] = word if home is None else ref_to(home)
        return new if new != node else node

    def reference(self, node: dict[str, Json], spot: _Spot) -> Json:
        trail: Trail = (spot.source, "$ref")
        ref = node["$ref"]
        target = self.targets.find(spot.document, trail, ref)
        if target is None:
            return self.pointing(node, encoded(ref), spot)
        home = None if spot.named else self.homes.of(target, spot.place, spot.document, trail)
        if home is None:
            return self.inlined(node, target, spot)
        if home != pointer_of(spot.place) or target.document is self.root:
            return self.pointing(node, ref_to(home), spot)
        self.moved_in.add(home)
        return self.inlined(node, target, spot)

    def pointing(self, node: dict[str, Json], ref: str, spot: _Spot) -> Json:
        """The node with this reference in place of its own."""
        changed = node if ref == node["$ref"] else {**node, "$ref": ref}
        return self.children(changed, changed.items(), spot) if len(node) > 1 else changed

    def inlined(self, node: dict[str, Json], target: Target, spot: _Spot) -> Json:
        """What the node refers to, with what stands beside the reference laid over it."""
        content = self.content(target, spot)
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return {**content, **self.children(beside, beside.items(), spot)} if isinstance(content, dict) else content

    def content(self, target: Target, spot: _Spot) -> Json:
        trail: Trail = (spot.source, "$ref")
        if target.key in spot.through:
            message = "this includes itself; move it to components/schemas of its file, where a name can refer to it"
            self.targets.note(spot.document, trail, message)
            return {}
        if len(spot.through) >= MOST_NESTED:
            self.targets.note(spot.document, trail, f"more than {MOST_NESTED} references to files inside one another")
            return {}
        if self.came_from is not None:
            self.came_from(pointer_of(spot.place), target.document, target.pointer)
        value = target.value()
        if not isinstance(value, dict | list):
            return value
        through = (*spot.through, target.key)
        source = trail_of(split(target.pointer))
        return self.rewrite(value, _Spot(target.document, source, spot.place, spot.named, spot.depth, through))

    def welcome_guests(self, bundled: dict[str, Json]) -> None:
        """Adds the components of other files that were asked for."""
        components = bundled.get("components")
        components = components if isinstance(components, dict) else {}
        for section, members in components.items():
            components[section] = dict(members) if isinstance(members, dict) else members
        for guest in self.homes.guests:  # which asks for more guests
            if guest.home in self.moved_in:
                continue
            _, section, name = split(guest.home)
            bundled["components"] = components
            members = components[section] = components.get(section) or {}
            if not isinstance(members, dict):
                self.stop(
                    _Spot(self.root, trail_of(("components", section)), None, False, 2, ()), "a mapping is needed here"
                )
            if name in members:
                self.homes.note_collision(guest, Target(self.root, guest.home))
            place = trail_of(("components", section, name))
            members[name] = self.content(guest.target, _Spot(guest.document, guest.trail, place, False, 3, ()))

    def stop(self, spot: _Spot, message: str) -> NoReturn:
        raise ContractError([*self.targets.findings, spot.document.finding(pointer_of(spot.source), message)])
