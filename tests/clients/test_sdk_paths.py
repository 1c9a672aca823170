"""The paths that the Python SDK's mixins ask for, beside those that are served."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.load import load_contract
from mockserver.contract.yamlfile import load_yaml

pytestmark = pytest.mark.xdist_group("clients")

HERE = Path(__file__).parent
PARAMETER = re.compile(r"\{[^}]*\}")
# There are some 130 of them; a reader that finds fewer does not see those that are written as attributes or variables.
FEWEST = 120


def listed() -> set[str]:
    read: Any = load_yaml((HERE / "sdk_paths.yaml").read_bytes(), "sdk_paths.yaml").value
    assert all(each["reason"] for each in read)
    return {path for each in read for path in each["paths"]}


def serves(served: list[str], asked: list[str]) -> bool:
    """Whether a served path has the steps of one that is asked for; what is put in stands only for what is put in."""
    return len(served) == len(asked) and all(
        mine == its or mine == "{}" for mine, its in zip(served, asked, strict=True)
    )


def test_what_the_mixins_ask_for_is_served_or_listed_with_a_reason(sdk_python: Path) -> None:
    run = subprocess.run(
        [sdk_python, HERE / "sdk" / "paths.py"], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    asked = json.loads(run.stdout)
    assert len(asked) > FEWEST

    served: dict[str, list[list[str]]] = {}
    for operation in load_contract("openmetadata").operations:
        path = PARAMETER.sub("{}", operation.path.removeprefix("/v1"))
        served.setdefault(operation.method, []).append(path.split("/"))
    missing = {
        f"{method} {path}"
        for method, path in asked
        if not any(serves(each, path.split("/")) for each in served.get(method, []))
    }
    assert missing == listed()
