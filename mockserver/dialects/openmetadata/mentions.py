"""Who is mentioned in what people say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.behaviours.entitylinks import found_in

Json = Any


def mentioned(thread: Mapping[str, Json]) -> set[tuple[str, str]]:
    """The kind and the name of everyone who is mentioned in a thread or in a post of it."""
    texts = [str(thread.get("message", "")), *(str(post.get("message", "")) for post in thread.get("posts") or ())]
    return {(link.kind, link.name) for text in texts for link in found_in(text) if link.kind in ("user", "team")}
