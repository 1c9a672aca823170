"""What holds of a whole contract: how its versions step, and what its refusals look like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Json = Any


class Versioning(NamedTuple):
    """How version numbers step, in tenths, and how long a user's patches fold into one version, in seconds."""

    minor: float = 0.1
    major: float = 1.0
    fold: float = 0


@dataclass(frozen=True)
class Errors:
    """The shape of every refusal."""

    body: Mapping[str, Json] = field(default_factory=lambda: {"code": "$status", "message": "$message"})
    types: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
