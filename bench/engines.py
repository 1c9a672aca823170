"""Engines for texts side by side: made, asked, written to and forked, each in a process of its own."""

from __future__ import annotations

import resource
import sqlite3
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import median
from types import MappingProxyType
from typing import Any, Protocol

from mockserver.search import bits
from mockserver.search.clauses import Text
from mockserver.search.matching import Sight, scores
from mockserver.search.ranking import Ranking
from mockserver.search.segment import Entry, Kind, Segment

TIMES = 20
Figures = tuple[float, ...]


class Engine(Protocol):
    """Finds the best ten documents, and how many there are."""

    def ask(self, word: str) -> int: ...
    def write(self, number: int) -> Engine: ...
    def fork(self) -> Engine: ...


def texts(number: int) -> dict[str, str]:
    return {"name": f"table_{number}", "fqn": f"measured.measured.measured.table_{number}", "description": "a table"}


class Fts5:
    """SQLite's full-text table, in memory; a fork is a copy."""

    def __init__(self, count: int) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.execute("CREATE VIRTUAL TABLE t USING fts5(name, fqn, description, tokenize='unicode61')")
        rows = (tuple(texts(number).values()) for number in range(count))
        self._database.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
        self._database.commit()

    def ask(self, word: str) -> int:
        quoted = f'"{word}"'
        best = "SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t, 10, 6, 2) LIMIT 10"
        self._database.execute(best, (quoted,)).fetchall()
        found: int = self._database.execute("SELECT count(*) FROM t WHERE t MATCH ?", (quoted,)).fetchone()[0]
        return found

    def write(self, number: int) -> Fts5:
        self._database.execute("UPDATE t SET description = 'written' WHERE rowid = ?", (number,))
        self._database.commit()
        return self

    def fork(self) -> Fts5:
        copy = Fts5(0)
        self._database.backup(copy._database)
        return copy


class Tantivy:
    """The library of that name, in memory; it has no copies, so a fork is made anew."""

    def __init__(self, count: int) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        for name in ("name", "fqn", "description"):
            builder.add_text_field(name, stored=True)
        builder.add_integer_field("number", indexed=True, stored=True)
        self._count = count
        self._index = tantivy.Index(builder.build())
        self._writer = self._index.writer()
        for number in range(count):
            self._writer.add_document(self._document(number, {}))
        self._seen()

    def _document(self, number: int, changed: Mapping[str, str]) -> Any:
        import tantivy

        return tantivy.Document(number=number, **{**texts(number), **changed})

    def _seen(self) -> None:
        self._writer.commit()
        self._index.reload()

    def ask(self, word: str) -> int:
        query = self._index.parse_query(f'"{word}"', ["name", "fqn", "description"])
        found: Any = self._index.searcher().search(query, 10)
        return int(found.count)

    def write(self, number: int) -> Tantivy:
        self._writer.delete_documents("number", number)
        self._writer.add_document(self._document(number, {"description": "written"}))
        self._seen()
        return self

    def fork(self) -> Tantivy:
        return Tantivy(self._count)


class Ours:
    """Segments that do not change, so that a fork has the same."""

    KIND = Kind("table", frozenset(), lambda steps: lambda data: data.get(steps[0]))

    def __init__(self, count: int) -> None:
        segment = Segment(self._entry(number, {}) for number in range(count))
        self._parts = [(segment, bits.upto(count))]

    def _entry(self, number: int, changed: Mapping[str, str]) -> Entry:
        told = texts(number)
        data = {"fullyQualifiedName": told.pop("fqn"), **told, **changed}
        return Entry(str(number), told["name"], self.KIND, False, 0.0, MappingProxyType(data), None)

    def ask(self, word: str) -> int:
        sights = [(Sight(segment, _unshown), there) for segment, there in self._parts]
        ranking = Ranking((sight, scores(Text(word), sight, there)) for sight, there in sights)
        ranking.by_score(0, 10)
        return ranking.total

    def write(self, number: int) -> Ours:
        made = Ours(0)
        segment, there = self._parts[0]
        made._parts = [
            (segment, there & ~(1 << segment.numbers[str(number)])),
            (Segment([self._entry(number, {"description": "written"})]), 1),
        ]
        return made

    def fork(self) -> Ours:
        return self


def _unshown(number: int) -> Any:
    raise AssertionError("a page of numbers shows nothing")


ENGINES: Mapping[str, Callable[[int], Engine]] = {"SQLite FTS5": Fts5, "tantivy": Tantivy, "bits": Ours}


def measured_apart(name: str, count: int) -> Figures:
    """Seconds to be made, megabytes, and milliseconds to be asked for little and for all, written to, and forked."""
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        return apart.submit(_measured, name, count).result()


def _measured(name: str, count: int) -> Figures:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    engine = ENGINES[name](count)
    engine.ask("table_1")
    made = time.perf_counter() - begun
    megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    few = _median(lambda at: engine.ask(f"table_{at}"))
    many = _median(lambda at: engine.ask("measured"))
    written = _median(lambda at: engine.write(at + 1).ask(f"table_{at}"))
    return (made, megabytes, few, many, written, _median(lambda at: engine.fork(), 3))


def _median(deed: Callable[[int], object], times: int = TIMES) -> float:
    found = []
    for at in range(times):
        begun = time.perf_counter()
        deed(at)
        found.append((time.perf_counter() - begun) * 1e3)
    return median(found)
