"""Which store a URL means; only the one that is meant is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mockserver.contract.problem import nearest
from mockserver.exchange import Problem
from mockserver.stores.store import CannotOpen

if TYPE_CHECKING:
    from mockserver.stores.sql import SqlStore

SQLITE = "sqlite:///"
POSTGRES = ("postgresql://", "postgres://")
FORMS = ("memory", "sqlite:///FILE", "postgresql://USER@HOST/DATABASE")


def open_store(url: str, contract: str, *, make: bool = True) -> SqlStore:
    """The store at a URL, for worlds of a contract; CannotOpen when it cannot be used.

    Unless it may be made, one that is not there cannot either.
    """
    store = _open(url, make)
    try:
        store.claim(contract)
    except Problem as problem:
        store.close()
        raise CannotOpen(problem.message) from problem
    except BaseException:
        store.close()
        raise
    return store


def _open(url: str, make: bool) -> SqlStore:
    if url.startswith(SQLITE) and url != SQLITE:
        from mockserver.stores.sqlite import SqliteStore

        return SqliteStore(Path(url.removeprefix(SQLITE)), make=make)
    if url.startswith(POSTGRES):
        try:
            from mockserver.stores.postgres import PostgresStore
        except ModuleNotFoundError as error:
            raise CannotOpen("PostgreSQL needs an extra: pip install 'mockserver[postgres]'") from error

        return PostgresStore(url, make=make)
    scheme = url.partition(":")[0]
    meant = nearest(scheme, [form.partition(":")[0] for form in FORMS])
    hint = f"did you mean {next(form for form in FORMS if form.startswith(meant))}?" if meant else ""
    raise CannotOpen(f"it is no store; {hint or 'there are ' + ', '.join(FORMS)}")
