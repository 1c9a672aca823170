"""What stands in a commit: a whole state, or the writes that lead from one to the next."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from mockserver.stores.store import Commit
from mockserver.world.events import Events
from mockserver.world.faults import Faults
from mockserver.world.outbox import Outbox
from mockserver.world.redo import encode, redo
from mockserver.world.root import Root
from mockserver.world.transaction import Write
from mockserver.world.transfer import export_state, import_state

NO_EVENTS = Events()
NOTHING_WRITTEN = encode((), NO_EVENTS)


def whole(root: Root) -> bytes:
    """All of a state; what the document of a state leaves out stands as writes in a line before it."""
    apart: list[Write] = [] if root.faults == Faults() else [("set_faults", root.faults)]
    if root.outbox != Outbox():
        apart.append(("set_outbox", root.outbox))
    return encode(apart, NO_EVENTS) + b"\n" + orjson.dumps(export_state(root))


def opened(body: bytes) -> Root:
    """The state of a whole commit."""
    apart, _, document = body.partition(b"\n")
    return redo(import_state(orjson.loads(document), {}, trusted=True), apart)


def step(id: str, parent: str, root: Root, writes: Iterable[Write]) -> Commit:
    """The commit that follows from another one, whose root is given, by these writes."""
    return Commit(id, parent, encode(writes, root.events))


def followed(root: Root, commit: Commit) -> Root:
    """The state that a commit leads to from that of its parent."""
    return root if commit.body == NOTHING_WRITTEN else redo(root, commit.body)
