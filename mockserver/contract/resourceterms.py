"""What a contract says of a resource, as it was read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from mockserver.contract.errand import Errand
from mockserver.contract.labels import Finder
from mockserver.contract.manners import Alerts, Assets, Counted, Derived, Nested, Ranks, Review, Series
from mockserver.contract.naming import Naming
from mockserver.contract.quality import NO_QUALITY, Quality
from mockserver.contract.relation import Relation
from mockserver.contract.sheets import Sheet
from mockserver.contract.window import Window

Json = Any
NOTHING: Mapping[str, Json] = MappingProxyType({})


class ResourceTerms(NamedTuple):
    """What a contract says of a resource."""

    name: str
    path: str
    entity: str
    title: str
    plural: str
    schema: str
    create: str | None = None
    naming: Naming = Naming()
    defaults: Mapping[str, Json] = NOTHING
    on_request: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()
    relations: Mapping[str, Relation] = NOTHING
    derived: Mapping[str, Derived] = NOTHING
    inherited: Mapping[str, tuple[str, ...]] = NOTHING
    summarized: tuple[str, ...] = ()
    counted: Mapping[str, Counted] = NOTHING
    nested: Mapping[str, Nested] = NOTHING
    removed: tuple[str, ...] = ()
    reduced: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    kept: frozenset[str] = frozenset()
    merged: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    moves: frozenset[str] = frozenset()
    unstored: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    wrapped: Mapping[str, str] = NOTHING
    modelled: str | None = None
    permissions: Mapping[str, str] = NOTHING
    views: Mapping[str, str] = NOTHING
    operations: tuple[str, ...] = ()
    governs: str | None = None
    parts: Mapping[str, Json] = NOTHING
    finder: Finder | None = None
    assets: Assets | None = None
    review: Review | None = None
    series: Mapping[str, Series] = NOTHING
    alerts: Alerts | None = None
    secrets: tuple[tuple[str, ...], ...] = ()
    sheet: Sheet | None = None
    ranks: Ranks | None = None
    masked: Mapping[str, Json] = NOTHING
    private: Mapping[str, str] = NOTHING
    sole: tuple[str, ...] = ()
    settled: Mapping[str, str] = NOTHING
    quality: Quality = NO_QUALITY
    window: Window | None = None
    errand: Errand | None = None
    # The fields in which references stand, each with the member that they are.
    refers: tuple[tuple[str, str], ...] = ()
    vouched: Mapping[str, str] = NOTHING
    searched: Mapping[str, tuple[str, ...]] = NOTHING
