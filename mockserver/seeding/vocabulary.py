"""The words of the recipe language, by name."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.seeding import drawing, gathering
from mockserver.seeding.compiler import Word

VOCABULARY: Mapping[str, Word] = {
    "$faker": Word(drawing.faker, ("args",)),
    "$pool": Word(drawing.pool, ("turn",)),
    "$pick": Word(drawing.pick),
    "$weighted": Word(drawing.weighted),
    "$number": Word(drawing.number),
    "$sequence": Word(drawing.sequence),
    "$template": Word(drawing.template, ("case",)),
    "$sometimes": Word(drawing.sometimes, ("of", "else")),
    "$list": Word(gathering.items, ("count", "unique", "first")),
    "$sample": Word(gathering.sample, ("count", "made")),
    "$turn": Word(gathering.turn, ("made",)),
    "$map": Word(gathering.mapping, ("to",)),
}
