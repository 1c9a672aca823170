"""What the server's throughput is held to: data, each a variant, a case and a share of another server's rate."""

from __future__ import annotations

from dataclasses import dataclass

from bench.cases import GET_TABLE, GET_VERSIONS, PATCH_SAME, PATCH_TABLE, PUT_DELETE, PUT_SAME, Case
from bench.outcome import Bound
from bench.servers import BARE, DIRECT, ON_POSTGRES, ON_SQLITE, PLAIN, Variant
from bench.throughput import Rates


@dataclass(frozen=True)
class Share:
    """At least so many times the requests a second that another server answers."""

    variant: Variant
    case: Case
    of: str
    least: float


@dataclass(frozen=True)
class Rate:
    """At least so many requests a second."""

    variant: Variant
    case: Case
    least: float


READS = (GET_VERSIONS, GET_TABLE)
SHARES = (
    *(Share(PLAIN, case, BARE, 0.85) for case in READS),
    Share(PLAIN, PUT_SAME, BARE, 0.70),
    *(Share(PLAIN, case, BARE, 0.45) for case in (PATCH_SAME, PATCH_TABLE)),
    *(Share(DIRECT, case, BARE, 1.6) for case in READS),
    Share(DIRECT, PUT_SAME, BARE, 1.2),
    *(Share(ON_SQLITE, case, DIRECT.name, 0.5) for case in READS),
    *(Share(ON_POSTGRES, case, DIRECT.name, 0.3) for case in READS),
)
RATES = (Rate(ON_SQLITE, PUT_DELETE, 1000.0),)


def bounds(rates: Rates) -> list[Bound]:
    """All of them; what was not answered reaches none."""
    found = []
    for share in SHARES:
        what = f"{share.variant.name}, {share.case.name}, of {share.of}"
        found.append(Bound(what, rates.ratio(share.case, share.variant.name, share.of) or 0.0, share.least))
    for rate in RATES:
        middle = rates.medians.get((rate.case.name, rate.variant.name))
        what = f"{rate.variant.name}, {rate.case.name}"
        found.append(Bound(what, middle.rate if middle else 0.0, rate.least, "a second"))
    return found
