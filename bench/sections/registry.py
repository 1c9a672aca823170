"""The measurements by name, in the order in which they are made."""

from __future__ import annotations

from collections.abc import Callable

from bench.outcome import Outcome
from bench.sections.latency import latency
from bench.sections.launch import launch
from bench.sections.memory import memory
from bench.sections.rates import throughput
from bench.sections.replicas import replicas
from bench.sections.search import search
from bench.sections.size import size
from bench.sections.suite import suite
from bench.sections.worlds import worlds
from bench.settings import Settings

SECTIONS: dict[str, Callable[[Settings], Outcome]] = {
    "throughput": throughput,
    "replicas": replicas,
    "latency": latency,
    "launch": launch,
    "size": size,
    "search": search,
    "worlds": worlds,
    "suite": suite,
    "memory": memory,
}
