"""Which fields a read asks for, and which operations of policies it needs for them."""

from __future__ import annotations

from mockserver.behaviours.context import Context
from mockserver.exchange import Problem, Violation

EVERY_FIELD = "*"
BASIC, WHOLE = "ViewBasic", "ViewAll"
# What belongs to the basics of every type of record; a field that nobody speaks of needs the view of the whole.
COMMON = dict.fromkeys(
    ("owners", "followers", "votes", "tags", "extension", "domains", "dataProducts", "experts", "reviewers"), BASIC
)


def asked(context: Context) -> frozenset[str]:
    """The fields that `fields=` names, `*` among them as it is; Problem 400 where one of them does not exist."""
    given = context.arguments.get("fields")
    if not given:
        return frozenset()
    texts = given.split(",") if isinstance(given, str) else given
    fields = frozenset(text.strip(" ") for text in texts) - {""}
    if EVERY_FIELD in fields:
        return fields
    known = context.resource.properties
    for field in sorted(fields):
        if known and field not in known:
            raise Problem(400, f"Invalid field name {field}", violations=(Violation("query fields", field),))
    return fields


def needed(context: Context) -> list[str]:
    """The operations that a read needs: the basic one, or those of the fields asked for, in the contract's order."""
    usual = context.operation.permission or WHOLE
    fields = asked(context) if usual == BASIC and context.operation.resource is not None else frozenset()
    if not fields:
        return [usual]
    by_field = {**COMMON, **context.resource.views}
    wanted = {by_field.get(field, WHOLE) for field in fields}
    if WHOLE in wanted:
        return [WHOLE]
    known: list[str] = context.contract.parts["components"]["schemas"]["PolicyOperation"]["enum"]
    return sorted(wanted, key=known.index)
