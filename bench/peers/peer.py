"""What a peer is: an adapter of a few data and two functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.cases import Case, bearer, messages
from bench.recorded import Recording


class NotToBeHad(RuntimeError):
    """A peer cannot be installed here; the message says why, and what would help."""


@dataclass(frozen=True)
class Traits:
    """What a peer does with each request, in a word or two; ratios alone would compare unlike things."""

    validates: str
    authenticates: str
    keeps_state: str
    journals: str


@dataclass(frozen=True)
class Started:
    """How a peer is started in a folder that `start` has prepared."""

    command: list[str]
    environment: tuple[tuple[str, str], ...] = ()


def same_messages(case: Case, recording: Recording) -> list[list[str]] | None:
    """The very requests that our server gets."""
    return messages(case, recording.tables, bearer(recording.token))


@dataclass(frozen=True)
class Peer:
    """Another mock server.

    `install(home)` makes it ready under `home`, again and again; `start(home, folder, port, recording)` writes its
    configuration into `folder`; `requests` gives what each connection sends for a case, None where it has no answer.
    """

    key: str
    name: str
    version: str
    traits: Traits
    answers: str
    install: Callable[[Path], None]
    start: Callable[[Path, Path, int, Recording], Started]
    requests: Callable[[Case, Recording], list[list[str]] | None] = same_messages
