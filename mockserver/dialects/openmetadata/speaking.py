"""The part of the dialect that is about telling: alerts and the feed, each read when it is first asked for."""

from __future__ import annotations

from typing import Any

from mockserver.behaviours.context import Answer, Context
from mockserver.world.record import Record

Json = Any


class Speaking:
    """What others are told of changes, and what people say about records."""

    def told(self, context: Context, record: Record | None) -> Json:
        from mockserver.dialects.openmetadata import tellings

        return tellings.told(context, record)

    def tell(self, context: Context, record: Record | None) -> Json:
        from mockserver.dialects.openmetadata import tellings

        return tellings.tell(context, record)

    def threads(self, context: Context) -> Answer:
        from mockserver.dialects.openmetadata import feed

        return feed.answer(context)

    def converse(self, context: Context) -> Answer:
        from mockserver.dialects.openmetadata import conversing

        return conversing.converse(context)

    def errands(self, context: Context) -> Answer:
        from mockserver.dialects.openmetadata import errands

        return errands.answer(context)
