"""Fully qualified names: parts joined by dots, a part with a dot in quotes."""

from __future__ import annotations

import re
from hashlib import md5

from mockserver.contract.naming import Naming

PART = re.compile(r'(?:^|(?<=\.))(?:"([^"]*)"(?=\.|$)|([^.]+))')


def quote(part: str) -> str:
    """The part as it stands in a fully qualified name."""
    return f'"{part}"' if "." in part and not (part.startswith('"') and part.endswith('"')) else part


def join(parent: str | None, name: str) -> str:
    """The name below its parent's fully qualified name; a name without parent is quoted alike."""
    return quote(name) if parent is None else f"{parent}.{quote(name)}"


def unique(naming: Naming, parent: str | None, name: str) -> str:
    """The fully qualified name of a record below a parent's."""
    if naming.verbatim:
        return name
    if parent is not None and naming.last is not None:
        return join(parent, naming.last)
    name = naming.prefix + name
    return join(parent if naming.infix is None or parent is None else f"{parent}.{naming.infix}", name)


def digest(text: str) -> str:
    """The name of a record that is given none."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def parts(unique: str) -> list[str]:
    """The parts of a fully qualified name, without quotes."""
    return [whole or quoted for quoted, whole in PART.findall(unique)]
