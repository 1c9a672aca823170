"""Links between records: kept by where they start, with their values, and by where they end."""

from __future__ import annotations

from typing import Any, NamedTuple

from rpds import HashTrieMap

Links = dict[str, Any]
NO_LINKS: Links = {}
NO_SOURCES: HashTrieMap[str, None] = HashTrieMap()


class Web(NamedTuple):
    """Both directions; every change makes a new web. The dicts inside are never changed in place."""

    forth: HashTrieMap[tuple[str, str], Links] = HashTrieMap()
    back: HashTrieMap[tuple[str, str], HashTrieMap[str, None]] = HashTrieMap()

    def link(self, source: str, relation: str, target: str, value: Any) -> Web:
        links = self.forth.get((source, relation), NO_LINKS)
        sources = self.back.get((target, relation), NO_SOURCES)
        return Web(
            self.forth.insert((source, relation), {**links, target: value}),
            self.back.insert((target, relation), sources.insert(source, None)),
        )

    def unlink(self, source: str, relation: str, target: str) -> Web:
        """Without a link that is there."""
        rest = {key: value for key, value in self.forth[source, relation].items() if key != target}
        sources = self.back[target, relation].discard(source)
        return Web(
            self.forth.insert((source, relation), rest) if rest else self.forth.discard((source, relation)),
            self.back.insert((target, relation), sources) if len(sources) else self.back.discard((target, relation)),
        )
