"""What a server elsewhere can be called by: its URL, and what may stand in a header."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from mockserver.http.choosing import PREFIX


def reached(url: str) -> SplitResult | None:
    """The parts of a URL by which a server can be reached; None for what is no such one."""
    try:
        parts = urlsplit(url)
        return parts if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def is_server_url(text: str) -> bool:
    """Whether it says where a server is, and nothing else: no user, no query, and none of its worlds."""
    if not text.startswith(("http://", "https://")) or not text.isascii() or " " in text or not text.isprintable():
        return False
    parts = reached(text)
    if parts is None:
        return False
    return not (parts.username or parts.query or parts.fragment or PREFIX in f"{parts.path}/")


def can_be_sent(text: str) -> bool:
    """Whether it can stand in a header."""
    return text.isprintable() and text.encode("latin-1", "ignore").decode("latin-1") == text
