"""What is nested in a record as it is answered: with the names of its place, and with what is said of it elsewhere."""

from __future__ import annotations

from typing import Any

from mockserver.contract.manners import Nested
from mockserver.dialects.openmetadata.names import quote

Json = Any


def nested_items(items: list[dict[str, Json]], nested: Nested, parent: str) -> list[dict[str, Json]]:
    """A nested list with the names that follow from where it stands."""
    shown = []
    for item in items:
        copy = dict(item)
        if nested.named:
            name = f"{parent}.{quote(item['name'])}"
            copy["fullyQualifiedName"] = name
            if nested.children and item.get(nested.children):
                copy[nested.children] = nested_items(item[nested.children], nested, name)
        shown.append(copy)
    return shown


def gather(nested: Nested, shown: dict[str, Json]) -> None:
    """Moves what is said of single items to them, from the fields where all of it is kept."""
    for field, member in nested.gathers.items():
        told: dict[str, list[Json]] = {}
        for each in shown.get(field, ()):
            if each.get(member):
                told.setdefault(each[member], []).append(each)
        if told:
            items = shown[nested.name]
            shown[nested.name] = [
                {**item, field: told[item["name"]]} if item["name"] in told else item for item in items
            ]
            shown[field] = [each for each in shown[field] if not each.get(member)]
