"""Measures the server beside a bare uvicorn, writes the page on performance, and ends with 1 when a bound is missed."""

from __future__ import annotations

import argparse

from bench.options import add_common, chosen, finish, show
from bench.sections.registry import SECTIONS
from bench.settings import Settings

REQUESTS = 100_000


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = ", ".join(SECTIONS)
    found.add_argument("--only", metavar="NAME,…", help=f"some of {names}; all of them unless said")
    found.add_argument("--requests", type=int, default=REQUESTS, help="how many memory has to stay flat over")
    add_common(found)
    return found


def main(arguments: list[str] | None = None) -> int:
    told = parser()
    asked = told.parse_args(arguments)
    outcomes = []
    for section in chosen(told, asked.only, SECTIONS):
        outcomes.append(section(Settings(asked.rounds, asked.seconds, asked.requests)))
        show(outcomes[-1])
    return finish(asked, outcomes)


if __name__ == "__main__":
    raise SystemExit(main())
