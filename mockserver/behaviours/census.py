"""The verbs that tell of the whole server: how much there is of what, and by which keys its tokens are checked."""

from __future__ import annotations

from mockserver.behaviours.context import Answer, Context


def census(context: Context) -> Answer:
    """How many living records there are of some resources together, under each name that the contract has for it."""
    context.dialect.authorize(context, [context.operation.permission or "ViewAll"])
    counted = context.operation.settings["counts"]
    keys = context.world.keys
    return Answer(200, {name: sum(len(keys(resource)) for resource in each) for name, each in counted.items()})


def key_set(context: Context) -> Answer:
    """The public keys, for who checks tokens."""
    return Answer(200, context.signer.key_set())
