"""Stands for the Python SDK where it cannot be imported: each call is made by the real one, in its own environment."""

from __future__ import annotations

import os
import subprocess
from typing import Any

CONFIGURED: dict[str, Any] = {}
SCRIPT = """
from metadata.sdk import configure
from metadata.sdk import entities
configure(**{settings!r})
entities.{facade}.{method}(*{arguments!r}, **{keywords!r})
"""


class Facade:
    """One of the SDK's classes, by its name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def use_client(self, client: None) -> None:
        """Each call has a client of its own here."""

    def __getattr__(self, method: str) -> Any:
        def call(*arguments: Any, **keywords: Any) -> None:
            script = SCRIPT.format(
                settings=CONFIGURED, facade=self._name, method=method, arguments=arguments, keywords=keywords
            )
            command = [os.environ["SDK_PYTHON"], "-I", "-W", "ignore", "-c", script]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise RuntimeError(done.stderr)

        return call


def configure(**settings: Any) -> None:
    CONFIGURED.clear()
    CONFIGURED.update(settings)


def __getattr__(name: str) -> Facade:
    if name.startswith("_"):
        raise AttributeError(name)
    return Facade(name)
