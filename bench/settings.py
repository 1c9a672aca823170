"""How long and how often is measured."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

# On the project's own disk, for what a store writes there is to be as durable as it would be in use.
SCRATCH = Path(__file__).resolve().parents[1] / ".cache" / "bench"
FIXTURES = ("--fixtures", "large")


@dataclass(frozen=True)
class Settings:
    """`requests` is how many the memory has to stay flat over."""

    rounds: int
    seconds: float
    requests: int
