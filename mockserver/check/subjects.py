"""Contracts to be checked, and mocks of them to check when no other server is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from mockserver.bundled import contract_root
from mockserver.check.target import RemoteTarget, Subject, Target
from mockserver.contract.load import load_contract
from mockserver.contract.model import Contract

EXCLUSIONS = "exclusions.yaml"
CALLER = "admin"


class MockSubject:
    """A contract by bundled name, folder or file, under one profile."""

    def __init__(self, contract: str, profile: str | None) -> None:
        self.profile = profile
        self._source = contract
        self._root = contract_root(contract)[1]

    @cached_property
    def _contract(self) -> Contract:
        return load_contract(self._source, self.profile)

    @property
    def exclusions(self) -> Path | None:
        folder = self._root if self._root.is_dir() else None
        file = None if folder is None else folder.joinpath(EXCLUSIONS)
        return file if file is not None and file.is_file() else None

    def document(self) -> dict[str, Any]:
        return self._contract.document

    def live(self, seed: int) -> AbstractContextManager[Target]:
        return _mock(self._source, self.profile, seed)


def find_subject(contract: str, profile: str | None) -> Subject:
    """ContractError when there is no such contract."""
    return MockSubject(contract, profile)


@contextmanager
def _mock(contract: str, profile: str | None, seed: int) -> Iterator[Target]:
    from mockserver.http.app import App
    from mockserver.http.live import live
    from mockserver.http.sandbox import open_sandbox

    sandbox = open_sandbox(contract, profile=profile, seed=seed)
    tokens = sandbox.tokens()
    with live(App(sandbox)) as url:
        token = tokens.get(CALLER) or next(iter(tokens.values()), None)
        yield RemoteTarget(url + sandbox.contract.prefix, token)
