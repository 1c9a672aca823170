"""Commits as roots: those that this process knows, and those that it has to read first."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from mockserver.stores.bodies import NOTHING_WRITTEN, followed, opened, step, whole
from mockserver.stores.store import Commit, Store, Vanished
from mockserver.world.draft import Draft
from mockserver.world.root import Root

MOST_KNOWN = 512
# What reading a commit costs, beside its bytes.
OVERHEAD = 256
LEAST_WEIGHT = 1024 * 1024
# A byte of a change is read in a fraction of the time that one of a whole state takes.
MOST_WEIGHT = 4


class Ground:
    """The whole commit that others are built on: its bytes, and those of the writes before it on the same line."""

    __slots__ = ("base", "before")

    def __init__(self, base: int) -> None:
        self.base = base
        self.before = 0

    def raised(self, base: int, since: int) -> None:
        """A commit up the line was made whole, so that those that follow from it are built on that one."""
        self.base, self.before = base, since


class Known(NamedTuple):
    """A root, what it was built on, and the bytes of the writes that led from there."""

    root: Root
    ground: Ground
    since: int = 0

    def after(self, root: Root, size: int) -> Known:
        return Known(root, self.ground, self.since + size + OVERHEAD)

    @property
    def heavy(self) -> bool:
        """Whether reading it anew would take longer than it should: the writes outweigh the state."""
        return self.since - self.ground.before > max(MOST_WEIGHT * self.ground.base, LEAST_WEIGHT)


Line = Mapping[str, Known]


class Roots:
    """The latest known ones, a bounded number, and `seeds`: what new worlds begin on takes long to read."""

    def __init__(self, store: Store) -> None:
        self.seeds: Line = {}
        self._store = store
        self._known: dict[str, Known] = {}

    def add(self, known: Line) -> None:
        self._known.update(known)
        while len(self._known) > MOST_KNOWN:
            self._known.pop(next(iter(self._known)), None)

    def load(self, ids: Collection[str], held: Line) -> dict[str, Known]:
        """The roots of these commits, those that are neither known nor held read from the store."""
        known = {**self.seeds, **self._known, **held}
        missing = {id for id in ids if id not in known}
        return self.learn(self._store.lineage(missing, list(known)) if missing else (), ids, held)

    def learn(self, commits: Collection[Commit], ids: Collection[str], held: Line) -> dict[str, Known]:
        """The same, once these commits were read. Vanished when they are not all."""
        new: dict[str, Known] = {}
        line = ChainMap(new, dict(held), dict(self._known), dict(self.seeds))
        for commit in _in_order({commit.id: commit for commit in commits}):
            if commit.id not in line:
                new[commit.id] = _built(commit, line)
        self.add(new)
        if not all(id in line for id in ids):
            raise Vanished
        return {id: line[id] for id in ids}


def _in_order(commits: Mapping[str, Commit]) -> list[Commit]:
    """The commits, each behind its parent."""
    ordered: dict[str, Commit] = {}
    for head in commits:
        line = []
        at: str | None = head
        while at is not None and at in commits and at not in ordered:
            line.append(commits[at])
            at = commits[at].parent
        ordered.update((commit.id, commit) for commit in reversed(line))
    return list(ordered.values())


def _built(commit: Commit, known: Line) -> Known:
    if commit.parent is None:
        return Known(opened(commit.body), Ground(len(commit.body)))
    if commit.parent not in known:
        raise Vanished
    parent = known[commit.parent]
    return parent.after(followed(parent.root, commit), len(commit.body))


class Staged(NamedTuple):
    """What a draft comes to: new commits, their roots, the name of each root, and the last commit."""

    commits: tuple[Commit, ...]
    known: dict[str, Known]
    names: dict[int, str]
    head: str


def stage(draft: Draft, line: Line, new_id: Callable[[], str]) -> Staged:
    """The commits that a draft comes to; there is always a new one at its end."""
    commits: list[Commit] = []
    known: dict[str, Known] = {}
    names = {id(each.root): name for name, each in line.items()}

    def add(commit: Commit, made: Known) -> None:
        commits.append(commit)
        known[commit.id] = made
        names[id(made.root)] = commit.id

    def base(root: Root) -> tuple[str, Known]:
        if id(root) not in names:
            body = whole(root)
            add(Commit(new_id(), None, body), Known(root, Ground(len(body))))
        name = names[id(root)]
        return name, known.get(name) or line[name]

    for before, writes, root in draft.steps():
        parent, grounds = base(before)
        commit = step(new_id(), parent, before, writes)
        add(commit, grounds.after(root, len(commit.body)))
    for root in (*(kept.root for kept in draft.snapshots.values()), draft.root):
        base(root)
    head = names[id(draft.root)]
    if head not in known:
        commit = Commit(new_id(), head, NOTHING_WRITTEN)
        add(commit, line[head].after(draft.root, 0))
        head = commit.id
    return Staged(tuple(commits), known, names, head)
