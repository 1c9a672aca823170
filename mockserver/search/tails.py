"""What texts end with, each ending once, as one run of bytes that is looked through as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, compress

from mockserver.search import bits
from mockserver.search.bits import Bits
from mockserver.search.postings import Posting, union

# Bytes that are in no text, and all others.
END, MARK = b"\xff", b"\xfe"
TEXT = bytes(range(0xFE))


class Tails:
    """Endings with the documents in which each stands."""

    def __init__(self, postings: Mapping[str, Posting], size: int) -> None:
        self._size = size
        self._postings = list(postings.values())
        self._bytes = b"".join(_encoded(ending) + END for ending in postings)
        # The document of an ending that stands in one alone, and for the others the number behind the last document.
        self._alone = [each[0] if isinstance(each, list) and len(each) == 1 else size for each in self._postings]
        self._several = [at for at, document in enumerate(self._alone) if document == size]

    def holding(self, part: str) -> Bits:
        """The documents in which a part stands in an ending."""
        return self._documents(self._bytes.replace(_encoded(part), MARK))

    def closing(self, part: str) -> Bits:
        """The documents in which an ending ends so."""
        return self._documents(self._bytes.replace(_encoded(part) + END, MARK + END))

    def _documents(self, marked: bytes) -> Bits:
        """Those of the endings that bear a mark; what is left of the other endings is nothing."""
        marks = marked.translate(None, TEXT)
        if MARK not in marks:
            return 0
        bears = marks.split(END)
        several = (self._postings[at] for at in self._several if bears[at])
        found = union(chain((list(compress(self._alone, bears)),), several), self._size + 1)
        return found & bits.upto(self._size)


def _encoded(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
