"""Measures the peers and writes their part of the page on performance."""

from __future__ import annotations

import argparse

from bench.options import add_common, chosen, finish, show
from bench.peers.measure import measure
from bench.peers.registry import PEERS

WARMUP = 5.0


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    names = ", ".join(peer.key for peer in PEERS)
    found.add_argument("--peers", metavar="NAME,…", help=f"some of {names}; all of them unless said")
    found.add_argument("--warmup", type=float, default=WARMUP, help="seconds of load before the first measurement")
    add_common(found)
    return found


def main(arguments: list[str] | None = None) -> int:
    told = parser()
    asked = told.parse_args(arguments)
    peers = chosen(told, asked.peers, {peer.key: peer for peer in PEERS})
    outcome = measure(peers, asked.rounds, asked.seconds, asked.warmup)
    show(outcome)
    return finish(asked, [outcome])


if __name__ == "__main__":
    raise SystemExit(main())
