"""Loads the YAML and JSON of the pages with what the product loads it with, by what it is a piece of."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Callable, Iterable
from configparser import ConfigParser
from functools import cache
from pathlib import Path
from typing import Any

from mockserver.check.exclusions import load_exclusions
from mockserver.check.operations import operations_of
from mockserver.check.run import known_checks
from mockserver.contract.extensions import faults, keywords
from mockserver.contract.load import load_contract
from mockserver.contract.model import Contract
from mockserver.contract.overlay import apply_overlay
from mockserver.contract.yamlfile import Document, load_yaml
from mockserver.dialects.openmetadata.dialect import OpenMetadata
from mockserver.seeding.load import seed_root
from tests.project.markdown import Block
from tests.project.tree import ROOT

Json = Any
ELLIPSIS = "…"
RESOURCE_KEYS = {"x-resource", "x-traits", "x-models", "paths", "components"}
PROFILE_KEYS = {"description", "overlays", "default"}


class SampleError(AssertionError):
    """A sample is not what its page says."""


def load_json(block: Block, folder: Path) -> None:
    """Any JSON document."""
    json.loads(block.text)


def load_toml(block: Block, folder: Path) -> None:
    """Any TOML document."""
    tomllib.loads(block.text)


def load_ini(block: Block, folder: Path) -> None:
    """Any INI file; what pytest makes of its options shows in the page's tests."""
    ConfigParser().read_string(block.text)


def load_text(block: Block, folder: Path) -> None:
    """A list of files below a folder of the project, the one kind of plain text that can be looked into."""
    first, *rest = block.text.splitlines()
    if not first.endswith("/"):
        raise SampleError(f"{block.place}: no test knows what this text is; give the block a language")
    missing = [name for line in rest if (name := line.split()[0]) and not list((ROOT / first).glob(name))]
    if missing or not (ROOT / first).is_dir():
        raise SampleError(f"{block.place}: {', '.join(missing) or first} is not there")


def load_yaml_block(block: Block, folder: Path) -> None:
    """A whole contract, a resource, a trait, an overlay, a fixture set, exclusions or a profile."""
    kept = [line for line in block.text.splitlines(keepends=True) if line.strip() != ELLIPSIS]
    document = load_yaml("".join(kept).encode(), block.place)
    value = document.value
    for fits, load in YAML_KINDS:
        if fits(value):
            load(document, "".join(kept), folder)
            return
    raise SampleError(f"{block.place}: no loader takes this; it is no piece of a contract, fixture set or exclusions")


def _has(*keys: str) -> Callable[[Json], bool]:
    return lambda value: isinstance(value, dict) and any(key in value for key in keys)


def _contract(document: Document, text: str, folder: Path) -> None:
    load_contract(_written(folder, "openapi.yaml", text))


def _resource(document: Document, text: str, folder: Path) -> None:
    value = document.value
    traits = {path.stem for path in (ROOT / "contracts" / "openmetadata" / "traits").glob("*.yaml")}
    _refuse(document, [name for name in value if name not in RESOURCE_KEYS])
    _refuse(document, [name for name in value.get("x-traits", ()) if name not in traits])
    _refuse(document, faults("x-resource", value["x-resource"]))


def _trait(document: Document, text: str, folder: Path) -> None:
    _refuse(document, [name for name in document.value if name not in {"x-trait", "paths", "components"}])
    _refuse(document, faults("x-trait", document.value["x-trait"]))


def _keywords(document: Document, text: str, folder: Path) -> None:
    for name, value in document.value.items():
        _refuse(document, faults(name, value))


def _overlay(document: Document, text: str, folder: Path) -> None:
    _refuse(document, apply_overlay(copy.deepcopy(_bundled().document), document))


def _fixtures(document: Document, text: str, folder: Path) -> None:
    contract = load_contract(document.value.get("contract", "openmetadata"))
    seed_root(contract, OpenMetadata(), _written(folder, "fixtures.yaml", text))


def _exclusions(document: Document, text: str, folder: Path) -> None:
    names = [operation.name for operation in operations_of(_bundled().document).values()]
    load_exclusions(_written(folder, "exclusions.yaml", text), operations=names, checks=known_checks(), profile=None)


def _profiles(document: Document, text: str, folder: Path) -> None:
    _refuse(document, [key for profile in document.value.values() for key in profile if key not in PROFILE_KEYS])


def _are_profiles(value: Json) -> bool:
    return isinstance(value, dict) and all(isinstance(each, dict) and "overlays" in each for each in value.values())


def _are_exclusions(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) and "check" in each for each in value)


def _are_keywords(value: Json) -> bool:
    return isinstance(value, dict) and set(value) <= set(keywords())


def _refuse(document: Document, wrong: Iterable[object]) -> None:
    if found := list(wrong):
        raise SampleError(f"{document.source}: {'; '.join(map(str, found))}")


def _written(folder: Path, name: str, text: str) -> Path:
    place = folder / "sample" / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return place


@cache
def _bundled() -> Contract:
    return load_contract("openmetadata")


YAML_KINDS: tuple[tuple[Callable[[Json], bool], Callable[[Document, str, Path], None]], ...] = (
    (_has("openapi"), _contract),
    (_has("x-resource"), _resource),
    (_has("x-trait"), _trait),
    (_has("overlay"), _overlay),
    (_has("records", "generate"), _fixtures),
    (_are_exclusions, _exclusions),
    (_are_profiles, _profiles),
    (_are_keywords, _keywords),
)
