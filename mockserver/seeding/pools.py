"""Pools: values made once, to be drawn from many times."""

from __future__ import annotations

from typing import Any

import orjson

from mockserver.contract.pointer import escape
from mockserver.contract.problem import nearest, shown
from mockserver.seeding.compiler import ABSENT, Compiler, Maker, Scope, Unmade, is_whole

Json = Any
KEYS = ("count", "of", "unique")
MOST_VALUES = 10_000
TRIES = 20


def fill_pools(compiler: Compiler, value: Json, at: str) -> None:
    """Makes all pools, in their order; each may draw from those above it."""
    if not isinstance(value, dict):
        compiler.refuse(at, "'pools' is an object: lists of values, or recipes for them, by name")
        return
    for name, pool in value.items():
        here = f"{at}/{escape(name)}"
        try:
            values = _listed(compiler, pool, here) if isinstance(pool, list) else _made(compiler, pool, here)
        except Unmade as error:
            compiler.refuse(here, str(error))
            values = []
        compiler.pools[name] = values or [""]


def _listed(compiler: Compiler, values: list[Json], at: str) -> list[Json]:
    if not values:
        compiler.refuse(at, "the pool is empty")
    maker = compiler.compile(values, at)
    made: list[Json] = [] if compiler.flawed else maker(Scope(1))
    return made


def _made(compiler: Compiler, value: Json, at: str) -> list[Json]:
    if not isinstance(value, dict) or "of" not in value:
        compiler.refuse(at, "a pool is a list of values, or an object with `of`, what its values are, and `count`")
        return []
    for key in value:
        if key not in KEYS:
            compiler.refuse(f"{at}/{escape(key)}", f"unknown key {shown(key)} of a pool", nearest(key, KEYS))
    count, unique = value.get("count"), value.get("unique", False)
    if not is_whole(count) or not 1 <= count <= MOST_VALUES:
        compiler.refuse(f"{at}/count", f"the `count` of a pool is a number from 1 to {MOST_VALUES:,}")
        return []
    if not isinstance(unique, bool | str):
        compiler.refuse(f"{at}/unique", "'unique' is true, or the name of a field of the values")
    maker = compiler.compile(value["of"], f"{at}/of")
    return [] if compiler.flawed else _draw(compiler, maker, count, unique, at)


def _draw(compiler: Compiler, maker: Maker, count: int, unique: bool | str, at: str) -> list[Json]:
    values: list[Json] = []
    seen: set[bytes] = set()
    for number in range(1, count * (TRIES if unique else 1) + 1):
        value = maker(Scope(number))
        key = _key(value, unique) if unique else b""
        if value is not ABSENT and (not unique or key not in seen):
            seen.add(key)
            values.append(value)
        if len(values) == count:
            return values
    compiler.refuse(f"{at}/count", f"there are only {len(values)} different values for this pool")
    return values


def _key(value: Json, unique: bool | str) -> bytes:
    if isinstance(unique, str):
        if not isinstance(value, dict) or unique not in value:
            raise Unmade(f"a value has no field {shown(unique)} by which it could be unique")
        value = value[unique]
    return b"" if value is ABSENT else orjson.dumps(value)
