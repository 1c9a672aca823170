"""What a server elsewhere can be called by: its URL, and what may stand in a header."""

from __future__ import annotations

from urllib.parse import urlsplit

from mockserver.http.choosing import PREFIX


def is_server_url(text: str) -> bool:
    """Whether it says where a server is, and nothing else: no user, no query, and none of its worlds."""
    if not text.startswith(("http://", "https://")) or not text.isascii() or " " in text or not text.isprintable():
        return False
    try:
        parts = urlsplit(text)
        reachable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return reachable and not (parts.username or parts.query or parts.fragment or PREFIX in f"{parts.path}/")


def can_be_sent(text: str) -> bool:
    """Whether it can stand in a header."""
    return text.isprintable() and text.encode("latin-1", "ignore").decode("latin-1") == text
