"""Takes a page step by step: its files are written, its commands typed, its programs run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.clients import sdk_env
from tests.project import markdown
from tests.project.markdown import Block, Command
from tests.project.shell import SERVES, Server, Shell, ShellError
from tests.project.tree import ROOT, named

PAGES = {named(page): page for page in markdown.pages()}
BLOCKS = {block.place: block for page in PAGES.values() for block in markdown.blocks(page)}


def of_language(*languages: str) -> dict[str, list[Block]]:
    """The blocks of some languages by page; pages without any are left out."""
    found: dict[str, list[Block]] = {}
    for block in BLOCKS.values():
        if block.language in languages:
            found.setdefault(block.page, []).append(block)
    return found


def follow(shell: Shell, steps: list[Command]) -> None:
    """Runs the steps of a page in order; an AssertionError says at which one it does something else."""
    served: list[tuple[Command, Server]] = []
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        if MAKES.match(step.line):
            check_targets(step)
        elif found := INSTALLS.match(step.line):
            check_extras(step, found[1])
        elif SERVES.match(step.line):
            served.append((step, shell.serve(step.line.removesuffix("&").rstrip())))
        else:
            run(shell, step, following)
    shell.close()
    for step, server in served:
        compare(step, shell.as_written(server.log.read_text()))


def run(shell: Shell, step: Command, following: Command | None) -> None:
    tool = step.line.split()[0]
    if not ASSIGNS.match(step.line) and not shell.knows(tool):
        raise ShellError(f"{step.place}: `{tool}` is no command of this machine")
    done = shell.run(narrowed(step.line))
    # A page shows a refusal with its status, and a failure by asking for its exit status.
    refused = done.code == REFUSED_BY_SERVER and re.search(r"\b[45]\d\d\b", step.output)
    asked = following is not None and following.line == "echo $?"
    if done.code and not refused and not asked:
        raise ShellError(f"{step.place}: `{step.line}` ended with {done.code}:\n{done.output}")
    if not CHECKS.search(step.line):
        compare(step, done.output)


def compare(step: Command, output: str) -> None:
    """What the page says is printed, `…` for anything; a page may say nothing of it."""
    if not step.output:
        return
    lines = (
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line.rstrip()).replace("…", ".*") + r"[ ]*\n"
        for line in step.output.splitlines()
    )
    if not re.fullmatch("".join(lines), output.rstrip("\n") + "\n"):
        raise ShellError(f"{step.place}: `{step.line}` printed something else:\n{output}")


def narrowed(line: str) -> str:
    """A contract check of one operation: the whole one is run by the conformance tests."""
    if not CHECKS.search(line) or "--help" in line:
        return line
    line = re.sub(r" --max-examples[ =]\d+", "", line)
    quick = "--max-examples 1" + ("" if "--operation" in line else " --operation getTeamVersion")
    return CHECKS.sub(f"mockserver check {quick}", line)


def check_targets(step: Command) -> None:
    """The targets are there and do what is said of them; none is made, for these tests run inside one."""
    for target in step.line.split()[1:]:
        recipe = recipe_of(target)
        if TARGETS.get(target, target) not in recipe:
            raise ShellError(f"{step.place}: `make {target}` does something else:\n{recipe}")


def recipe_of(target: str) -> str:
    outer = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    command = ["make", "--dry-run", "--always-make", target]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=outer, check=False)
    if done.returncode:
        raise ShellError(f"`make {target}`: {done.stderr}")
    return done.stdout


def check_extras(step: Command, extras: str | None) -> None:
    """What is installed is a part of the project that can be installed by itself."""
    known = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    if unknown := [each for each in (extras or "").split(",") if each and each not in known]:
        raise ShellError(f"{step.place}: mockserver has no extra {', '.join(unknown)}")


def page_steps(page: str) -> list[Command]:
    """The commands of a page, and the Python programs between them."""
    steps: list[Command] = []
    tests = has_tests(of_language("python").get(page, []))
    for block in BLOCKS.values():
        if block.page == page and block.language == "console":
            steps += markdown.commands(block)
        elif block.page == page and block.language == "python" and not tests and block.file is None:
            steps.append(Command(block.place, f"python -c {shlex.quote(block.text)}", ""))
    return steps


@contextmanager
def page_shell(page: str, root: Path) -> Iterator[Shell]:
    """A shell in a folder with the files that the page gives, and its tests as one module."""
    python = of_language("python").get(page, [])
    with_sdk = any(NEEDS_SDK.search(block.text) for block in python)
    shell = Shell(root, **({"SDK_PYTHON": str(sdk_env.interpreter())} if with_sdk else {}))
    for block in BLOCKS.values():
        if block.page == page and block.file is not None:
            place = shell.folder / block.file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(block.text)
    if has_tests(python):
        module = "\n\n".join(block.text for block in python if block.file is None)
        (shell.folder / "test_page.py").write_text(module)
    if with_sdk:
        place_sdk(shell.folder / "metadata" / "sdk")
    try:
        yield shell
    finally:
        shell.close()


def place_sdk(folder: Path) -> None:
    """The package that the page's tests import, which passes its calls to the real one."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "project" / "sdk_standin.py", folder / "__init__.py")
    (folder / "entities.py").write_text("from metadata.sdk import __getattr__\n")


def has_tests(found: list[Block]) -> bool:
    return any(DEFINES_TESTS.search(block.text) for block in found)
