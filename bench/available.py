"""Which variants the command line can start."""

from __future__ import annotations

from collections.abc import Sequence

from bench.servers import Variant
from mockserver.commands.serve import command


def available(variants: Sequence[Variant]) -> tuple[list[Variant], list[str]]:
    """Those that can be started, and why the others are left out."""
    known = {option for parameter in command.params for option in parameter.opts}
    can: list[Variant] = []
    why: list[str] = []
    for variant in variants:
        needed = {option for option in variant.options if option.startswith("--")}
        if variant.store:
            needed.add("--store")
        if missing := needed - known:
            why.append(f"{variant.name} was left out: the command line has no {', '.join(sorted(missing))} yet")
        else:
            can.append(variant)
    return can, why
