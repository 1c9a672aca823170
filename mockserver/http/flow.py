"""When a connection is read: not while anything that came on it earlier waits for its turn."""

from __future__ import annotations

import asyncio
from collections.abc import Sized
from typing import Protocol

from uvicorn.protocols.http.flow_control import FlowControl


class Reader(Protocol):
    """Who reads: `pipeline` holds requests, and `held` bytes, that are not to be looked at yet."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport

    @property
    def pipeline(self) -> Sized: ...
    @property
    def held(self) -> Sized: ...
    def read_on(self) -> None: ...


class Flow(FlowControl):
    """As uvicorn's, but what is asked of it is done when its time has come; `reader` is None once the line is lost."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader.transport)
        self.reader: Reader | None = reader
        self._wanted = True

    def pause_reading(self) -> None:
        self._wanted = False
        super().pause_reading()

    def resume_reading(self) -> None:
        self._wanted = True
        self.settle()

    def settle(self) -> None:
        reader = self.reader
        if reader is None or not self._wanted or reader.pipeline:
            return
        if reader.held:
            reader.loop.call_soon(reader.read_on)
        else:
            super().resume_reading()
