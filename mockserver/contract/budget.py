"""How much a contract may ask of whoever loads it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Budget:
    """What one file may hold: `copied` bounds the nodes that its aliases stand for."""

    bytes: int = 16 * 1024 * 1024
    nodes: int = 1_000_000
    depth: int = 100
    aliases: int = 1_000
    copied: int = 20_000


@dataclass(frozen=True, slots=True)
class TreeBudget:
    """What all files of a contract may hold together: `nodes` and `depth` bound the bundled document."""

    files: int = 1_000
    bytes: int = 64 * 1024 * 1024
    nodes: int = 2_000_000
    depth: int = 150
    file: Budget = field(default_factory=Budget)
