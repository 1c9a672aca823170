"""What was opened once is opened quickly again, and only when it is sound and still true."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

from mockserver.contract.load import load_contract
from mockserver.contract.model import Contract, Resource
from mockserver.dialects.openmetadata.dialect import OpenMetadata
from mockserver.http.compiled import MOST_KEPT, Compiled, Request
from mockserver.seeding.load import seed_root
from mockserver.seeding.seeds import Seeds
from mockserver.world.transfer import export_state

KEY = b"a secret of the user's"
CONTRACT = Path(__file__).parents[3] / "contracts" / "openmetadata"
REQUEST = Request("openmetadata", None, None, 0)


def opened(request: Request) -> tuple[Contract, Seeds]:
    contract = load_contract(request.contract, request.profile)
    return contract, seed_root(contract, OpenMetadata(), request.fixtures, request.seed)


@pytest.fixture
def compiled(tmp_path: Path) -> Compiled:
    return Compiled(KEY, tmp_path / "kept")


def entries(folder: Path) -> list[Path]:
    return sorted((folder / "kept").glob("*.json"))


def test_nothing_is_loaded_before_something_was_kept(compiled: Compiled) -> None:
    assert compiled.load(REQUEST) is None


@pytest.mark.parametrize("profile", ["docs", "server-2.0"])
def test_what_was_kept_is_loaded_as_it_was(compiled: Compiled, profile: str) -> None:
    request = Request("openmetadata", profile, "documented", 3)
    contract, seeds = opened(request)
    compiled.keep(request, contract, seeds)

    kept = compiled.load(request)

    assert kept is not None
    assert kept[0].document == contract.document
    assert _alone(kept[0]) == _alone(contract)
    assert [operation.id for operation in kept[0].operations] == [operation.id for operation in contract.operations]
    assert export_state(kept[1].root) == export_state(seeds.root)
    assert kept[1].marked == seeds.marked


@pytest.mark.parametrize(
    "other",
    [
        Request("openmetadata", "server-2.0", None, 0),
        Request("openmetadata", None, "documented", 0),
        Request("openmetadata", None, None, 1),
    ],
)
def test_another_request_is_not_given_what_was_kept(compiled: Compiled, other: Request) -> None:
    compiled.keep(REQUEST, *opened(REQUEST))

    assert compiled.load(other) is None


def test_a_changed_contract_is_read_anew(compiled: Compiled, tmp_path: Path) -> None:
    folder = tmp_path / "openmetadata"
    shutil.copytree(CONTRACT, folder)
    request = Request(folder, None, None, 0)
    compiled.keep(request, *opened(request))
    assert compiled.load(request) is not None

    with (folder / "openapi.yaml").open("a") as file:
        file.write("# changed\n")

    assert compiled.load(request) is None


def test_a_damaged_entry_is_told_and_not_taken(
    compiled: Compiled, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    compiled.keep(REQUEST, *opened(REQUEST))
    (entry,) = entries(tmp_path)
    content = bytearray(entry.read_bytes())
    content[-10] ^= 1
    entry.write_bytes(content)

    with caplog.at_level(logging.WARNING):
        assert compiled.load(REQUEST) is None

    assert "damaged or not ours" in caplog.text


def test_an_entry_of_another_user_is_not_taken(compiled: Compiled, tmp_path: Path) -> None:
    Compiled(b"somebody else's", tmp_path / "kept").keep(REQUEST, *opened(REQUEST))

    assert compiled.load(REQUEST) is None


def test_an_entry_under_another_name_is_not_taken(compiled: Compiled, tmp_path: Path) -> None:
    other = Request("openmetadata", None, None, 1)
    compiled.keep(REQUEST, *opened(REQUEST))
    (first,) = entries(tmp_path)
    compiled.keep(other, *opened(other))
    (second,) = set(entries(tmp_path)) - {first}
    first.write_bytes(second.read_bytes())

    assert compiled.load(REQUEST) is None


def test_files_that_may_lie_anywhere_are_always_read(compiled: Compiled, tmp_path: Path) -> None:
    request = Request(CONTRACT / "openapi.yaml", None, None, 0)
    compiled.keep(request, *opened(REQUEST))

    assert entries(tmp_path) == []


def test_only_so_many_entries_are_kept(compiled: Compiled, tmp_path: Path) -> None:
    contract, seeds = opened(REQUEST)
    for seed in range(MOST_KEPT + 2):
        compiled.keep(Request("openmetadata", None, None, seed), contract, seeds)

    assert len(entries(tmp_path)) == MOST_KEPT


def test_a_place_that_cannot_be_written_to_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where a folder should be")
    compiled = Compiled(KEY, tmp_path / "kept")

    compiled.keep(REQUEST, *opened(REQUEST))

    assert compiled.load(REQUEST) is None


def _alone(contract: Contract) -> dict[str, Resource]:
    """The resources without the document that they belong to."""
    return {name: each._replace(parts={}, finder=None) for name, each in contract.resources.items()}
