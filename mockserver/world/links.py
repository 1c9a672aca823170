"""Links between records: kept by relation, by where they start with their values, and by where they end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from rpds import HashTrieMap

Links = dict[str, Any]
Sources: TypeAlias = "HashTrieMap[str, None]"
NO_LINKS: Links = {}
NO_SOURCES: Sources = HashTrieMap()
NOWHERE: HashTrieMap[str, Any] = HashTrieMap()
UNTIED: dict[str, Any] = {}


class Web(NamedTuple):
    """Both directions by relation; every change makes a new web. The dicts inside are never changed in place."""

    forth: Mapping[str, HashTrieMap[str, Links]] = UNTIED
    back: Mapping[str, HashTrieMap[str, Sources]] = UNTIED

    @classmethod
    def of(cls, links: Mapping[tuple[str, str], Links]) -> Web:
        """These links by source and relation; there are no empty ones."""
        forth: dict[str, dict[str, Links]] = {}
        back: dict[str, dict[str, dict[str, None]]] = {}
        for (source, relation), targets in links.items():
            forth.setdefault(relation, {})[source] = targets
            ends = back.setdefault(relation, {})
            for target in targets:
                ends.setdefault(target, {})[source] = None
        return cls(
            {relation: HashTrieMap(sources) for relation, sources in forth.items()},
            {
                relation: HashTrieMap({target: HashTrieMap(sources) for target, sources in ends.items()})
                for relation, ends in back.items()
            },
        )

    def all(self) -> Iterator[tuple[tuple[str, str], Links]]:
        """The links of every source and relation."""
        for relation, sources in self.forth.items():
            for source, links in sources.items():
                yield (source, relation), links

    def links(self, source: str, relation: str) -> Links:
        links: Links = self.forth.get(relation, NOWHERE).get(source, NO_LINKS)
        return links

    def sources(self, target: str, relation: str) -> Sources:
        sources: Sources = self.back.get(relation, NOWHERE).get(target, NO_SOURCES)
        return sources

    def link(self, source: str, relation: str, target: str, value: Any) -> Web:
        forth, back = self.forth.get(relation, NOWHERE), self.back.get(relation, NOWHERE)
        links, sources = forth.get(source, NO_LINKS), back.get(target, NO_SOURCES)
        return Web(
            {**self.forth, relation: forth.insert(source, {**links, target: value})},
            {**self.back, relation: back.insert(target, sources.insert(source, None))},
        )

    def unlink(self, source: str, relation: str, target: str) -> Web:
        """Without a link that is there."""
        forth, back = self.forth[relation], self.back[relation]
        rest = {key: value for key, value in forth[source].items() if key != target}
        sources = back[target].discard(source)
        return Web(
            _with(self.forth, relation, forth.insert(source, rest) if rest else forth.discard(source)),
            _with(self.back, relation, back.insert(target, sources) if len(sources) else back.discard(target)),
        )


def _with(maps: Mapping[str, HashTrieMap[str, Any]], relation: str, kept: HashTrieMap[str, Any]) -> dict[str, Any]:
    """The maps with another one for this relation; one that became empty is left out."""
    if len(kept):
        return {**maps, relation: kept}
    return {name: each for name, each in maps.items() if name != relation}
