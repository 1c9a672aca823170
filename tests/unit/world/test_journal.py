"""The ring of latest requests, and how each is told."""

from __future__ import annotations

from mockserver.exchange import Call, LongHeaders, Problem, Reason, Reply, Violation
from mockserver.world.journal import BODY_SHOWN, OVERHEAD, Budget, Journal


def write(journal: Journal, path: str = "/", body: bytes = b"", reason: Reason | None = None) -> None:
    call = Call("PUT", path, "a=1", {"authorization": "Bearer secret", "cookie": "secret", "accept": "*/*"}, body)
    journal.write(7, "op", "ann", call, Reply(200, b"{}"), reason)


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
    write(journal, reason=Problem.of([Violation("query limit", "too small"), Violation("body", "empty")]).reason)
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


def test_journals_together_hold_no_more_than_the_budget_says() -> None:
    budget = Budget(limit=20 * OVERHEAD)
    journals = [Journal(size=100, budget=budget) for _ in range(3)]

    for number in range(120):
        write(journals[number % 3], f"/{number}", body=b"x" * (number % 7 * 100))
        assert budget.used <= budget.limit
        assert budget.used == sum(journal.weight for journal in journals)
        assert min(len(journal) for journal in journals[: number + 1]) >= 1

    for journal in journals:
        journal.clear()
    assert budget.used == 0


def test_a_long_target_and_long_headers_count_too() -> None:
    journal = Journal()
    long = Call("GET", "/" + "p" * 100, "q" * 1000, LongHeaders(x="h" * 10_000))
    journal.write(7, None, None, long, Reply(200), None)

    assert journal.weight == OVERHEAD + 101 + 1000 + 10_001


def test_a_journal_that_is_full_leaves_room_for_those_of_other_worlds() -> None:
    budget = Budget(limit=100 * OVERHEAD)
    greedy, modest = Journal(size=1000, budget=budget), Journal(size=1000, budget=budget)
    for number in range(500):
        write(greedy, f"/{number}")

    for number in range(40):
        write(modest, f"/{number}")

    assert [entry.call.path for entry in modest] == [f"/{number}" for number in range(40)]
    assert [entry.call.path for entry in greedy][-1] == "/499"
    assert len(greedy) >= 40


def test_an_entry_that_is_too_heavy_for_the_budget_stays_alone() -> None:
    budget = Budget(limit=4 * OVERHEAD)
    journal, other = Journal(budget=budget), Journal(budget=budget)
    write(other, "/other")
    for number in range(3):
        write(journal, f"/{number}", body=b"x" * 8 * OVERHEAD)

    assert [entry.call.path for entry in journal] == ["/2"]
    assert [entry.call.path for entry in other] == ["/other"]


def test_the_bytes_of_a_world_that_is_gone_are_free_again() -> None:
    budget = Budget(limit=5 * OVERHEAD)
    gone = Journal(budget=budget)
    for _ in range(3):
        write(gone)
    gone.clear()
    del gone
    left = Journal(budget=budget)
    for _ in range(4):
        write(left)

    assert (len(left), len(budget.journals)) == (4, 1)
