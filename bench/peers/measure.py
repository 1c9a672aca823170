"""Installs and starts the peers, and measures them beside this server and a bare uvicorn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.cases import CASES, Request, bearer, messages
from bench.outcome import Outcome, Picture, Table
from bench.peers.peer import NotToBeHad, Peer, Traits
from bench.processes import SERVER_CORE, DidNotStart, Server, await_answer, free_port, pinned, running
from bench.recorded import CLOSE, Recording, record
from bench.servers import BARE, DIRECT, ours, yardstick
from bench.settings import FIXTURES
from bench.throughput import NONE, Contender, Messages, compare, remarks, series, table

HOME = Path(__file__).resolve().parents[2] / ".cache" / "peers"
OURS = "mockserver"
OUR_TRAITS = Traits("requests, by the contract", "signature, user, permissions", "yes", "the last 1,000")
OUR_ANSWERS = "from its records"
BARE_ANSWERS = "recorded answers, looked up by method and path"


def measure(peers: Sequence[Peer], rounds: int, seconds: float, warmup: float) -> Outcome:
    """What each peer does, and how fast."""
    missing: dict[str, str] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = stack.enter_context(ours(DIRECT, *FIXTURES, name=OURS))
        recording = record(server)
        recording.save(folder / "answers.json")
        same = partial(messages, tables=recording.tables, headers=bearer(recording.token))
        contenders = [Contender(stack.enter_context(yardstick(BARE, folder / "answers.json")), same)]
        contenders.append(Contender(server, same))
        for peer in peers:
            try:
                started = stack.enter_context(running_peer(peer, folder, recording))
                contenders.append(Contender(started, _messages(peer, recording)))
            except (NotToBeHad, DidNotStart) as error:
                missing[peer.name] = str(error)
        rates = compare(contenders, CASES, rounds, seconds, warmup)
    names = [each.name for each in contenders]
    return Outcome(
        "peers",
        (traits(peers, missing), table(rates, CASES, names, OURS)),
        remarks=remarks(rates),
        picture=Picture(
            "This server and its peers, on one core each",
            tuple(case.name for case in CASES),
            series(rates, CASES, names),
        ),
    )


def _messages(peer: Peer, recording: Recording) -> Messages:
    return lambda case: peer.requests(case, recording)


@contextmanager
def running_peer(peer: Peer, folder: Path, recording: Recording) -> Iterator[Server]:
    """Installed if need be, started, and seen to answer."""
    home = HOME / peer.key
    peer.install(home)
    own = folder / peer.key
    own.mkdir()
    port = free_port()
    started = peer.start(home, own, port, recording)
    log = own / "peer.log"
    with running([*pinned(SERVER_CORE), *started.command], log, folder=own) as process:
        await_answer(process, port, Request("GET", "/").message(CLOSE).encode(), log)
        yield Server(peer.name, port, process.pid)


def traits(peers: Sequence[Peer], missing: dict[str, str]) -> Table:
    """What each one does; a peer that is not to be had says why."""
    rows: list[tuple[str, ...]] = [(BARE, "", *["no"] * 4, BARE_ANSWERS)]
    rows.append((OURS, "this one", *_cells(OUR_TRAITS), OUR_ANSWERS))
    for peer in peers:
        if peer.name in missing:
            rows.append((peer.name, peer.version, *[NONE] * 4, f"not to be had: {missing[peer.name]}"))
        else:
            rows.append((peer.name, peer.version, *_cells(peer.traits), peer.answers))
    heading = ("server", "version", "validates", "authenticates", "keeps state", "journal", "answers")
    return Table(heading, tuple(rows), numbers=False)


def _cells(each: Traits) -> tuple[str, str, str, str]:
    return (each.validates, each.authenticates, each.keeps_state, each.journals)
