"""Files are read from under the contract's root and from nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mockserver.contract.budget import Budget, TreeBudget
from mockserver.contract.sources import Sources
from tests.unit.contract.written import refusal, write

FILES = {"openapi.yaml": "a: 1", "resources/tables.yaml": "b: 2", "resources/deep/more.yaml": "c: 3"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "contract", FILES)


def test_a_file_is_read_once_and_named_relative_to_the_root(root: Path) -> None:
    sources = Sources(root)
    document = sources.load("resources/tables.yaml")
    assert (document.source, document.value) == ("resources/tables.yaml", {"b": 2})
    assert sources.load("resources/../resources/./tables.yaml") is document


def test_a_single_file_stands_for_its_folder(root: Path) -> None:
    sources = Sources(root / "resources" / "tables.yaml")
    assert sources.entry == "tables.yaml"
    assert sources.load("deep/more.yaml").value == {"c": 3}
    assert "leads out of the folder" in refusal(lambda: sources.load("../openapi.yaml"))


@pytest.mark.parametrize("name", ["openapi.yaml", "openapi.yml", "openapi.json"])
def test_the_entry_of_a_folder_is_its_openapi_file(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: "{}"})
    assert Sources(tmp_path).entry == name


def test_a_folder_without_an_openapi_file_says_what_it_lacks(tmp_path: Path) -> None:
    said = refusal(lambda: Sources(tmp_path).entry)
    assert said.endswith("no contract here: none of openapi.yaml, openapi.yml, openapi.json")


def test_a_reference_is_relative_to_the_file_that_it_stands_in(root: Path) -> None:
    sources = Sources(root)
    assert sources.locate("more.yaml", "resources/deep/x.yaml") == "resources/deep/more.yaml"
    assert sources.locate("../tables.yaml", "resources/deep/x.yaml") == "resources/tables.yaml"
    assert sources.locate("../../openapi.yaml", "resources/deep/x.yaml") == "openapi.yaml"
    assert sources.locate("my%20file.yaml") == "my file.yaml"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("../secret.yaml", "'../secret.yaml' leads out of the folder of the contract"),
        ("resources/../../x", "'resources/../../x' leads out of the folder of the contract"),
        ("%2e%2e/secret.yaml", "'%2e%2e/secret.yaml' leads out of the folder of the contract"),
        ("..", "'..' leads out of the folder of the contract"),
        ("/etc/passwd", "'/etc/passwd' is an absolute path; write it relative to the file it stands in"),
        ("%2fetc/passwd", "'%2fetc/passwd' is an absolute path; write it relative to the file it stands in"),
        ("file:///etc/passwd", "'file:///etc/passwd' is not a file beside the contract; nothing is fetched"),
        ("http://localhost/x", "'http://localhost/x' is not a file beside the contract; nothing is fetched"),
        ("C:\\x.yaml", "'C:\\x.yaml' is not a file beside the contract; nothing is fetched"),
        ("//host/x.yaml", "'//host/x.yaml' is not a file beside the contract; nothing is fetched"),
        ("a\\b.yaml", "'a\\b.yaml' is not a relative path; write it with '/' between its parts"),
        ("a%00.yaml", "'a%00.yaml' is not a relative path; write it with '/' between its parts"),
        ("resources", "there is no file 'resources'"),
        ("resources/tabels.yaml", "there is no file 'resources/tabels.yaml'; did you mean 'resources/tables.yaml'?"),
        ("nowhere/x.yaml", "there is no file 'nowhere/x.yaml'"),
        ("openapi.yaml/x", "there is no file 'openapi.yaml/x'"),
        ("x" * 5000, f"there is no file '{'x' * 79}…'"),
    ],
)
def test_what_is_no_file_under_the_root_is_refused(root: Path, target: str, said: str) -> None:
    write(root.parent, {"secret.yaml": "secret: 1"})
    assert said in refusal(lambda: Sources(root).load(target))


def test_a_link_that_leaves_the_root_is_refused_and_one_that_stays_is_followed(root: Path) -> None:
    write(root.parent, {"secret.yaml": "secret: 1"})
    (root / "out.yaml").symlink_to(root.parent / "secret.yaml")
    (root / "folder").symlink_to(root.parent)
    (root / "in.yaml").symlink_to(root / "resources" / "tables.yaml")
    sources = Sources(root)
    assert "is a link that leads out" in refusal(lambda: sources.load("out.yaml"))
    assert "is a link that leads out" in refusal(lambda: sources.load("folder/secret.yaml"))
    assert sources.load("in.yaml").value == {"b": 2}


def test_a_root_that_is_a_link_itself_is_read(root: Path) -> None:
    (root.parent / "link").symlink_to(root)
    assert Sources(root.parent / "link").load("openapi.yaml").value == {"a": 1}


def test_a_pipe_is_no_file(root: Path) -> None:
    os.mkfifo(root / "pipe.yaml")
    assert "there is no file 'pipe.yaml'" in refusal(lambda: Sources(root).load("pipe.yaml"))


def test_a_loop_of_links_is_no_file(root: Path) -> None:
    (root / "loop.yaml").symlink_to(root / "loop.yaml")
    assert "there is no file 'loop.yaml'" in refusal(lambda: Sources(root).load("loop.yaml"))


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (TreeBudget(files=2), "resources/deep/more.yaml: more than 2 files in one contract"),
        (TreeBudget(bytes=7), "resources/tables.yaml: more than 7 bytes in the files of one contract"),
        (TreeBudget(file=Budget(bytes=3)), "openapi.yaml: more than 3 bytes in one file"),
    ],
)
def test_a_contract_beyond_a_budget_is_refused(root: Path, budget: TreeBudget, said: str) -> None:
    sources = Sources(root, budget)
    assert said in refusal(lambda: [sources.load(name) for name in FILES])


def test_the_fingerprint_follows_the_contents_and_not_the_order_of_reading(root: Path) -> None:
    def fingerprint(*names: str) -> str:
        sources = Sources(root)
        for name in names:
            sources.load(name)
        return sources.fingerprint()

    before = fingerprint("openapi.yaml", "resources/tables.yaml")
    assert before == fingerprint("resources/tables.yaml", "openapi.yaml")
    assert before != fingerprint("openapi.yaml")
    write(root, {"resources/tables.yaml": "b: 3"})
    assert before != fingerprint("openapi.yaml", "resources/tables.yaml")
