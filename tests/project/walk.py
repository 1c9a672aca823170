"""Walks through a page step by step: its files are written, its commands typed, its programs run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.clients.environments import ALL, SDK
from tests.project import markdown
from tests.project.markdown import Block, Command
from tests.project.shell import SERVES, Server, Shell, ShellError
from tests.project.tree import ROOT

# What each target's recipe holds when it does what the pages say of it.
TARGETS = {
    "help": "grep",
    "install": "pip install",
    "serve": "mockserver serve",
    "test": "-m pytest",
    "lint": "ruff check",
    "fmt": "ruff format .",
    "check": "mockserver check",
    "bench": "-m bench",
    "bench-peers": "-m bench.peers",
    "soak": "-m bench.soak",
    "derive": "-m derive",
    "build": "-m build",
    "clean": "rm -rf",
}
MAKES = re.compile(r"^make( +[\w-]+)+$")
INSTALLS = re.compile(r"^(?:python -m )?pip install ['\"]?mockserver(?:\[([\w,]+)\])?['\"]?$")
INSTALLS_OTHERS = "pip install "
CHECKS = re.compile(r"\bmockserver +check\b")
DEFINES_TESTS = re.compile(r"^(?:async )?def test_|^class Test", re.MULTILINE)
RUNS_TESTS = re.compile(r"^pytest\b")
NEEDS_SDK = re.compile(r"^(?:from|import) metadata\b", re.MULTILINE)
LEFT_OUT = re.compile(r"(?:\\ )*…(?:\\ )*")
REFUSED_BY_SERVER = 22
REFUSAL = re.compile(r"\b[45]\d\d\b")


def follow(shell: Shell, steps: Sequence[Command]) -> None:
    """Does what a page says, in its order; ShellError names the step at which something else happens."""
    served: list[tuple[Command, Server]] = []
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if MAKES.match(step.line):
            _check_targets(step)
        elif found := INSTALLS.match(step.line):
            _check_extras(step, found[1])
        elif step.line.startswith(INSTALLS_OTHERS):
            _provide(shell, step)
        elif SERVES.match(step.line):
            served.append((step, shell.serve(step.line.removesuffix("&").rstrip())))
        else:
            _run(shell, step, following)
    shell.close()
    for step, server in served:
        _compare(step, shell.as_written(server.log.read_text()))


def steps_of(blocks: Sequence[Block]) -> list[Command]:
    """The commands of a page's blocks, and the Python programs between them; its tests are run in any case."""
    steps: list[Command] = []
    for block in blocks:
        if block.language == "console":
            steps += markdown.commands(block)
        elif block.language == "python" and block.file is None and not has_tests(blocks):
            steps.append(Command(block.place, f"python -c {shlex.quote(block.text)}", ""))
    if has_tests(blocks) and not any(RUNS_TESTS.match(step.line) for step in steps):
        steps.append(Command(blocks[0].page, "pytest", ""))
    return steps


def has_tests(blocks: Sequence[Block]) -> bool:
    return any(block.language == "python" and DEFINES_TESTS.search(block.text) for block in blocks)


@contextmanager
def page_shell(blocks: Sequence[Block], root: Path) -> Iterator[Shell]:
    """A shell in a folder with the files that a page's blocks give, and with its tests as one module."""
    python = [block for block in blocks if block.language == "python"]
    with_sdk = any(NEEDS_SDK.search(block.text) for block in python)
    shell = Shell(root, **({"SDK_PYTHON": str(SDK.program("python"))} if with_sdk else {}))
    for block in blocks:
        if block.file is not None:
            place = shell.folder / block.file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(block.text)
    if has_tests(blocks):
        (shell.folder / "test_page.py").write_text("\n\n".join(block.text for block in python if block.file is None))
    if with_sdk:
        _place_sdk(shell.folder / "metadata" / "sdk")
    try:
        yield shell
    finally:
        shell.close()


def _run(shell: Shell, step: Command, following: Command | None) -> None:
    done = shell.run(_narrowed(step.line))
    # A page shows a refusal with its status, and a failure by asking for its exit status.
    refused = done.code == REFUSED_BY_SERVER and REFUSAL.search(step.output)
    asked = following is not None and following.line == "echo $?"
    if done.code and not refused and not asked:
        raise ShellError(f"{step.place}: `{step.line}` ended with {done.code}:\n{done.output}")
    if not CHECKS.search(step.line):
        _compare(step, done.output)


def _compare(step: Command, output: str) -> None:
    """What the page says is printed, `…` for anything; a page may say nothing of it."""
    if not step.output:
        return
    lines = (
        r"(?:.*\n)*?" if line.strip() == "…" else LEFT_OUT.sub(".*", re.escape(line.rstrip())) + r"[ ]*\n"
        for line in step.output.splitlines()
    )
    if not re.fullmatch("".join(lines), output.rstrip("\n") + "\n"):
        raise ShellError(f"{step.place}: `{step.line}` printed something else:\n{output}")


def _narrowed(line: str) -> str:
    """A contract check of one operation instead of all, which the conformance tests look after."""
    if not CHECKS.search(line) or "--help" in line:
        return line
    line = re.sub(r" --max-examples[ =]\d+", "", line)
    quick = "--max-examples 1" + ("" if "--operation" in line else " --operation getTeamVersion")
    return CHECKS.sub(f"mockserver check {quick}", line)


def _check_targets(step: Command) -> None:
    """The targets are there and do what is said of them; none is made, for the tests run inside one."""
    for target in step.line.split()[1:]:
        if target not in TARGETS:
            raise ShellError(f"{step.place}: there is no `make {target}`; there are {', '.join(TARGETS)}")
        recipe = _recipe(target)
        if TARGETS[target] not in recipe:
            raise ShellError(f"{step.place}: `make {target}` does something else:\n{recipe}")


def _recipe(target: str) -> str:
    """What make would do."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    command = ["make", "--dry-run", "--always-make", target]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=outer, check=False)
    return done.stdout + done.stderr


def _check_extras(step: Command, extras: str | None) -> None:
    """What is installed is a part of the project that can be installed by itself."""
    known = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    if unknown := [each for each in (extras or "").split(",") if each and each not in known]:
        raise ShellError(f"{step.place}: mockserver has no extra {', '.join(unknown)}")


def _provide(shell: Shell, step: Command) -> None:
    """What the page installs is what the tests of clients have, and is taken from there."""
    wanted = tuple(shlex.split(step.line.removeprefix(INSTALLS_OTHERS)))
    for environment in ALL:
        if environment.requirements == wanted:
            for name in environment.programs:
                shell.provide(name, environment.program(name))
            return
    known = "; ".join(" ".join(environment.requirements) for environment in ALL)
    raise ShellError(f"{step.place}: no test has {' '.join(wanted)}; the tests have {known}")


def _place_sdk(folder: Path) -> None:
    """The package that the page's tests import, which passes its calls to the real one."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "project" / "sdk_standin.py", folder / "__init__.py")
    (folder / "entities.py").write_text("from metadata.sdk import __getattr__\n")
