"""How a root came to be: what was touched since an earlier one, so that what was worked out there need not be anew."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.world.record import Record
    from mockserver.world.root import Root

MOST_STEPS = 1000


class Descent:
    """A step from the root before to this one, or with none before it a beginning.

    `index` is what was worked out of a root at this step, if anybody asked. It says of an id whether it is in there.
    `ground` is the root at a beginning that others followed.
    """

    __slots__ = ("before", "ground", "index", "steps", "touched")

    def __init__(self, before: Descent | None = None, touched: frozenset[str] = frozenset()) -> None:
        self.before = before
        self.touched = touched
        self.steps: int = 0 if before is None else before.steps + 1
        self.ground: Root | None = None
        self.index: Any = None

    def __eq__(self, other: object) -> bool:
        """How a root came to be is no part of what it is."""
        return other is None or isinstance(other, Descent)

    def __hash__(self) -> int:
        return 0

    def back(self) -> tuple[Descent, set[str]]:
        """The last step of which something was worked out, or the beginning; and what was touched since."""
        at, touched = self, set[str]()
        while at.index is None and at.before is not None:
            touched |= at.touched
            at = at.before
        return at, touched

    def settle(self, index: Any) -> None:
        """Keeps what was worked out here; what came before is not needed any more."""
        self.index, self.before, self.touched, self.steps = index, None, frozenset(), 0


def follow(root: Root, records: Mapping[str, Record], touched: Iterable[str]) -> Descent | None:
    """The descent of what was made of a root by touching these records; those that are there now are given too."""
    descent = root.descent
    ids = frozenset(touched)
    if descent is None or not ids:
        return descent
    if descent.before is None and descent.index is None and descent.ground is None:
        descent.ground = root
    if descent.steps < MOST_STEPS:
        return Descent(descent, ids)
    base, since = descent.back()
    known: Container[str] = base.index
    if known is None:
        assert base.ground is not None
        known = base.ground.records
    return Descent(base, frozenset(id for id in since | ids if id in records or id in known))
