"""Makes the environments of real programs, apart from the project's own: `python -m tests.clients.environments`."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).resolve().parents[2] / ".cache"


class EnvironmentFailure(Exception):
    """An environment cannot be made; the message says why and what would help."""


@dataclass(frozen=True)
class Environment:
    """Packages in an environment of their own, which is made when it is first asked for, and again when it is stale."""

    name: str
    requirements: tuple[str, ...]
    programs: tuple[str, ...]
    overrides: tuple[str, ...] = ()

    def key(self) -> str:
        """What it depends on: another Python or another requirement asks for a new one."""
        parts = [self.requirements, self.overrides, sys.version_info[:2]]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]

    def program(self, name: str, cache: Path = CACHE) -> Path:
        """One of its commands; `python` is its interpreter."""
        home = cache / self.name
        if not self._ready(home):
            home.parent.mkdir(parents=True, exist_ok=True)
            with _locked(cache / f"{self.name}.lock"):
                if not self._ready(home):
                    self._make(home)
        return home / "bin" / name

    def _ready(self, home: Path) -> bool:
        stamp = _stamp(home)
        return stamp.is_file() and stamp.read_text() == self.key() and (home / "bin" / "python").exists()

    def _make(self, home: Path) -> None:
        uv, python = _uv(), home / "bin" / "python"
        overrides = home.parent / f"{self.name}.overrides.txt"
        overrides.write_text("".join(f"{line}\n" for line in self.overrides))
        _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(home)])
        install = [uv, "pip", "install", "--quiet", "--python", str(python), "--override", str(overrides)]
        _run([*install, *self.requirements])
        # Written last: an installation that was cut short has no stamp and is made again.
        _stamp(home).write_text(self.key())


SDK = Environment(
    "sdk-venv",
    ("openmetadata-ingestion==2.0.7.0",),
    ("metadata",),
    # The SDK's own pins cannot be resolved together: one package has no release for Python 3, and one pin is too old.
    ('dbt-core-experimental-parser; python_version < "3"', "certifi"),
)
OMETA_DIFF = Environment("ometa-diff-venv", ("ometa-diff[mcp]==0.1.0b1", "mcp==1.30.0"), ("ometa-diff",))
# It imports what its library has no more since version 2.
MCP_SERVER = Environment(
    "mcp-server-venv", ("mcp-server-openmetadata==0.2.4", "mcp==1.30.0"), ("mcp-server-openmetadata",)
)
# Newer versions of dbt fetch a part of themselves from elsewhere.
DBT_OL = Environment(
    "dbt-ol-venv",
    ("openlineage-dbt==1.54.0", "dbt-core==1.10.23", "dbt-duckdb==1.11.1", "duckdb==2.0.1"),
    ("dbt", "dbt-ol"),
)
SPARK = Environment("spark-venv", ("pyspark==3.5.9",), ("spark-sql", "spark-submit"))
ALL = (SDK, OMETA_DIFF, MCP_SERVER, DBT_OL, SPARK)


def _stamp(home: Path) -> Path:
    return home / "requirements.key"


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _uv() -> str:
    beside = Path(sys.executable).parent / "uv"
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise EnvironmentFailure(
            "uv is missing: it makes real programs' environments. Install it, e.g. `make install` or `pip install uv`"
        )
    return found


def _run(command: list[str]) -> None:
    # uv would otherwise install into the environment that is active around us.
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise EnvironmentFailure(f"`{' '.join(command)}` failed with exit {done.returncode}:\n{done.stderr.strip()}")


if __name__ == "__main__":
    try:
        for environment in ALL:
            print(environment.program("python"))
    except EnvironmentFailure as error:
        sys.exit(str(error))
