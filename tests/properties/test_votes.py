"""Following and voting, in any order by anybody, come out as a plain dict would have them."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.engines import Caller

Json = Any
TABLE = "/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3"
USERS = {
    "admin": "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4",
    "consumer": "6bd32c8e-ddd5-4451-8b41-c2546a35e376",
    "maya_chen2": "61fadc6d-875b-4eff-b759-629ab6cfe835",
    "guest": "5d6e1742-3f88-43ea-9f30-a0ea38b376e4",
}
CALLERS = st.sampled_from(sorted(USERS))
STEPS = st.lists(
    st.tuples(CALLERS, st.sampled_from(["follow", "unfollow", "votedUp", "votedDown", "unVoted", "maybe"]), CALLERS),
    max_size=12,
)


def ids(references: list[Json]) -> list[str]:
    return [reference["id"] for reference in references]


def send(caller: Caller, by: str, what: str, whom: str) -> int:
    if what == "follow":
        return caller.reply("PUT", f"{TABLE}/followers", USERS[whom], by).status
    if what == "unfollow":
        return caller.reply("DELETE", f"{TABLE}/followers/{USERS[whom]}", user=by).status
    return caller.reply("PUT", f"{TABLE}/vote", {"updatedVoteType": what}, by).status


def expect(followers: dict[str, None], votes: dict[str, str], by: str, what: str, whom: str) -> int:
    """The status that the model expects, and what it does to the model."""
    if what == "maybe":
        return 400
    if by == "guest":
        return 403
    if what == "follow":
        followers.setdefault(USERS[whom])
    elif what == "unfollow":
        followers.pop(USERS[whom], None)
    elif what == "unVoted":
        votes.pop(USERS[by], None)
    else:
        votes[USERS[by]] = what
    return 200


@settings(deadline=None, max_examples=60)
@given(STEPS)
def test_followers_and_votes_match_a_plain_dict(steps: list[tuple[str, str, str]]) -> None:
    caller, followers, votes = Caller(), dict[str, None](), dict[str, str]()
    changes = 0
    for step in steps:
        before = (list(followers), dict(votes))
        assert send(caller, *step) == expect(followers, votes, *step)
        changes += before != (list(followers), dict(votes))
        shown = caller.ask("GET", f"{TABLE}?fields=followers,votes")
        assert ids(shown["followers"]) == list(followers)
        assert shown["version"] == 0.1
        for kind, number, voters in (("votedUp", "upVotes", "upVoters"), ("votedDown", "downVotes", "downVoters")):
            expected = [user for user, vote in votes.items() if vote == kind]
            assert shown["votes"][number] == len(expected)
            assert sorted(ids(shown["votes"][voters])) == sorted(expected)
    assert caller.ask("GET", "/events")["paging"]["total"] == changes
