"""Fully qualified names: parts joined by dots, a part with a dot in quotes."""

from __future__ import annotations


def quote(part: str) -> str:
    """The part as it stands in a fully qualified name."""
    return f'"{part}"' if "." in part and not (part.startswith('"') and part.endswith('"')) else part


def join(parent: str | None, name: str) -> str:
    """The name below its parent's fully qualified name; a name without parent is quoted alike."""
    return quote(name) if parent is None else f"{parent}.{quote(name)}"
