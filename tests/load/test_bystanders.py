"""Whatever slow and malicious callers do, the others are served, and the server does not grow."""

from __future__ import annotations

import pytest

from tests.load.attacks import Attack, attacks
from tests.load.caller import SLOWER, Caller, Compared
from tests.load.conftest import BODY_LIMIT
from tests.load.crowd import Crowd
from tests.load.process import MIB, Server

NAMES = [
    "heads that trickle",
    "heads that never begin",
    "bodies that trickle",
    "chunks that trickle",
    "endless chunks",
    "one endless chunk",
    "bodies longer than announced",
    "bodies announced too large",
    "an endless header",
    "endless headers",
    "endless request lines",
    "endless methods",
    "endless queries",
    "requests nobody hears the answers of",
    "requests without end",
    "callers that leave in the head",
    "callers that leave in the body",
    "callers that leave before the answer",
]
# Fifty callers who send as much as is taken have it in what was received, in what was read of it, and as a whole.
GROWTH = 50 * 3 * BODY_LIMIT + 4 * MIB


@pytest.fixture(params=NAMES)
def attack(request: pytest.FixtureRequest, server: Server) -> Attack:
    return attacks(server)[request.param]


def test_the_others_are_served_on_within_bounded_memory(server: Server, caller: Caller, attack: Attack) -> None:
    memory = server.memory()
    server.forget_peak()
    compared = Compared(caller)

    while compared.is_open():
        compared.undisturbed()
        with Crowd(server.port, attack.size, attack.script, pace=attack.pace, reads=attack.reads) as crowd:
            crowd.wait_for(lambda: crowd.rounds > 2, "everybody's third piece")
            compared.disturbed()
            crowd.wait_for(lambda: crowd.statuses >= attack.answers, f"{attack.answers}, only {crowd.statuses}")

    assert compared.ratio < SLOWER
    assert server.peak() - memory < GROWTH
    assert crowd.statuses == attack.answers
