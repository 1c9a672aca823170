"""Makes the environment of the real Python SDK, apart from the project's own: `python -m tests.clients.sdk_env`."""

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
from pathlib import Path

REQUIREMENTS = ("openmetadata-ingestion==2.0.7.0",)
# The SDK's own pins cannot be resolved together: one package has no release for Python 3, and one pin is too old.
OVERRIDES = ('dbt-core-experimental-parser; python_version < "3"', "certifi")
HOME = Path(__file__).resolve().parents[2] / ".cache" / "sdk-venv"


class SdkEnvironmentError(Exception):
    """The SDK's environment cannot be made; the message says why and what would help."""


def key() -> str:
    """What the environment depends on: another Python or another requirement asks for a new one."""
    parts = [REQUIREMENTS, OVERRIDES, sys.version_info[:2]]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def interpreter(home: Path = HOME) -> Path:
    """The Python of the environment in `home`, made or remade first when it is missing or stale."""
    if _ready(home):
        return _python(home)
    home.parent.mkdir(parents=True, exist_ok=True)
    with _locked(home.with_suffix(".lock")):
        if not _ready(home):
            _make(home)
    return _python(home)


def _python(home: Path) -> Path:
    return home / "bin" / "python"


def _stamp(home: Path) -> Path:
    return home / "requirements.key"


def _ready(home: Path) -> bool:
    stamp = _stamp(home)
    return stamp.is_file() and stamp.read_text() == key() and _python(home).exists()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _make(home: Path) -> None:
    uv = _uv()
    overrides = home.with_suffix(".overrides.txt")
    overrides.write_text("".join(f"{line}\n" for line in OVERRIDES))
    _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(home)])
    _run([uv, "pip", "install", "--quiet", "--python", str(_python(home)), "--override", str(overrides), *REQUIREMENTS])
    # Written last: an installation that was cut short has no stamp and is made again.
    _stamp(home).write_text(key())


def _uv() -> str:
    beside = Path(sys.executable).parent / "uv"
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise SdkEnvironmentError(
            "uv is missing: it makes the Python SDK's environment. Install it, e.g. `make install` or `pip install uv`"
        )
    return found


def _run(command: list[str]) -> None:
    # uv would otherwise install into the environment that is active around us.
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SdkEnvironmentError(f"`{' '.join(command)}` failed with exit {done.returncode}:\n{done.stderr.strip()}")


if __name__ == "__main__":
    try:
        print(interpreter())
    except SdkEnvironmentError as error:
        sys.exit(str(error))
