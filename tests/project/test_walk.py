"""Shows that a page that says something wrong is found out, and that a right one is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.contract.problem import ContractError
from tests.project import markdown, samples
from tests.project.markdown import Block
from tests.project.shell import ShellError
from tests.project.walk import follow, page_shell, steps_of

SERVE = "$ mockserver serve --ready-file ready.json\n"
VERSION = "http://localhost:8585/api/v1/system/version"

RIGHT = {
    "a server is asked at the port that the page gives it": f"{SERVE}$ curl -s {VERSION}\n{{…2.0.7…}}",
    "what the server prints is told": f"{SERVE}Serving openmetadata at http://127.0.0.1:8585 …",
    "another port is the page's too": f"$ mockserver serve --port 9000 &\n$ curl -s {VERSION.replace('8585', '9000')}",
    "a variable outlives its command": "$ A=one B=two\n$ echo $A $B\none two",
    "a folder is entered": "$ mkdir -p inner\n$ cd inner\n$ pwd\n…/folder/inner",
    "a failure is announced": "$ mockserver lnit\n$ echo $?\n2",
    "a refusal is shown": f"{SERVE}$ curl -s -w '%{{http_code}}' {VERSION}s\n…404",
    "a command has several lines": "$ echo one \\\n    two\none two",
    "a file is typed in": "$ cat > a.txt <<'EOF'\none\nEOF\n$ cat a.txt\none",
    "lines are left out": "$ printf '1\\n2\\n3\\n'\n1\n…\n3",
    "a target is there": "$ make lint fmt",
    "an extra is there": "$ pip install 'mockserver[pytest,check]'",
}
WRONG = {
    "a command that is none": "$ mockserver lnit",
    "an option that is none": "$ mockserver lint --prfile docs",
    "a tool that is not there": "$ mockservr lint",
    "an output that is another": "$ mockserver lint\nopenmetadata: no operations, no errors",
    "an output that is longer": "$ printf '1\\n2\\n'\n1",
    "an exit status that is another": "$ mockserver lnit\n$ echo $?\n1",
    "a server that does not start": "$ mockserver serve --prot 9000",
    "a greeting that is another": f"{SERVE}Good morning.",
    "a page that is not served": f"{SERVE}$ curl -s {VERSION}s",
    "a port that nobody listens on": f"{SERVE}$ curl -s http://localhost:1/",
    "a failure in a pipe": f"{SERVE}$ curl -s {VERSION}s | cat",
    "a target that is not there": "$ make tests",
    "a target that does something else": "$ make .venv/.ready",
    "an extra that is not there": "$ pip install mockserver[tests]",
    "a package that no test has": "$ pip install 'ometa-diff==9'",
    "a variable that was never set": '$ test -n "$TOKEN"',
}
PROGRAM = "assert 1 == {}"
TEST = "def test_version(mockserver):\n    assert mockserver.client.get('/v1/system/version').status_code == {}"

RESOURCE = "name: a, path: /a, entity: a, title: A, plural: As, schema: A"
RIGHT_SAMPLES = {
    "a fixture set": "extends: documented\nrecords: {users: [{name: zoe, email: zoe@example.org}]}",
    "a resource": f"x-resource: {{{RESOURCE}}}\nx-traits: [votes]",
    "a trait": "x-trait: {name: likes, needs: [likes]}\npaths: {}",
    "an overlay": "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions: [{target: $.info, update: {title: u}}]",
    "exclusions": "- {operation: 'get*', check: ignored_auth, reason: r}",
    "a contract": "openapi: 3.1.1\ninfo: {title: t, version: '1'}\npaths: {}",
    "keywords": "x-versioning: {minor: 0.1}",
    "something left out": "x-trait: {name: likes}\npaths:\n  /likes:\n    …\n",
}
WRONG_SAMPLES = {
    "a field that is none": "extends: documented\nrecords: {users: [{name: zoe, email: zoe@example.org, hight: 1}]}",
    "a resource that is none": "records: {user: []}",
    "a key that is none in a resource": f"x-resource: {{{RESOURCE}, x: 1}}",
    "a trait that is none": f"x-resource: {{{RESOURCE}}}\nx-traits: [x]",
    "a key that is none in a trait": "x-trait: {name: likes, need: [likes]}",
    "a target that is nowhere": "overlay: 1.0.0\ninfo: {}\nactions: [{target: $.inof, update: {title: u}}]",
    "a check that is none": "- {operation: 'get*', check: ignored_aut, reason: r}",
    "an operation that nothing answers": "openapi: 3.1.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {}}}",
    "a keyword's value": "x-versioning: {minor: little}",
    "an unknown document": "a: 1",
    "no YAML": "a: [1",
}


@pytest.mark.parametrize("said", RIGHT.values(), ids=RIGHT.keys())
def test_a_page_that_is_right_passes(said: str, tmp_path: Path) -> None:
    walk(page(console=said), tmp_path)


@pytest.mark.parametrize("said", WRONG.values(), ids=WRONG.keys())
def test_a_page_that_is_wrong_is_found_out(said: str, tmp_path: Path) -> None:
    with pytest.raises(ShellError):
        walk(page(console=said), tmp_path)


@pytest.mark.parametrize(("program", "right"), [(PROGRAM, 1), (TEST, 200)])
def test_a_program_on_a_page_is_run(program: str, right: int, tmp_path: Path) -> None:
    for folder in (tmp_path / "right", tmp_path / "wrong"):
        folder.mkdir()

    walk(page(python=program.format(right)), tmp_path / "right")
    with pytest.raises(ShellError):
        walk(page(python=program.format(right + 1)), tmp_path / "wrong")


@pytest.mark.parametrize("text", RIGHT_SAMPLES.values(), ids=RIGHT_SAMPLES.keys())
def test_a_sample_that_is_right_loads(text: str, tmp_path: Path) -> None:
    samples.load_yaml_block(Block("page.md", 1, "yaml", text), tmp_path)


@pytest.mark.parametrize("text", WRONG_SAMPLES.values(), ids=WRONG_SAMPLES.keys())
def test_a_sample_that_is_wrong_is_found_out(text: str, tmp_path: Path) -> None:
    with pytest.raises((AssertionError, ContractError)):
        samples.load_yaml_block(Block("page.md", 1, "yaml", text), tmp_path)


def test_a_block_that_is_never_closed_is_found_out() -> None:
    with pytest.raises(ValueError, match=r"page.md:1: the block is never closed"):
        markdown.blocks_in("```yaml\na: 1\n", "page.md")


def test_a_console_block_without_a_prompt_is_found_out() -> None:
    with pytest.raises(ValueError, match=r"page.md:2: a console block starts with a prompt"):
        steps_of(page(console="mockserver lint"))


def page(**blocks: str) -> list[Block]:
    text = "".join(f"```{language}\n{each}\n```\n" for language, each in blocks.items())
    return markdown.blocks_in(text, "page.md")


def walk(blocks: list[Block], folder: Path) -> None:
    with page_shell(blocks, folder) as shell:
        follow(shell, steps_of(blocks))
