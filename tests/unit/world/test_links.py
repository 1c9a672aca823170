"""Links are known from both ends, however they came about."""

from __future__ import annotations

from mockserver.world.links import Web


def test_a_web_made_at_once_is_the_one_made_link_by_link() -> None:
    web = Web()
    for relation, source, target, value in (
        ("owners", "t", "ann", None),
        ("owners", "t", "bob", None),
        ("owners", "u", "ann", None),
        ("votes", "t", "ann", "votedUp"),
    ):
        web = web.link(source, relation, target, value)

    assert web == Web.of(dict(web.all()))
    assert list(web.links("t", "owners")) == ["ann", "bob"]
    assert sorted(web.sources("ann", "owners")) == ["t", "u"]


def test_a_web_without_its_last_link_is_an_empty_one() -> None:
    web = Web().link("t", "owners", "ann", None)

    assert web.unlink("t", "owners", "ann") == Web()


def test_a_link_leaves_the_links_of_other_relations_as_they_are() -> None:
    web = Web().link("t", "owners", "ann", None)
    later = web.link("t", "followers", "ann", None)

    assert later.forth["owners"] is web.forth["owners"]
    assert later.back["owners"] is web.back["owners"]
