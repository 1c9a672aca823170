"""Follows the recipes of a fixture file: makes records by the thousand, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from mockserver.contract.model import Resource
from mockserver.contract.pointer import escape
from mockserver.contract.problem import nearest, shown
from mockserver.contract.yamlfile import Document
from mockserver.seeding.compiler import ABSENT, Compiler, Maker, Scope, Unmade, is_whole
from mockserver.seeding.draft import Draft
from mockserver.seeding.entries import Entry
from mockserver.seeding.pools import fill_pools
from mockserver.seeding.shapes import HISTORY, MARKS
from mockserver.seeding.vocabulary import VOCABULARY

Json = Any
KEYS = ("pools", "records")
RECIPE_KEYS = ("name", "resource", "count", "fields", "history")
HISTORY_KEYS = ("count", "hours", "fields")
MOST_RECORDS = 250_000
HOUR = 3_600_000
FIRST_VERSION = 0.1
TRIES = 50
# Who changed a record is no change of it.
UNTOLD = frozenset(("updatedBy", "updatedAt", "version"))


@dataclass(frozen=True, slots=True)
class Past:
    """How older versions differ from a record, how many there are, and how many hours lie between two of them."""

    count: Callable[[Scope], int]
    hours: Callable[[Scope], int]
    fields: list[tuple[str, Maker]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the records of a resource are made; `at` is where their fields are written."""

    name: str | None
    resource: Resource
    count: int
    fields: list[tuple[str, Maker]]
    past: Past | None
    at: str


class Names:
    """The names of a resource that are taken: those written out, everywhere, and those made, below the same parent."""

    def __init__(self) -> None:
        self.written: set[str] = set()
        self._made: set[tuple[Json, str]] = set()

    def free(self, name: Json, parent: Json) -> Json:
        """The name, with a number behind it if it is taken."""
        if not isinstance(name, str):
            return name
        free, number = name, 1
        while free in self.written or (str(parent), free) in self._made:
            number += 1
            free = f"{name}_{number}"
        self._made.add((str(parent), free))
        return free


def generate(draft: Draft, document: Document) -> None:
    """Makes the records of a file's recipes and takes them into the draft; recipes with a mistake make nothing."""
    living: dict[str, list[str]] = {name: [] for name in draft.contract.resources}
    for entry in draft.entries:
        if not entry.value.get("deleted"):
            living[entry.resource.name].append(entry.id)
    made: dict[str, list[str]] = {name: [] for name in living}
    seed = f"{draft.seed}:{PurePath(document.source).name}"
    value = document.value["generate"]
    compiler = Compiler(VOCABULARY, document, draft.report, seed, living, made, _named(value.get("records")))
    recipes = _read(draft, compiler, value)
    if compiler.flawed:
        return
    names = {name: Names() for name in living}
    for entry in draft.entries:
        names[entry.resource.name].written.add(entry.name)
    for recipe in recipes:
        try:
            _follow(draft, compiler, recipe, names[recipe.resource.name])
        except Unmade as error:
            draft.report.note(document, recipe.at, str(error))
            return


def _read(draft: Draft, compiler: Compiler, value: Mapping[str, Json]) -> list[Recipe]:
    for key in value:
        if key not in KEYS:
            compiler.refuse(f"/generate/{escape(key)}", f"unknown key {shown(key)}", nearest(key, KEYS))
    fill_pools(compiler, value.get("pools", {}), "/generate/pools")
    recipes = value.get("records", [])
    if not isinstance(recipes, list):
        compiler.refuse("/generate/records", "'records' is a list of recipes")
        return []
    read = [
        _recipe(draft, compiler, recipe, f"/generate/records/{position}") for position, recipe in enumerate(recipes)
    ]
    found = [recipe for recipe in read if recipe is not None]
    if sum(recipe.count for recipe in found) > MOST_RECORDS:
        compiler.refuse("/generate/records", f"together they make more than {MOST_RECORDS:,} records")
    return found


