"""What a contract check is run against: a contract by name, and a live server that should keep it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


class CannotRunError(Exception):
    """The check could not be run; the message says why, in one line."""


class Target(Protocol):
    """A live server: where its API begins, and the token to send along."""

    @property
    def base_url(self) -> str: ...

    @property
    def token(self) -> str | None: ...


class Subject(Protocol):
    """A contract under one profile: what it promises, what is excused, and a mock that serves it."""

    @property
    def profile(self) -> str | None: ...

    @property
    def exclusions(self) -> Path | None:
        """The exclusions that come with the contract, if it has any."""

    def document(self) -> dict[str, Any]:
        """The expanded OpenAPI document."""

    def live(self, seed: int) -> AbstractContextManager[Target]:
        """A mock of it on a free port, which answers when entered and is gone when left."""


class Subjects(Protocol):
    """Finds a contract by bundled name, folder or file; CannotRunError or ContractError when there is none."""

    def __call__(self, contract: str, profile: str | None) -> Subject: ...


@dataclass(frozen=True, slots=True)
class RemoteTarget:
    """A server that runs already."""

    base_url: str
    token: str | None = None
