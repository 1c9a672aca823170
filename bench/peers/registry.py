"""The peers that are measured."""

from __future__ import annotations

from bench.peers.jsonserver import JSON_SERVER
from bench.peers.mockoon import MOCKOON
from bench.peers.peer import Peer
from bench.peers.prism import PRISM
from bench.peers.scalar import SCALAR
from bench.peers.specmatic import SPECMATIC
from bench.peers.stripe import STRIPE_MOCK
from bench.peers.wiremock import WIREMOCK

PEERS: tuple[Peer, ...] = (PRISM, MOCKOON, WIREMOCK, SPECMATIC, JSON_SERVER, SCALAR, STRIPE_MOCK)
