"""The verbs on accounts: everything that has to do with passwords, sessions and tokens is the product's own."""

from __future__ import annotations

from mockserver.behaviours.context import Answer, Context


def account(context: Context) -> Answer:
    """Does what the operation is declared to do."""
    return context.dialect.accounts(context, str(context.operation.settings["does"]))
