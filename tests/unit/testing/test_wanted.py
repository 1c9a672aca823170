"""What markers and ini options ask for, and what is said when that makes no sense."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mockserver.testing.wanted import Marker, Refused, Wanted, wanted

FOLDER = Path("here").resolve()
REFUSED: list[tuple[tuple[Any, ...], dict[str, Any], str]] = [
    (("large",), {}, "'large' is given without a name; it takes contract=, fixtures=, profile=, seed=, auth="),
    ((), {"profil": "docs"}, "there is no argument profil=; did you mean profile=?"),
    ((), {"zz": 1}, "there is no argument zz=; it takes contract=, fixtures=, profile=, seed=, auth="),
    ((), {"profile": None}, "profile= is a name or a path, not None"),
    ((), {"fixtures": ["a", "b"]}, "fixtures= is a name or a path, not ['a', 'b']"),
    ((), {"seed": "7"}, "seed= is an int, not '7'"),
    ((), {"seed": True}, "seed= is an int, not True"),
    ((), {"seed": -1}, "seed= is from 0 to 9007199254740991, not -1"),
    ((), {"seed": 2**53}, "seed= is from 0 to 9007199254740991, not 9007199254740992"),
    ((), {"auth": 0}, "auth= is True or False, not 0"),
]


def test_nothing_asked_is_the_default() -> None:
    assert wanted([], {"profile": ""}, FOLDER) == Wanted()


def test_the_nearest_marker_wins_and_the_others_add_to_it() -> None:
    nearest_first = [marker(profile="docs"), marker(profile="server-2.0", seed=7)]

    assert wanted(nearest_first, {}, FOLDER) == Wanted(profile="docs", seed=7)


def test_a_marker_wins_over_the_ini_option() -> None:
    ini = {"contract": "openmetadata", "fixtures": "large", "profile": "docs"}

    found = wanted([marker(fixtures="documented", auth=False)], ini, FOLDER)

    assert found == Wanted("openmetadata", "documented", "docs", auth=False)
    assert found.origin == (
        "mockserver_contract = openmetadata, mockserver_fixtures = large, mockserver_profile = docs,"
        " @pytest.mark.mockserver(fixtures='documented', auth=False)"
    )


@pytest.mark.parametrize("asked", ["tests/set.yaml", "set.yaml", Path("set"), "./set", Path("/tmp/set.yaml").resolve()])
def test_a_path_is_seen_from_the_root_folder(asked: str | Path) -> None:
    assert wanted([marker(fixtures=asked)], {}, FOLDER).fixtures == str(FOLDER / asked)


def test_a_name_stays_a_name() -> None:
    assert wanted([marker(fixtures="large")], {}, FOLDER).fixtures == "large"


def test_who_asked_makes_no_difference() -> None:
    by_marker, by_ini = wanted([marker(profile="docs")], {}, FOLDER), wanted([], {"profile": "docs"}, FOLDER)

    assert by_marker.origin != by_ini.origin
    assert len({by_marker, by_ini}) == 1


@pytest.mark.parametrize(("args", "arguments", "message"), REFUSED)
def test_a_marker_that_makes_no_sense_is_refused(
    args: tuple[Any, ...], arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(Refused) as refusal:
        wanted([(args, arguments)], {}, FOLDER)

    assert str(refusal.value) == f"@pytest.mark.mockserver: {message}"


def marker(**arguments: Any) -> Marker:
    return (), arguments
