"""A connection to PostgreSQL that nobody waits at: trips go out as libpq sends them, and come back in order."""

from __future__ import annotations

from collections import deque
from typing import Any

import psycopg
from psycopg import pq

from mockserver.stores.sql import Rows
from mockserver.stores.store import CourierLost
from mockserver.stores.trips import Trip

TEXT, BINARY = 0, 1


class PostgresCourier:
    """Each statement is prepared when it is first sent. What goes wrong, whatever it is, ends the connection's use."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._line = connection.pgconn
        self._line.nonblocking = 1
        self._line.enter_pipeline_mode()
        self._prepared: dict[bytes, bytes] = {}
        self._under_way: deque[Trip[Any]] = deque()
        self._found: list[Rows] = []

    def fileno(self) -> int:
        return self._line.socket

    def send(self, trip: Trip[Any]) -> bool:
        try:
            for statement, *given in trip.asked:
                formats = [BINARY if isinstance(each, bytes) else TEXT for each in given]
                values = [_sent(each) for each in given]
                self._line.send_query_prepared(self._name(statement), values, formats)
            self._line.pipeline_sync()
            self._under_way.append(trip)
            return self.flush()
        except psycopg.Error as error:
            raise CourierLost from error

    def flush(self) -> bool:
        try:
            return self._line.flush() == 0
        except psycopg.Error as error:
            raise CourierLost from error

    def receive(self) -> list[Any]:
        try:
            self._line.consume_input()
            done: list[Any] = []
            while self._under_way and not self._line.is_busy():
                self._take(self._line.get_result(), done)
        except psycopg.Error as error:
            raise CourierLost from error
        return done

    def close(self) -> None:
        self._connection.close()

    def _take(self, result: Any, done: list[Any]) -> None:
        """One result; there is none between two statements."""
        if result is None or result.status == pq.ExecStatus.COMMAND_OK:
            return
        if result.status == pq.ExecStatus.TUPLES_OK:
            self._found.append(_rows(result))
        elif result.status == pq.ExecStatus.PIPELINE_SYNC:
            found, self._found = self._found, []
            done.append(self._under_way.popleft().read(found))
        else:
            raise CourierLost(result.error_message)

    def _name(self, statement: bytes) -> bytes:
        name = self._prepared.get(statement)
        if name is None:
            name = self._prepared[statement] = b"trip_%d" % len(self._prepared)
            self._line.send_prepare(name, statement)
        return name


def _sent(value: object) -> bytes | None:
    return value if value is None or isinstance(value, bytes) else str(value).encode()


def _rows(result: Any) -> Rows:
    get, columns = result.get_value, range(result.nfields)
    return [tuple(get(row, column) for column in columns) for row in range(result.ntuples)]
