"""Contracts and fixture sets are found by name or path, from the package or from a source checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver import bundled
from mockserver.bundled import contract_names, contract_root, fixture_file, fixture_names
from mockserver.contract.problem import ContractError


def refusal(source: str | Path) -> str:
    with pytest.raises(ContractError) as caught:
        contract_root(source)
    return str(caught.value)


def test_the_bundled_contract_and_its_sets_are_known() -> None:
    assert "openmetadata" in contract_names()
    assert {"documented", "large"} <= set(fixture_names("openmetadata"))


def test_a_bundled_name_leads_to_its_folder() -> None:
    name, root = contract_root("openmetadata")
    assert name == "openmetadata"
    assert root.joinpath("openapi.yaml").is_file()


def test_a_set_is_called_by_its_place_in_the_checkout() -> None:
    source, place = fixture_file("openmetadata", "documented")
    assert source == "fixtures/openmetadata/documented.yaml"
    assert place.read_text().startswith("contract: openmetadata")


@pytest.mark.parametrize(
    ("written", "given", "name"),
    [
        ("shop/openapi.yaml", "shop", "shop"),
        ("shop/openapi.yaml", "shop/openapi.yaml", "shop"),
        ("shop/petstore.yaml", "shop/petstore.yaml", "petstore"),
    ],
)
def test_a_contract_of_ones_own_is_named_after_its_folder_or_file(
    tmp_path: Path, written: str, given: str, name: str
) -> None:
    file = tmp_path / written
    file.parent.mkdir()
    file.touch()
    assert contract_root(tmp_path / given) == (name, tmp_path / given)
    assert contract_root(str(tmp_path / given)) == (name, tmp_path / given)


def test_a_folder_beside_the_caller_does_not_hide_a_bundled_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "openmetadata").mkdir()
    monkeypatch.chdir(tmp_path)
    assert contract_root("openmetadata")[1] != Path("openmetadata")
    assert contract_root("./openmetadata")[1] == Path("openmetadata")


def test_an_unknown_name_is_told_with_the_bundled_ones() -> None:
    bundled = ", ".join(contract_names())
    assert refusal("openmetdata") == (
        f"there is no contract named 'openmetdata'; bundled: {bundled}; did you mean 'openmetadata'?"
    )


@pytest.mark.parametrize("source", ["./shop", "shop.yaml", Path("shop"), "..\\shop"])
def test_a_path_that_leads_nowhere_is_told(source: str | Path) -> None:
    assert refusal(source) == f"{source}: there is no such file or folder".replace("\\", "\\")


def test_what_travels_in_the_package_comes_before_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "package" / "_data" / "contracts" / "packed"
    beside = tmp_path / "fixtures" / "packed"
    for folder in (packed, tmp_path / "contracts" / "beside", beside):
        folder.mkdir(parents=True)
    (beside / "small.yaml").touch()
    monkeypatch.setattr(bundled, "PACKAGE", tmp_path / "package")
    assert contract_names() == ["packed"]
    assert contract_root("packed") == ("packed", packed)
    assert fixture_names("packed") == ["small"]


def test_a_contract_without_sets_has_none() -> None:
    assert fixture_names("nobody") == []
