"""What all SQL stores do alike: one transaction for a list of changes, and the questions that are asked."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from mockserver.stores import statements as sql
from mockserver.stores.store import CannotOpen, Change, Commit, Courier, CourierLost, Ref, Standing, Stored

if TYPE_CHECKING:
    from mockserver.stores.exchange import Exchange

T = TypeVar("T")
Rows = list[tuple[Any, ...]]
Parameters = Mapping[str, Any]
NONE: Parameters = {}
# A commit that nothing leads to may be about to be led to.
SPARED_SECONDS = 600.0
MOST_GONE = 10_000
ALL = 2**31 - 1


class Refused(Exception):
    """A change came too late."""


class Session(Protocol):
    """A connection in a transaction."""

    def ask(self, statement: str, parameters: Parameters = ...) -> Rows: ...

    def do(self, statement: str, parameters: Parameters = ...) -> int:
        """How many rows were concerned."""

    def attempt(self) -> AbstractContextManager[list[Exception]]:
        """A part of the transaction, and what undid it: Refused, or a reference that leads nowhere."""


Work = Callable[[Session], T]


class SqlStore(ABC):
    """A store in SQL; `texts` selects each text in the JSON list that a parameter is, `instant` as Store has it.

    `lock` ends a question that holds the rows it finds, where a transaction that writes does not hold all of them.
    """

    texts: str
    lock: str
    instant: bool

    def note(self, call: str, seconds: float, late: int, /) -> None:
        """Nobody wants to know."""
        return

    @abstractmethod
    def write(self, work: Work[T]) -> T:
        """Does something in a transaction that is kept for good when this returns. It may be done again."""

    def write_apart(self, work: Work[T]) -> T:
        """The same where it may take long, and must keep no other write of this process waiting that need not wait."""
        return self.write(work)

    @abstractmethod
    def ask(self, statement: str, parameters: Parameters = NONE) -> Rows:
        """What a single statement finds, which changes nothing."""

    @abstractmethod
    def close(self) -> None: ...

    def apply(self, changes: Sequence[Change]) -> list[bool]:
        # In one order everywhere, so that no two wait for one another.
        order = sorted(range(len(changes)), key=lambda at: changes[at].name)

        def work(session: Session) -> list[bool]:
            taken = [False] * len(changes)
            for at in order:
                taken[at] = _take(session, changes[at])
            return taken

        return self.write(work)

    def in_turn(self, name: str, made: Callable[[], Change | None]) -> bool:
        tried: list[Change] = []

        def work(session: Session) -> bool:
            session.ask(sql.TURN.format(lock=self.lock), {"name": name})
            if tried and session.ask(sql.TAKEN, {"id": tried[-1].id}):
                # It was kept, and the connection was lost before this was heard of.
                return True
            change = made()
            if change is None:
                return True
            tried.append(change)
            return _take(session, change)

        return self.write_apart(work)

    def standings(self, names: Collection[str]) -> dict[str, Standing]:
        found = self.ask(sql.STANDINGS.format(names=self._each("names")), {"names": json.dumps(list(names))})
        return {name: Standing(version, initial) for name, version, initial in found}

    def courier(self) -> Courier:
        raise CourierLost

    def rows(self, names: Collection[str] | None = None) -> list[Stored]:
        if names is None:
            found = self.ask(sql.WORLDS.format(chosen=""))
        else:
            chosen = sql.CHOSEN_WORLDS.format(names=self._each("names"))
            found = self.ask(sql.WORLDS.format(chosen=chosen), {"names": json.dumps(list(names))})
        snapshots: dict[str, dict[str, Ref]] = {}
        for world, *_, name, commit, records in found:
            kept = snapshots.setdefault(world, {})
            if name is not None:
                kept[name] = Ref(commit, records)
        worlds = {each[0]: each[:9] for each in found}
        return [Stored(*each)._replace(snapshots=snapshots[name]) for name, each in worlds.items()]

    def gone(self, name: str) -> str | None:
        found = self.ask(sql.WHY_GONE, {"name": name})
        return found[0][0] if found else None

    def lineage(self, heads: Collection[str], known: Collection[str]) -> list[Commit]:
        asked = sql.LINEAGE.format(known=self._each("known"), heads=self._each("heads"))
        found = self.ask(asked, {"heads": json.dumps(list(heads)), "known": json.dumps(list(known))})
        return [Commit(id, parent, bytes(body)) for id, parent, body in found]

    def exchange(self, server: str) -> Exchange:
        from mockserver.stores.exchange import Exchange

        return Exchange(self, server)

    def keep(self, commit: Commit) -> None:
        self.write(lambda session: session.do(sql.SPARE_COMMIT, {**commit._asdict(), "now": time.time()}))

    def make_whole(self, id: str, body: bytes) -> None:
        self.write(lambda session: session.do(sql.WHOLE_COMMIT, {"id": id, "body": body}))

    def collect(self) -> int:
        def work(session: Session) -> int:
            session.do(sql.OLD_GONE, {"all": ALL, "most": MOST_GONE})
            return session.do(sql.UNREACHED, {"before": time.time() - SPARED_SECONDS})

        return self.write(work)

    def touch(self, used: Mapping[str, float]) -> None:
        def work(session: Session) -> None:
            for name in sorted(used):
                session.do(sql.USE_WORLD, {"name": name, "used": used[name]})

        self.write(work)

    def next_number(self) -> int:
        def work(session: Session) -> int:
            session.do(sql.NEXT_NUMBER)
            return int(session.ask(sql.META, {"name": "number"})[0][0])

        return self.write(work)

    def claim(self, contract: str) -> None:
        """Notes what is kept here; CannotOpen when it is something else."""

        def work(session: Session) -> str:
            session.do(sql.NEW_META, {"name": "contract", "value": contract})
            kept: str = session.ask(sql.META, {"name": "contract"})[0][0]
            return kept

        kept = self.write(work)
        if kept != contract:
            raise CannotOpen(f"it holds worlds of the contract {kept}, not of {contract}; choose another store")

    def _each(self, name: str) -> str:
        return self.texts.format(name=name)


def _take(session: Session, change: Change) -> bool:
    now = time.time()
    with session.attempt() as undone:
        for commit in change.commits:
            session.do(sql.NEW_COMMIT, {**commit._asdict(), "now": now})
        if not _move(session, change, now):
            raise Refused
    # Perhaps by an earlier attempt whose outcome was never heard of.
    return not undone or bool(session.ask(sql.TAKEN, {"id": change.id}))


def _move(session: Session, change: Change, now: float) -> bool:
    """Makes the row what it should be; false when it is not what it was."""
    before, after = change.before, change.after
    was = {} if before is None else {"was": before.version, "first": before.initial}
    if after is None:
        if not session.do(sql.DELETE_WORLD, {"name": change.name, **was}):
            return False
        session.do(sql.MOURN, {"name": change.name, "reason": change.reason, "change": change.id, "now": now})
        return True
    row = {**after._asdict(), "now": now, **was}
    del row["snapshots"]
    if not session.do(sql.NEW_WORLD if before is None else sql.MOVE_WORLD, row):
        return False
    if before is None:
        session.do(sql.FORGET_GONE, {"name": change.name})
    if after.snapshots != ({} if before is None else before.snapshots):
        _set_snapshots(session, after)
    return True


def _set_snapshots(session: Session, row: Stored) -> None:
    session.do(sql.DELETE_SNAPSHOTS, {"world": row.name})
    for position, (name, ref) in enumerate(row.snapshots.items()):
        kept = {"world": row.name, "name": name, "position": position, **ref._asdict()}
        session.do(sql.NEW_SNAPSHOT, kept)
