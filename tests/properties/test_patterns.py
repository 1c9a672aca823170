"""What a vocabulary finds by a pattern is what looking at every text finds."""

from __future__ import annotations

import re
from fnmatch import translate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.search import bits, vocabulary
from mockserver.search.postings import packed
from mockserver.search.vocabulary import Vocabulary

SIZE = 200
LETTERS = "ab.é\0\U0001f600"
TEXTS = st.dictionaries(
    st.text(LETTERS, max_size=6), st.lists(st.integers(0, SIZE - 1), min_size=1, max_size=8, unique=True), max_size=40
)
PATTERNS = st.one_of(
    st.text(f"{LETTERS}*?[]", max_size=6),
    st.builds("*{}*".format, st.text(LETTERS, min_size=1, max_size=4)),
    st.builds("*{}".format, st.text(LETTERS, min_size=1, max_size=4)),
    st.builds("{}*".format, st.text(LETTERS, min_size=1, max_size=4)),
)


@pytest.mark.parametrize("together", [1, 2, 5, 1000])
@given(texts=TEXTS, patterns=st.lists(PATTERNS, min_size=1, max_size=5))
def test_a_vocabulary_finds_what_looking_at_every_text_finds(
    together: int, texts: dict[str, list[int]], patterns: list[str]
) -> None:
    """However many texts are kept together, in few documents, whose numbers are kept, and in many."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(vocabulary, "BLOCK", together)
        postings = {text: packed(sorted(numbers), SIZE) for text, numbers in texts.items()}
        known = Vocabulary(postings, SIZE)
        for pattern in patterns:
            compiled = re.compile(translate(pattern))
            met = {number for text, numbers in texts.items() if compiled.match(text) for number in numbers}
            assert set(bits.each(known.fitting(pattern, compiled))) == met
