"""Makes the world that everything starts from: fixture sets and recipes in, a checked root out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rpds import HashTrieMap

from mockserver.behaviours.context import Dialect
from mockserver.contract.model import Contract
from mockserver.contract.pointer import escape
from mockserver.contract.problem import nearest, shown
from mockserver.seeding.answers import Answers
from mockserver.seeding.draft import Draft
from mockserver.seeding.entries import Entry, Report
from mockserver.seeding.links import tie_all
from mockserver.seeding.seeds import Seeds
from mockserver.seeding.sets import FixtureSet, read_sets
from mockserver.seeding.shapes import TOKEN
from mockserver.seeding.undisturbed import undisturbed
from mockserver.world.clock import Clock
from mockserver.world.links import Web
from mockserver.world.listing import Listing
from mockserver.world.root import Root

Json = Any
# When seeds were last updated that do not say it: 2026-01-01T00:00:00Z.
SEED_TIME = 1_767_225_600_000


def seed_root(contract: Contract, dialect: Dialect, fixtures: str | Path | None = None, seed: int = 0) -> Seeds:
    """The root of a bundled set, a file, or the contract's default; ContractError says all that is wrong with it."""
    with undisturbed():
        return _seed(contract, dialect, fixtures, seed)


def _seed(contract: Contract, dialect: Dialect, fixtures: str | Path | None, seed: int) -> Seeds:
    report = Report()
    sets = read_sets(contract, fixtures, report)
    clock = next((each.clock for each in reversed(sets) if each.clock is not None), None)
    draft = Draft(contract, dialect, report, seed, SEED_TIME if clock is None else clock)
    for each in sets:
        _admit(draft, each)
    draft.name_all()
    root = _root(draft, Clock() if clock is None else Clock(frozen=clock).resume(), seed)
    root = Answers(draft, root).settle()
    report.stop()
    marked = tuple(entry.name for entry in draft.entries if entry.value.get(TOKEN))
    return Seeds(root, marked, Path(sets[-1].document.source).stem if sets else None)


def _admit(draft: Draft, fixtures: FixtureSet) -> None:
    """Takes in what a set writes out, then what its recipes make of it."""
    document, known = fixtures.document, draft.contract.resources
    for name, values in fixtures.records.items():
        at = f"/records/{escape(name)}"
        if name not in known:
            draft.report.note(document, at, f"there is no resource {shown(name)}", nearest(name, known))
        elif not isinstance(values, list):
            draft.report.note(document, at, f"the records of '{name}' are a list")
        else:
            for position, value in enumerate(values):
                draft.admit(Entry(known[name], value, document, f"{at}/{position}"))
    if fixtures.recipes:
        from mockserver.seeding.generate import generate

        generate(draft, document)


def _root(draft: Draft, clock: Clock, seed: int) -> Root:
    records = {entry.id: entry.record for entry in draft.entries if entry.record is not None}
    return Root(
        records=HashTrieMap(records),
        names=HashTrieMap(draft.unique_names()),
        listing=Listing.of(records.values()),
        web=Web.of(tie_all(draft)),
        clock=clock,
        seed=seed,
        drawn=draft.ids.drawn,
    )
