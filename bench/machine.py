"""What was measured on: machine, versions, day."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("mockserver", "uvicorn", "starlette", "httptools", "uvloop", "orjson", "jsonschema-rs", "rpds-py")
GIB = 2**30


def load() -> float:
    """How many processes wanted a core in the last minute; before a run it should be near 0."""
    return os.getloadavg()[0]


def surroundings() -> str:
    """One line for people."""
    day = datetime.now(UTC).date().isoformat()
    machine = f"{_model()}, {len(os.sched_getaffinity(0))} cores, {_memory() / GIB:.0f} GiB"
    release = ".".join(platform.release().split(".")[:2])
    system = f"{platform.system()} {release}, Python {platform.python_version()}"
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"{day}: {machine}; {system}; {packages}."


def _model() -> str:
    found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1].strip() if found else platform.machine()


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
