"""The file of exclusions: what it may say, and how it is told when it says something else."""

from pathlib import Path

import pytest

from mockserver.check.exclusions import Exclusion, first_covering, load_exclusions
from mockserver.contract.problem import ContractError

OPERATIONS = ("addTableFollower", "removeTableFollower", "voteTable")
CHECKS = ("use_after_free", "negative_data_rejection")

GOOD = """
- operation: voteTable
  check: negative_data_rejection
  reason: an absent vote stands for none
- operation: "*Follower"
  check: use_after_free
  reason: following is idempotent
  profile: server-2.0
"""


def loaded(tmp_path: Path, text: str, profile: str | None = None) -> tuple[Exclusion, ...]:
    path = tmp_path / "exclusions.yaml"
    path.write_text(text, encoding="utf-8")
    return load_exclusions(path, operations=OPERATIONS, checks=CHECKS, profile=profile)


def complaint(tmp_path: Path, text: str) -> str:
    with pytest.raises(ContractError) as error:
        loaded(tmp_path, text)
    return str(error.value).replace(f"{tmp_path}/", "")


def test_an_exclusion_says_operation_check_and_reason(tmp_path: Path) -> None:
    (exclusion,) = loaded(tmp_path, GOOD, "docs")

    assert exclusion.operation == "voteTable"
    assert exclusion.reason == "an absent vote stands for none"
    assert exclusion.place.endswith("exclusions.yaml:2")


def test_an_exclusion_of_a_profile_holds_under_that_profile_only(tmp_path: Path) -> None:
    assert len(loaded(tmp_path, GOOD, "server-2.0")) == 2
    assert len(loaded(tmp_path, GOOD)) == 1


def test_an_empty_file_excludes_nothing(tmp_path: Path) -> None:
    assert loaded(tmp_path, "") == ()
    assert loaded(tmp_path, "# nothing yet\n") == ()


def test_a_glob_covers_all_operations_it_matches_and_no_other_check() -> None:
    exclusion = Exclusion("*Follower", "use_after_free", "because")

    assert first_covering([exclusion], "addTableFollower", "use_after_free") is exclusion
    assert first_covering([exclusion], "addTableFollower", "ignored_auth") is None
    assert first_covering([exclusion], "voteTable", "use_after_free") is None


def test_an_exclusion_with_query_arguments_covers_what_was_asked_so_only(tmp_path: Path) -> None:
    text = "- operation: voteTable\n  check: use_after_free\n  reason: because\n  query: {include: [all, deleted]}\n"
    exclusions = loaded(tmp_path, text)

    assert first_covering(exclusions, "voteTable", "use_after_free", {"include": "all", "limit": 1}) is exclusions[0]
    assert first_covering(exclusions, "voteTable", "use_after_free", {"include": "non-deleted"}) is None
    assert first_covering(exclusions, "voteTable", "use_after_free") is None


def test_an_exclusion_with_an_answer_covers_what_was_answered_so_only(tmp_path: Path) -> None:
    text = "- operation: voteTable\n  check: use_after_free\n  reason: because\n  answer: Unknown field\n"
    (exclusion,) = loaded(tmp_path, text)

    assert exclusion.covers("voteTable", "use_after_free", answer='{"message":"Unknown field x"}')
    assert not exclusion.covers("voteTable", "use_after_free", answer='{"message":"Unknown tag x"}')
    assert not exclusion.covers("voteTable", "use_after_free")


def test_an_exclusion_with_after_covers_only_what_followed_such_an_operation(tmp_path: Path) -> None:
    text = "- operation: voteTable\n  check: use_after_free\n  reason: because\n  after: add*\n"
    (exclusion,) = loaded(tmp_path, text)

    assert exclusion.covers("voteTable", "use_after_free", done={"getTable", "addTableFollower"})
    assert not exclusion.covers("voteTable", "use_after_free", done={"getTable"})
    assert not exclusion.covers("voteTable", "use_after_free")


@pytest.mark.parametrize("query", ["all", "{}", "{include: all}", "{include: [1]}"])
def test_query_arguments_that_are_no_lists_of_texts_are_refused(tmp_path: Path, query: str) -> None:
    text = f"- operation: voteTable\n  check: use_after_free\n  reason: because\n  query: {query}\n"

    assert "'query' must map the names of query arguments to lists of texts" in complaint(tmp_path, text)


def test_an_unknown_check_is_named_with_the_nearest_known(tmp_path: Path) -> None:
    text = "- operation: voteTable\n  check: use_after_fre\n  reason: because\n"

    expected = "exclusions.yaml:2: /0/check: there is no check 'use_after_fre'; did you mean 'use_after_free'?"
    assert complaint(tmp_path, text) == expected


def test_an_unknown_operation_is_named_with_the_nearest_known(tmp_path: Path) -> None:
    text = "- operation: voteTables\n  check: use_after_free\n  reason: because\n"

    expected = "exclusions.yaml:1: /0/operation: the contract has no operation 'voteTables'; did you mean 'voteTable'?"
    assert complaint(tmp_path, text) == expected


def test_a_glob_that_matches_no_operation_is_refused(tmp_path: Path) -> None:
    text = '- operation: "list*"\n  check: use_after_free\n  reason: because\n'

    assert "the contract has no operation 'list*'" in complaint(tmp_path, text)


@pytest.mark.parametrize("reason", ["", "  reason: ''\n", "  reason: '  '\n", "  reason: 7\n"])
def test_an_exclusion_without_a_reason_is_refused(tmp_path: Path, reason: str) -> None:
    text = f"- operation: voteTable\n  check: use_after_free\n{reason}"

    assert "'reason'" in complaint(tmp_path, text)


def test_an_unknown_key_is_refused(tmp_path: Path) -> None:
    text = "- operation: voteTable\n  check: use_after_free\n  reason: because\n  profil: docs\n"

    assert complaint(tmp_path, text).endswith("/0/profil: an exclusion has no 'profil'; did you mean 'profile'?")


def test_the_same_exclusion_twice_is_refused(tmp_path: Path) -> None:
    text = "- operation: voteTable\n  check: use_after_free\n  reason: because\n" * 2

    assert complaint(tmp_path, text) == "exclusions.yaml:4: /1: excludes what line 1 excludes already"


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = "- just a text\n- operation: voteTable\n  check: nothing_like_it\n  reason: because\n"

    lines = complaint(tmp_path, text).splitlines()
    assert [line.split(": ", 2)[1] for line in lines] == ["/0", "/1/check"]


def test_a_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    assert "must be a list of exclusions" in complaint(tmp_path, "operation: voteTable\n")


def test_a_file_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="cannot be read: No such file"):
        load_exclusions(tmp_path / "none.yaml", operations=OPERATIONS, checks=CHECKS, profile=None)
