"""What is made of a run as a whole: doubts about its silence, and secrets kept out of its words."""

from mockserver.check.collect import Collector
from mockserver.check.operations import operations_of

DOCUMENT = {"paths": {"/books": {"get": {"operationId": "listBooks"}, "post": {"operationId": "createBook"}}}}
TOKEN = "it's a secret"


def collector(*statuses: dict[int, int]) -> Collector:
    """A collector whose operations, in turn, have answered so."""
    made = Collector(operations_of(DOCUMENT), [], seed=1, token=TOKEN)
    for tally, counted in zip(made.tallies.values(), statuses, strict=True):
        tally.statuses.update(counted)
    return made


def doubts(*statuses: dict[int, int], thorough: bool = True, longest_chain: int | None = None) -> tuple[str, ...]:
    made = collector(*statuses)
    made.longest_chain = longest_chain or 0
    made.doubt(thorough=thorough, chained=longest_chain is not None)
    return made.problems


def test_a_run_in_which_all_were_asked_leaves_no_doubt() -> None:
    assert doubts({200: 3}, {401: 1, 201: 1}) == ()


def test_a_run_that_sent_nothing_proves_nothing() -> None:
    assert doubts({}, {}) == ("not one request was sent",)


def test_a_thorough_run_must_have_asked_every_operation() -> None:
    assert doubts({200: 3}, {}) == ("POST /books: not one request was sent",)
    assert doubts({200: 3}, {}, thorough=False) == ()


def test_a_run_of_chains_must_have_got_further_than_the_first_request() -> None:
    assert doubts({200: 3}, {201: 1}, longest_chain=2) == ()
    assert doubts({200: 3}, {201: 1}, longest_chain=1) == (
        "not one chain of requests was tried, though operations link to others",
    )


def test_a_run_of_refusals_was_refused_its_token() -> None:
    assert doubts({401: 3}, {401: 1}) == ("every answer was 401: the token was refused",)


def test_the_token_is_kept_out_of_commands_which_still_can_be_pasted() -> None:
    made = collector({}, {})
    made.problem(f"curl -H 'Authorization: Bearer it'\"'\"'s a secret' http://host/?again={TOKEN}")

    assert made.problems == ('curl -H "Authorization: Bearer $TOKEN" http://host/?again=$TOKEN',)
