"""Installs peers under one folder with the ordinary clients of npm, Maven and Go, once for each version."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from bench.peers.peer import NotToBeHad

# Prism needs this one; all peers that run on Node run on it, so that none has an older engine.
NODE = "24.21.0"
NEEDED = {
    "npm": "Node.js with npm (any version from 18 on)",
    "java": "a Java runtime, 17 or newer",
    "mvn": "Maven 3",
    "go": "Go 1.21 or newer",
}
LIMIT = 600.0
LAST_LINES = 3


def npm(home: Path, packages: Mapping[str, str]) -> None:
    """Packages and the pinned Node into `home/node_modules`; no package runs a script of its own."""
    wanted = {**packages, _node_package(): NODE}
    if _stamp(home) == wanted:
        return
    _fresh(home)
    (home / "package.json").write_text(json.dumps({"name": home.name, "private": True, "dependencies": wanted}))
    run([tool("npm"), "install", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"], home)
    _write_stamp(home, wanted)


def node(home: Path) -> str:
    """The Node that was installed beside a peer."""
    return str(home / "node_modules" / _node_package() / "bin" / "node")


def _node_package() -> str:
    machine = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return f"node-{platform.system().lower()}-{machine}"


def maven(home: Path, group: str, name: str, version: str) -> None:
    """One jar, `home/NAME.jar`."""
    artifact = f"{group}:{name}:{version}"
    if _stamp(home) == {"jar": artifact}:
        return
    _fresh(home)
    options = [f"-Dartifact={artifact}", f"-DoutputDirectory={home}", "-Dmdep.stripVersion=true"]
    run([tool("mvn"), "--quiet", "--batch-mode", "dependency:copy", *options], home)
    _write_stamp(home, {"jar": artifact})


def go(home: Path, package: str, version: str) -> None:
    """A program into `home/bin`."""
    wanted = {package: version}
    if _stamp(home) == wanted:
        return
    _fresh(home)
    run([tool("go"), "install", f"{package}@{version}"], home, {"GOBIN": str(home / "bin")})
    _write_stamp(home, wanted)


def tool(name: str) -> str:
    """Where a program is."""
    found = shutil.which(name)
    if found is None:
        raise NotToBeHad(f"there is no {name} here; install {NEEDED[name]}")
    return found


def run(command: list[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
    """Runs an installer; NotToBeHad with the end of what it printed."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotToBeHad(f"{Path(command[0]).name} did not end within {LIMIT:.0f} s") from None
    if done.returncode:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()][:LAST_LINES]
        raise NotToBeHad(f"{Path(command[0]).name} ended with {done.returncode}: {' '.join(said)}")


def _fresh(home: Path) -> None:
    """Half an installation, or one of another version, is removed first."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)


def _stamp(home: Path) -> dict[str, str] | None:
    """What was installed whole."""
    file = home / "installed.json"
    installed: dict[str, str] | None = json.loads(file.read_text()) if file.exists() else None
    return installed


def _write_stamp(home: Path, wanted: Mapping[str, str]) -> None:
    (home / "installed.json").write_text(json.dumps(wanted))
