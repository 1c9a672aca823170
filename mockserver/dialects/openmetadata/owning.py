"""Which teams may own: those that have members."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.behaviours.context import Context
from mockserver.exchange import Problem
from mockserver.world.links import Links

OWNERS = "owners"


def check(context: Context, links: Mapping[str, Links]) -> None:
    """Refuses owners to be that may not own."""
    for owner in (record for id in links.get(OWNERS, ()) if (record := context.world.record(id)) is not None):
        ranks = context.contract.resources[owner.resource].ranks
        if ranks is not None and ranks.holds[owner.data[ranks.by]]:
            leaf = next(kind for kind, below in ranks.holds.items() if not below)
            only = f"Only Team of type {leaf} can own entities."
            raise Problem(400, f"Team of type {owner.data[ranks.by]} can't own entities. {only}")
