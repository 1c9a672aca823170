"""What stands in a commit: a whole state, or the writes that lead from one to the next."""

from __future__ import annotations

from collections.abc import Iterable

import orjson

from mockserver.stores.store import Commit
from mockserver.world.faults import Faults
from mockserver.world.outbox import Outbox
from mockserver.world.redo import decode, encode, replay
from mockserver.world.root import Root
from mockserver.world.transaction import Write
from mockserver.world.transfer import export_state, import_state

NOTHING_WRITTEN = encode(())


def whole(root: Root) -> bytes:
    """All of a state; what the document of a state leaves out stands as writes in a line before it."""
    apart: list[Write] = [] if root.faults == Faults() else [("set_faults", root.faults)]
    if root.outbox != Outbox():
        apart.append(("set_outbox", root.outbox))
    return encode(apart) + b"\n" + orjson.dumps(export_state(root))


def opened(body: bytes) -> Root:
    """The state of a whole commit."""
    apart, _, document = body.partition(b"\n")
    return replay(import_state(orjson.loads(document), {}, trusted=True), decode(apart))


def step(id: str, parent: str, writes: Iterable[Write]) -> Commit:
    """The commit that follows from another one by these writes."""
    return Commit(id, parent, encode(writes))


def followed(root: Root, commit: Commit) -> Root:
    """The state that a commit leads to from that of its parent."""
    return root if commit.body == NOTHING_WRITTEN else replay(root, decode(commit.body))
