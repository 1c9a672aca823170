"""The words of a recipe that draw one value: from Faker, a pool, a list, a range, or not at all."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable
from itertools import accumulate
from string import Formatter
from typing import Any

from mockserver.contract.problem import listed, nearest, shown
from mockserver.seeding.compiler import ABSENT, Compiler, Maker, Phrase, Scope, bounds, is_whole

Json = Any


def snake(text: str) -> str:
    """The text as a name in a database: small letters and digits, with underscores between the words."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


CASES: dict[str, Callable[[str], str]] = {"lower": str.lower, "upper": str.upper, "title": str.title, "snake": snake}


def faker(compiler: Compiler, phrase: Phrase) -> Maker:
    words, provider, arguments = compiler.words, phrase.value, phrase.options.get("args", {})
    if not isinstance(provider, str) or provider not in words.providers:
        hint = nearest(str(provider), words.providers)
        return compiler.refuse(phrase.at, f"Faker makes no {shown(str(provider))}", hint)
    if not isinstance(arguments, dict):
        return compiler.refuse(f"{phrase.inside}/args", "the arguments of a provider are an object")
    try:
        words.make(provider, arguments)
    except Exception as error:
        # A provider may fail in any way on arguments that it does not expect.
        return compiler.refuse(phrase.at, f"Faker's '{provider}' does not take these arguments: {error}")
    return lambda scope: words.make(provider, arguments)


def pool(compiler: Compiler, phrase: Phrase) -> Maker:
    name = str(phrase.value)
    values = compiler.pools.get(name)
    if not values:
        return compiler.refuse(phrase.at, f"there is no pool {shown(name)} above", nearest(name, compiler.pools))
    if phrase.options.get("turn") is True:
        return lambda scope: values[(scope.number - 1) % len(values)]
    return lambda scope: compiler.chance.pick(values)


def pick(compiler: Compiler, phrase: Phrase) -> Maker:
    if not isinstance(phrase.value, list) or not phrase.value:
        return compiler.refuse(phrase.at, "'$pick' has a list of values to pick from")
    makers = [compiler.compile(choice, f"{phrase.at}/{position}") for position, choice in enumerate(phrase.value)]
    return lambda scope: compiler.chance.pick(makers)(scope)


def weighted(compiler: Compiler, phrase: Phrase) -> Maker:
    weights = phrase.value
    if not isinstance(weights, dict) or not weights or not all(map(_is_positive, weights.values())):
        return compiler.refuse(phrase.at, "'$weighted' has an object: texts, each with a weight above 0")
    values, sums = list(weights), list(accumulate(weights.values()))
    return lambda scope: values[min(bisect(sums, compiler.chance.random() * sums[-1]), len(values) - 1)]


def number(compiler: Compiler, phrase: Phrase) -> Maker:
    found = bounds(phrase.value)
    if found is None:
        return compiler.refuse(phrase.at, "'$number' has a range of whole numbers, [low, high]")
    low, high = found
    return lambda scope: compiler.chance.between(low, high)


def sequence(compiler: Compiler, phrase: Phrase) -> Maker:
    start = phrase.value
    if not is_whole(start):
        return compiler.refuse(phrase.at, "'$sequence' has the whole number to begin with")
    return lambda scope: start + scope.number - 1


def sometimes(compiler: Compiler, phrase: Phrase) -> Maker:
    probability, options = phrase.value, phrase.options
    if not _is_positive(probability) or probability > 1 or "of" not in options:
        return compiler.refuse(phrase.at, "'$sometimes' has a probability above 0 and up to 1, and `of`, the value")
    maker = compiler.compile(options["of"], f"{phrase.inside}/of")
    other = compiler.compile(options["else"], f"{phrase.inside}/else") if "else" in options else _nothing
    return lambda scope: maker(scope) if compiler.chance.random() < probability else other(scope)


def template(compiler: Compiler, phrase: Phrase) -> Maker:
    text, case = phrase.value, phrase.options.get("case")
    if case is not None and (not isinstance(case, str) or case not in CASES):
        hint = nearest(str(case), CASES)
        return compiler.refuse(f"{phrase.inside}/case", f"a case is {listed(list(CASES))}", hint)
    try:
        pieces = list(Formatter().parse(text)) if isinstance(text, str) else []
    except ValueError as error:
        return compiler.refuse(phrase.at, f"this is no template: {error}")
    if not pieces:
        return compiler.refuse(phrase.at, "'$template' has a text with `{n}`, `{pool}` or `{field}` in it")
    parts: list[Maker] = []
    for literal, name, spec, _ in pieces:
        parts.append(_literal(literal))
        if name is not None:
            parts.append(_placeholder(compiler, phrase, name, spec or ""))
    style = CASES[case] if case else str
    return lambda scope: style("".join([part(scope) for part in parts]))


def _literal(text: str) -> Maker:
    return lambda scope: text


def _placeholder(compiler: Compiler, phrase: Phrase, name: str, spec: str) -> Maker:
    """The number of the record, a draw from a pool, or a field made before."""
    known = ["n", *compiler.pools, *(each for fields in compiler.fields for each in fields)]
    if name not in known:
        return compiler.refuse(phrase.at, f"nothing above is called {shown(name)}", nearest(name, known))
    try:
        format(1 if name == "n" else "", spec)
    except ValueError:
        return compiler.refuse(phrase.at, f"{shown(spec)} formats nothing; `{{n:05}}` makes five digits")
    if name == "n":
        return lambda scope: format(scope.number, spec)
    if values := compiler.pools.get(name):
        return lambda scope: format(str(compiler.chance.pick(values)), spec)
    return lambda scope: format(str(scope.look(name)), spec)


def _is_positive(weight: Json) -> bool:
    return isinstance(weight, int | float) and not isinstance(weight, bool) and weight > 0


def _nothing(scope: Scope) -> Json:
    return ABSENT
