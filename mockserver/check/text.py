"""What a server answered, made fit to be written into a report."""

from __future__ import annotations

import re

# What neither XML nor HTML can hold, not even escaped.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def writable(text: str) -> str:
    """`text` with each character that a report cannot hold spelled out."""
    return FORBIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
