"""URLs of stores as they may be shown, and what is wrong with one of a database."""

from __future__ import annotations

import re

from mockserver.stores.store import CannotOpen

QUOTED = re.compile(r'"([^"]*)"')
RIGHT = "write it as postgresql://USER:PASSWORD@HOST/DATABASE, and what is no letter or digit in a part of it as %XX"


def shown_url(url: str) -> str:
    """The URL without its password."""
    return re.sub(r"(?<=://)([^:/@?]*):.*@", r"\1:…@", re.sub(r"(?<=[?&]password=)[^&]*", "…", url))


def refuse_unreadable(url: str) -> None:
    """CannotOpen with what libpq finds wrong, in which no more of the URL is told than may be shown."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        seen = shown_url(url)
        told = QUOTED.sub(lambda part: part[0] if part[1] in seen else '"…"', str(error).strip())
        raise CannotOpen(f"it is no URL of a database: {told}; {RIGHT}") from None
