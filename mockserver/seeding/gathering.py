"""The words of a recipe that gather several values, or records to be related to."""

from __future__ import annotations

from typing import Any

from mockserver.contract.problem import nearest, shown
from mockserver.seeding.compiler import ABSENT, Compiler, Maker, Phrase, Scope, Unmade

Json = Any
TRIES = 20


def items(compiler: Compiler, phrase: Phrase) -> Maker:
    """A list of `count` values, after those of `first`; with `unique`, no two of one value in that field."""
    options, unique = phrase.options, phrase.options.get("unique")
    if "count" not in options or not isinstance(options.get("first", []), list):
        return compiler.refuse(phrase.at, "'$list' has a `count`, and a list `first` if some items come before")
    if unique is not None and not isinstance(unique, str):
        return compiler.refuse(f"{phrase.inside}/unique", "'unique' is the name of a field of the items")
    first = compiler.compile(options.get("first", []), f"{phrase.inside}/first")
    maker = compiler.compile(phrase.value, phrase.at)
    count = compiler.count(options["count"], f"{phrase.inside}/count")

    def make(scope: Scope) -> Json:
        made: list[Json] = list(first(scope))
        taken = {_key(each, unique) for each in made} if unique else set()
        for at in range(1, count(scope) + 1):
            for _ in range(TRIES if unique else 1):
                each = maker(Scope(at, {}, scope))
                if not unique or (key := _key(each, unique)) not in taken:
                    made.append(each)
                    taken |= {key} if unique else set()
                    break
        return made

    return make


def _key(item: Json, field: str) -> str:
    if not isinstance(item, dict) or field not in item:
        raise Unmade(f"an item has no field {shown(field)} by which it could be unique")
    return str(item[field])


def sample(compiler: Compiler, phrase: Phrase) -> Maker:
    """One record by chance; with `count`, a list of different ones."""
    ids = _records(compiler, phrase)
    if ids is None:
        return lambda scope: ABSENT
    if "count" in phrase.options:
        count = compiler.count(phrase.options["count"], f"{phrase.inside}/count")
        return lambda scope: compiler.chance.sample(ids, count(scope))
    return lambda scope: compiler.chance.pick(_some(ids, phrase.value))


def turn(compiler: Compiler, phrase: Phrase) -> Maker:
    """One record after the other, so that all get the same share."""
    ids = _records(compiler, phrase)
    if ids is None:
        return lambda scope: ABSENT
    return lambda scope: _some(ids, phrase.value)[(scope.number - 1) % len(ids)]


def _records(compiler: Compiler, phrase: Phrase) -> list[str] | None:
    """The ids to choose from, of all records of a resource or of those from recipes; the list grows with them."""
    resource, made = phrase.value, phrase.options.get("made", False)
    if not isinstance(resource, str) or resource not in compiler.living:
        hint = nearest(str(resource), compiler.living)
        compiler.refuse(phrase.at, f"there is no resource {shown(str(resource))}", hint)
        return None
    if isinstance(made, bool):
        return (compiler.made if made else compiler.living)[resource]
    if isinstance(made, str) and made in compiler.named:
        return compiler.named[made]
    hint = nearest(str(made), compiler.named)
    compiler.refuse(
        f"{phrase.inside}/made", "'made' is true, for all records from recipes, or the name of a recipe", hint
    )
    return None


def _some(ids: list[str], resource: str) -> list[str]:
    if not ids:
        raise Unmade(f"there is no record of {resource} yet to choose from; put its recipe above this one")
    return ids


def mapping(compiler: Compiler, phrase: Phrase) -> Maker:
    """An object from a list of keys, with a value made for each."""
    if "to" not in phrase.options:
        return compiler.refuse(phrase.at, "'$map' has a list of keys, and `to`, the value of each")
    keys = compiler.compile(phrase.value, phrase.at)
    to = compiler.compile(phrase.options["to"], f"{phrase.inside}/to")

    def make(scope: Scope) -> Json:
        made = keys(scope)
        if not isinstance(made, list):
            raise Unmade("the keys of '$map' are a list, such as `$sample` with a `count` makes")
        return {str(key): to(scope) for key in made}

    return make
