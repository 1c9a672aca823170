"""What docs/fixtures.md says is so: its sets load, and every word and key is in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mockserver.bundled import fixture_names
from mockserver.seeding import generate, pools, sets
from mockserver.seeding.drawing import CASES
from mockserver.seeding.vocabulary import VOCABULARY
from tests.support.worlds import seeded, told

TEXT = (Path(__file__).parents[3] / "docs" / "fixtures.md").read_text(encoding="utf-8")
SETS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("text", SETS, ids=range(len(SETS)))
def test_a_set_in_the_document_loads(tmp_path: Path, text: str) -> None:
    assert len(seeded(tmp_path, text).root.records) > 0


def test_the_document_has_sets() -> None:
    assert len(SETS) == 3


def test_the_mistakes_in_the_document_are_told_like_this(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)
    spoilt = SETS[0].replace("followers: [ann, bob]", "followers: [ann, bbo]").replace("TIMESTAMP", "TIMESTMP")
    for expected, line in zip(shown.splitlines(), told(tmp_path, spoilt), strict=True):
        beginning, _, _ = expected.partition("…")
        assert line.startswith(beginning.replace("shop.yaml", "set.yaml").rstrip())


@pytest.mark.parametrize("word", VOCABULARY)
def test_a_word_of_recipes_is_explained_with_its_options(word: str) -> None:
    (row,) = re.findall(rf"^\| `{{{re.escape(word)}:.*$", TEXT, re.MULTILINE)
    for option in VOCABULARY[word].options:
        assert f"{option}:" in row or f"`{option}:" in TEXT or f"`{option}`" in row, option


@pytest.mark.parametrize(
    "key", [*sets.KEYS, *generate.KEYS, *generate.RECIPE_KEYS, *generate.HISTORY_KEYS, *pools.KEYS]
)
def test_a_key_is_explained(key: str) -> None:
    assert f"`{key}`" in TEXT or f"{key}:" in TEXT


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_explained(case: str) -> None:
    assert f"`{case}`" in TEXT


@pytest.mark.parametrize("name", fixture_names("openmetadata"))
def test_a_bundled_set_is_described(name: str) -> None:
    assert f"| `{name}`" in TEXT
