"""OpenMetadata's manners with callers: who they are, what they may do, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mockserver.behaviours.context import Access, Answer, Context, Principal
from mockserver.dialects.openmetadata import build
from mockserver.exchange import Problem
from mockserver.world.recall import Reader
from mockserver.world.record import Record
from mockserver.world.transaction import Transaction

ADMIN = "admin"
# Kinds of tokens that are good only where the user is known to have them.
HELD = ("PERSONAL_ACCESS", "REFRESH_TOKEN")


class Guarding:
    """Who calls, and what they may do; what weighs policies is read when the first comes who is no administrator."""

    def principal(self, world: Reader, name: str, token: str | None = None, kind: str = "") -> Principal | None:
        user = build.user_named(world, name)
        if user is None:
            return None
        # A user whose tokens were never touched may use every one that is well signed.
        if token is not None and (kind in HELD or "credentials" in user.data):
            from mockserver.dialects.openmetadata import credentials

            credentials.admit(user, token, kind)
        return Principal(name, user.id, bool(user.data.get("isAdmin")), bool(user.data.get("isBot")))

    def anonymous(self, world: Transaction) -> Principal:
        return self.principal(world, ADMIN) or Principal(ADMIN, admin=True)

    def authorize(self, context: Context, operations: Iterable[str], record: Record | None = None) -> None:
        if context.principal.admin:
            return
        from mockserver.dialects.openmetadata import policies, vouching

        needed = list(operations)
        try:
            policies.authorize(context, needed, record)
        except Problem:
            if not vouching.vouched(context, needed, record):
                raise

    def authorize_view(self, context: Context, record: Record | None = None) -> None:
        if context.principal.admin:
            return
        from mockserver.dialects.openmetadata import viewing

        self.authorize(context, viewing.needed(context), record)

    def hides(self, context: Context) -> Callable[[Record], bool] | None:
        if context.principal.admin:
            return None
        from mockserver.dialects.openmetadata import policies

        return policies.hides(context)

    def narrows(self, context: Context) -> Callable[[Record], bool] | None:
        if context.principal.admin:
            return None
        from mockserver.dialects.openmetadata import narrowing

        return narrowing.narrows(context)

    def severs(self, context: Context) -> Callable[[Record], bool] | None:
        if context.principal.admin:
            return None
        from mockserver.dialects.openmetadata import narrowing

        return narrowing.severs(context)

    def accounts(self, context: Context, does: str) -> Answer:
        from mockserver.dialects.openmetadata import doors

        return doors.DOORS[does](context)

    def access(self) -> Access:
        from mockserver.dialects.openmetadata import permissions

        return permissions
