"""What a test wants to be served, as its markers and the ini options say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mockserver.contract.problem import nearest
from mockserver.world.stateform import LARGEST

Marker = tuple[tuple[Any, ...], Mapping[str, Any]]

TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "contract": ((str, Path), "a name or a path"),
    "fixtures": ((str, Path), "a name or a path"),
    "profile": ((str, Path), "a name or a path"),
    "seed": ((int,), "an int"),
    "auth": ((bool,), "True or False"),
}
FILES = (".yaml", ".yml", ".json")


class Refused(Exception):
    """What was asked for cannot be served; the message is one that a test's author can act on."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is served. `asked` are the arguments that somebody gave, and `origin` says who; they make no difference."""

    contract: str = "openmetadata"
    fixtures: str | None = None
    profile: str | None = None
    seed: int = 0
    auth: bool = True
    origin: str = field(default="", compare=False)
    asked: tuple[str, ...] = field(default=(), compare=False)


def wanted(markers: Sequence[Marker], ini: Mapping[str, str], folder: Path) -> Wanted:
    """The markers, nearest to the test first, laid over the ini options; paths are taken from `folder`. Refused."""
    asked: dict[str, Any] = {}
    origin: list[str] = []
    for name, value in ini.items():
        if value:
            asked[name] = value
            origin.append(f"mockserver_{name} = {value}")
    for args, arguments in reversed(markers):
        _check(args, arguments)
        asked |= arguments
        origin.append(f"@pytest.mark.mockserver({', '.join(f'{name}={value!r}' for name, value in arguments.items())})")
    given = {name: _placed(value, folder) for name, value in asked.items()}
    return Wanted(**given, origin=", ".join(origin), asked=tuple(given))


def _check(args: tuple[Any, ...], arguments: Mapping[str, Any]) -> None:
    takes = f"it takes {', '.join(f'{name}=' for name in TYPES)}"
    if args:
        raise Refused(f"@pytest.mark.mockserver: {args[0]!r} is given without a name; {takes}")
    for name, value in arguments.items():
        if name not in TYPES:
            meant = nearest(name, TYPES)
            hint = f"did you mean {meant}=?" if meant else takes
            raise Refused(f"@pytest.mark.mockserver: there is no argument {name}=; {hint}")
        types, meaning = TYPES[name]
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise Refused(f"@pytest.mark.mockserver: {name}= is {meaning}, not {value!r}")
        if isinstance(value, int) and not 0 <= value <= LARGEST:
            raise Refused(f"@pytest.mark.mockserver: seed= is from 0 to {LARGEST}, not {value}")


def _placed(value: Any, folder: Path) -> Any:
    """Paths do not depend on the folder that pytest was started in; a name stays a name."""
    if isinstance(value, Path):
        return str(folder / value)
    if isinstance(value, str) and ("/" in value or "\\" in value or value.endswith(FILES)):
        return str(folder / value)
    return value
