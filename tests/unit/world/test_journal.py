"""The ring of latest requests, and how each is told."""

from __future__ import annotations

from mockserver.exchange import Call, Problem, Reply, Violation
from mockserver.world.journal import BODY_SHOWN, Journal


def write(journal: Journal, path: str = "/", body: bytes = b"", problem: Problem | None = None) -> None:
    call = Call("PUT", path, "a=1", {"authorization": "Bearer secret", "cookie": "secret", "accept": "*/*"}, body)
    journal.write(7, "op", "ann", call, Reply(200, b"{}"), problem)


def test_the_oldest_entry_makes_way_and_numbers_go_on() -> None:
    journal = Journal(size=2)
    for path in ("/a", "/b", "/c"):
        write(journal, path)
    assert [(entry.sequence, entry.call.path) for entry in journal] == [(2, "/b"), (3, "/c")]
    assert (len(journal), journal.size, journal.written) == (2, 2, 3)


def test_a_cleared_journal_counts_from_the_start() -> None:
    journal = Journal()
    write(journal)
    journal.clear()
    write(journal)
    assert [entry.sequence for entry in journal] == [1]


def test_an_entry_tells_all_but_secrets() -> None:
    journal = Journal()
    write(journal, "/x", b'"\xff"')
    (entry,) = journal
    assert entry.describe() == {
        "sequence": 1,
        "timestamp": 7,
        "operation": "op",
        "user": "ann",
        "method": "PUT",
        "path": "/x",
        "query": "a=1",
        "headers": {"authorization": "…", "cookie": "…", "accept": "*/*"},
        "body": '"\ufffd"',
        "status": 200,
        "answer": "{}",
    }


def test_a_refusal_tells_its_reason_and_every_violation() -> None:
    journal = Journal()
    write(journal, problem=Problem.of([Violation("query limit", "too small"), Violation("body", "empty")]))
    (entry,) = journal
    described = entry.describe()
    assert described["reason"] == "[query limit: too small, body: empty]"
    assert described["violations"] == [
        {"where": "query limit", "message": "too small"},
        {"where": "body", "message": "empty"},
    ]


def test_a_long_body_is_cut() -> None:
    journal = Journal()
    write(journal, body=b"x" * (2 * BODY_SHOWN))
    (entry,) = journal
    assert len(entry.describe()["body"]) == BODY_SHOWN
