"""What the servers of one store ask one another: who is there, a question to all, and their answers."""

from __future__ import annotations

import time

from mockserver.stores import statements as sql
from mockserver.stores.sql import Session, SqlStore

# Who was not seen for so long is gone.
GONE_SECONDS = 15.0


class Exchange:
    """One server's part in it."""

    def __init__(self, store: SqlStore, server: str) -> None:
        self._store = store
        self._server = server

    def be_seen(self) -> None:
        """Says that this server is there; forgets those that are not, and questions that nobody waits for."""
        now = time.time()

        def work(session: Session) -> None:
            session.do(sql.SEEN, {"server": self._server, "now": now})
            session.do(sql.UNSEEN, {"before": now - 2 * GONE_SECONDS, "gone": ""})
            session.do(sql.OLD_QUESTIONS, {"before": now - GONE_SECONDS, "done": ""})

        self._store.write(work)

    def leave(self) -> None:
        """Says that this server goes."""
        self._store.write(lambda session: session.do(sql.UNSEEN, {"before": 0.0, "gone": self._server}))

    def others(self) -> set[str]:
        """The other servers that were seen lately."""
        given = {"server": self._server, "since": time.time() - GONE_SECONDS}
        return {id for (id,) in self._store.ask(sql.OTHERS, given)}

    def put(self, question: str, asked: str) -> None:
        """Asks all others."""
        given = {"id": question, "server": self._server, "asked": asked, "now": time.time()}
        self._store.write(lambda session: session.do(sql.NEW_QUESTION, given))

    def questions(self) -> list[tuple[str, str]]:
        """What others ask, and this server has not answered yet: id and text."""
        return [(id, asked) for id, asked in self._store.ask(sql.QUESTIONS, {"server": self._server})]

    def answer(self, question: str, body: bytes) -> None:
        given = {"question": question, "server": self._server, "body": body}
        self._store.write(lambda session: session.do(sql.NEW_ANSWER, given))

    def answers(self, question: str) -> dict[str, bytes]:
        """What was answered so far, by server."""
        return {server: bytes(body) for server, body in self._store.ask(sql.ANSWERS, {"question": question})}

    def close(self, question: str) -> None:
        """Nobody waits for answers any more."""
        self._store.write(lambda session: session.do(sql.OLD_QUESTIONS, {"before": 0.0, "done": question}))
