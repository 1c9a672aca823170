"""Starts the yardsticks and the variants of the server side by side, all to answer the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.cases import bearer, messages
from bench.recorded import record
from bench.servers import Variant, ours, yardstick
from bench.settings import FIXTURES
from bench.throughput import Contender


@contextmanager
def staged(yardsticks: Sequence[str], variants: Sequence[Variant]) -> Iterator[list[Contender]]:
    """The contenders, yardsticks first."""
    with ExitStack() as stack:
        servers = [stack.enter_context(ours(variant, *FIXTURES)) for variant in variants]
        recording = record(servers[0])
        answers = Path(stack.enter_context(TemporaryDirectory())) / "answers.json"
        recording.save(answers)
        started = [stack.enter_context(yardstick(name, answers)) for name in yardsticks]
        yield [
            Contender(
                server,
                partial(messages, tables=recording.tables, headers=bearer(server.tokens.get("admin", recording.token))),
            )
            for server in (*started, *servers)
        ]
