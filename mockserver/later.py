"""Modules that are read when something of them is first asked for, since a start has no need of most of them."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any


class Later(ModuleType):
    """Stands for a module until then; what was asked for once is kept."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module(self.__name__), name)
        self.__dict__[name] = found
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(import_module(self.__name__), name, value)
        self.__dict__[name] = value


def later(package: str, name: str) -> ModuleType:
    """A module of a package, for what the package answers when it has nothing of that name."""
    if name.startswith("_"):
        raise AttributeError(f"module {package!r} has no attribute {name!r}")
    return Later(f"{package}.{name}")
