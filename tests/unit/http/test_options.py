"""What is not asked for is as the command line's help says."""

from __future__ import annotations

from mockserver.http.options import Options
from mockserver.world.registry import Limits


def test_who_asks_for_nothing_is_served_within_the_usual_limits() -> None:
    options = Options()

    assert options.limits == Limits()
    assert options.open().worlds.limits == Limits()
