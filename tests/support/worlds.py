"""Small worlds for tests: fixture texts in, seeds, answers or findings out."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from textwrap import dedent
from typing import Any

import orjson
import pytest

from mockserver.behaviours import snapshots
from mockserver.contract.load import load_contract
from mockserver.contract.model import Contract
from mockserver.contract.problem import ContractError, Finding
from mockserver.dialects.openmetadata.dialect import OpenMetadata
from mockserver.seeding.load import seed_root
from mockserver.seeding.seeds import Seeds
from mockserver.world.record import Record
from mockserver.world.root import Root
from mockserver.world.transaction import Transaction

Json = Any
HOME = "http://localhost:8585/api"
# A service, a database, a schema and two users, for records to hang on.
GROUND = """
records:
  databaseServices: [{id: 00000000-0000-4000-8000-000000000001, name: s, serviceType: Mysql}]
  databases: [{name: d, service: s}]
  databaseSchemas: [{name: c, database: s.d}]
  users:
    - {id: 00000000-0000-4000-8000-000000000002, name: ann, email: ann@example.com}
    - {name: bob, email: bob@example.com}
"""


@cache
def openmetadata() -> Contract:
    return load_contract("openmetadata")


def write_set(folder: Path, text: str, name: str = "set") -> Path:
    """Writes a fixture file, indented as it pleases, beside `ground.yaml`."""
    (folder / "ground.yaml").write_text(GROUND)
    file = folder / f"{name}.yaml"
    file.write_text(dedent(text))
    return file


def seeded(folder: Path, text: str, seed: int = 0) -> Seeds:
    return seed_root(openmetadata(), OpenMetadata(), write_set(folder, text), seed)


def findings(folder: Path, text: str) -> list[Finding]:
    """What is found wrong with a fixture text; something must be."""
    with pytest.raises(ContractError) as caught:
        seeded(folder, text)
    return caught.value.findings


def told(folder: Path, text: str) -> list[str]:
    """The findings as they are printed, each without the folder of its file."""
    return [str(finding).replace(f"{folder}/", "") for finding in findings(folder, text)]


def record(seeds: Seeds, resource: str, name: str) -> Record:
    """The one record of that unique or plain name."""
    found = Transaction(seeds.root).find(resource, name)
    if found is not None:
        return found
    (found,) = (each for each in seeds.root.records.values() if each.resource == resource and each.name == name)
    return found


def answer(seeds: Seeds, resource: str, name: str) -> dict[str, Json]:
    """The record as a write would answer it."""
    found = record(seeds, resource, name)
    return OpenMetadata().show(Transaction(seeds.root), openmetadata(), found, HOME)


def history(seeds: Seeds, resource: str, name: str) -> list[Json]:
    """The superseded versions, newest first."""
    kept = Transaction(seeds.root).history(record(seeds, resource, name).id)
    return [orjson.loads(snapshots.told(each, HOME)) for each in kept]


def names(references: list[dict[str, Json]]) -> list[str]:
    return [reference["name"] for reference in references]


def digest(root: Root) -> str:
    """A hash of everything in a root but its clock; the order in which links came counts."""
    state = [
        {id: [each.resource, each.data] for id, each in root.records.items()},
        {"\n".join(key): id for key, id in root.names.items()},
        {"\n".join(key): list(links.items()) for key, links in root.web.all()},
        {f"{target}\n{name}": sorted(ends[target]) for name, ends in root.web.back.items() for target in ends},
        {id: [[each.version, each.text] for each in older] for id, older in root.histories.items()},
        {name: list(keys) for name, keys in root.listing.living.items()},
        {name: list(keys) for name, keys in root.listing.deleted.items()},
        [root.seed, root.drawn],
    ]
    return sha256(orjson.dumps(state, option=orjson.OPT_SORT_KEYS)).hexdigest()


def gist(root: Root, apart: Iterable[str] = ()) -> str:
    """A hash of what recipes decide, which neither new defaults of a contract nor the records set `apart` change."""
    left = set(apart)
    records = {id: each for id, each in root.records.items() if id not in left}
    state = [
        {
            id: [each.data["fullyQualifiedName"], each.data["version"], each.data.get("description"), nested(each)]
            for id, each in records.items()
        },
        {"\n".join(key): list(links.items()) for key, links in root.web.all() if key[0] in records},
        {id: [orjson.loads(each.text).get("description") for each in root.histories.get(id, ())] for id in records},
    ]
    return sha256(orjson.dumps(state, option=orjson.OPT_SORT_KEYS)).hexdigest()


def nested(found: Record) -> list[list[str]]:
    return [[column["name"], column["dataType"]] for column in found.data.get("columns", ())]
