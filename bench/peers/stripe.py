"""stripe-mock: serves Stripe's API only, so a record of that is read and changed."""

from __future__ import annotations

from pathlib import Path

from bench.cases import COUNTER, GET_FRESH, GET_TABLE, PATCH_SAME, PATCH_TABLE, Case, Request, bearer, messages
from bench.peers.install import go
from bench.peers.peer import Peer, Started, Traits
from bench.processes import free_port
from bench.recorded import Recording

VERSION = "0.203.0"
KEY = "sk_test_123"
GET = Request("GET", "/v1/customers/cus_123")
POST = Request("POST", "/v1/customers/cus_123", f"description=Measured+{COUNTER}", "application/x-www-form-urlencoded")
OWN = {
    GET_TABLE.name: (GET,),
    PATCH_SAME.name: (POST.again(),),
    PATCH_TABLE.name: (POST,),
    GET_FRESH.name: (GET, POST),
}


def install(home: Path) -> None:
    go(home, "github.com/stripe/stripe-mock", f"v{VERSION}")


def start(home: Path, folder: Path, port: int, recording: Recording) -> Started:
    options = ["-http-addr", f"127.0.0.1:{port}", "-https-addr", f"127.0.0.1:{free_port()}"]
    return Started([str(home / "bin" / "stripe-mock"), *options])


def requests(case: Case, recording: Recording) -> list[list[str]] | None:
    own = OWN.get(case.name)
    return messages(Case(case.name, own), recording.tables, bearer(KEY)) if own else None


STRIPE_MOCK = Peer(
    key="stripe-mock",
    name="stripe-mock",
    version=VERSION,
    traits=Traits("requests", "a key of the right look", "no", "no"),
    answers="Stripe's API: GET and POST of a customer stand for GET and PATCH of a table",
    install=install,
    start=start,
    requests=requests,
)