def _recipe(draft: Draft, compiler: Compiler, value: Json, at: str) -> Recipe | None:
    if not isinstance(value, dict) or not isinstance(value.get("fields"), dict):
        compiler.refuse(at, "a recipe is an object with `resource`, `count` and `fields`")
        return None
    _check_keys(compiler, value, RECIPE_KEYS, at)
    known, name, count = draft.contract.resources, value.get("resource"), value.get("count")
    if not isinstance(name, str) or name not in known:
        compiler.refuse(f"{at}/resource", f"there is no resource {shown(str(name))}", nearest(str(name), known))
        return None
    if not is_whole(count) or count < 0:
        compiler.refuse(f"{at}/count", "the `count` of a recipe is a whole number")
        return None
    fields = compiler.members(value["fields"], f"{at}/fields")
    compiler.fields.append(list(value["fields"]))
    past = _past(compiler, value["history"], f"{at}/history") if "history" in value else None
    compiler.fields.pop()
    label = value.get("name")
    if label is not None and not isinstance(label, str):
        compiler.refuse(f"{at}/name", "the name of a recipe is a text")
    return Recipe(label, known[name], count, fields, past, f"{at}/fields")


def _past(compiler: Compiler, value: Json, at: str) -> Past | None:
    if not isinstance(value, dict) or "count" not in value or not isinstance(value.get("fields"), dict):
        compiler.refuse(at, "a history is an object with `count`, and `fields`, what older versions had instead")
        return None
    _check_keys(compiler, value, HISTORY_KEYS, at)
    return Past(
        compiler.count(value["count"], f"{at}/count"),
        compiler.count(value.get("hours", 24), f"{at}/hours"),
        compiler.members(value["fields"], f"{at}/fields"),
    )


def _named(recipes: Json) -> dict[str, list[str]]:
    """An empty list for each recipe that has a name."""
    given = [recipe.get("name") for recipe in recipes if isinstance(recipe, dict)] if isinstance(recipes, list) else []
    return {name: [] for name in given if isinstance(name, str)}


def _check_keys(compiler: Compiler, value: Mapping[str, Json], known: tuple[str, ...], at: str) -> None:
    for key in value:
        if key not in known:
            compiler.refuse(f"{at}/{escape(key)}", f"unknown key {shown(key)}", nearest(key, known))


def _follow(draft: Draft, compiler: Compiler, recipe: Recipe, names: Names) -> None:
    resource, naming = recipe.resource.name, recipe.resource.naming
    lists = [compiler.living[resource], compiler.made[resource]]
    if recipe.name is not None:
        lists.append(compiler.named[recipe.name])
    for number in range(1, recipe.count + 1):
        scope = Scope(number)
        fields = scope.made
        for name, maker in recipe.fields:
            value = maker(scope)
            if value is not ABSENT:
                fields[name] = names.free(value, fields.get(naming.parent(fields) or "")) if name == "name" else value
        if recipe.past is not None:
            _age(draft, recipe.resource, recipe.past, scope)
        entry = Entry(recipe.resource, fields, compiler.document, recipe.at, f"{resource} {number}")
        if draft.admit(entry):
            for ids in lists:
                ids.append(entry.id)


def _age(draft: Draft, resource: Resource, past: Past, scope: Scope) -> None:
    """Gives the record older versions, newest first, and itself the version that follows on them."""
    count, fields = past.count(scope), scope.made
    if not count:
        return
    relations, minor = draft.shapes[resource.name].relations, draft.contract.versioning.minor
    own = {key: value for key, value in fields.items() if key not in relations and key not in MARKS and key != "id"}
    moment = own["updatedAt"] if is_whole(own.get("updatedAt")) else draft.at
    history = []
    for version in reversed(range(count)):
        moment -= past.hours(scope) * HOUR
        marks = {"version": round(FIRST_VERSION + version * minor, 1), "updatedAt": moment}
        own = {**_before(own, past, scope), **marks}
        history.append(own)
    fields["version"] = round(FIRST_VERSION + count * minor, 1)
    fields[HISTORY] = history


def _before(own: dict[str, Json], past: Past, scope: Scope) -> dict[str, Json]:
    """The fields of an older version, at least one of them another than in the newer one."""
    for _ in range(TRIES):
        older = dict(own)
        for name, maker in past.fields:
            value = maker(scope)
            if value is ABSENT:
                older.pop(name, None)
            else:
                older[name] = value
        if any(older.get(name) != own.get(name) for name, _ in past.fields if name not in UNTOLD):
            return older
    raise Unmade("an older version came out like the newer one; give its history fields that differ")
