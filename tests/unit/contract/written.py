"""Writes contract files for a test and reads what is wrong with them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mockserver.contract.problem import ContractError
from mockserver.contract.yamlfile import Document, load_yaml


def document(text: str, source: str = "openapi.yaml") -> Document:
    """The document that an indented text stands for."""
    return load_yaml(textwrap.dedent(text).encode(), source)


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """The folder, with these files written into it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


def refusal(act: Callable[[], object]) -> str:
    """What the ContractError says that `act` raises."""
    with pytest.raises(ContractError) as caught:
        act()
    return str(caught.value)
