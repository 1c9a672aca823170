"""The lending library on a real socket, and as a subject of `mockserver check`."""

import copy
import io
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

from mockserver.check.exclusions import Exclusion
from mockserver.check.findings import CheckOutcome
from mockserver.check.run import ALL, run_check
from mockserver.check.target import RemoteTarget, Target
from tests.conformance.sample_app import DOCUMENT, TOKEN, Defect, sample_app

SEED = 1
EXAMPLES = 8


@contextmanager
def served(app: Starlette, *, requests: int | None = None) -> Iterator[str]:
    """The base URL of an application, for so many requests; early ones wait in the backlog until it has started."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        config = uvicorn.Config(
            app, log_level="critical", access_log=False, lifespan="off", limit_max_requests=requests
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def checked(
    *defects: Defect,
    phases: Sequence[str] = ALL,
    exclusions: Sequence[Exclusion] = (),
    report_dir: Path | None = None,
    operations: Sequence[str] = (),
    seed: int = SEED,
    max_examples: int = EXAMPLES,
) -> CheckOutcome:
    """What the check says of the library with these defects."""
    with served(sample_app(*defects)) as url:
        return run_check(
            DOCUMENT,
            url,
            out=io.StringIO(),
            token=TOKEN,
            phases=phases,
            max_examples=max_examples,
            seed=seed,
            exclusions=exclusions,
            report_dir=report_dir,
            operations=operations,
        )


@dataclass
class LibrarySubject:
    """The library as a contract that the command can start a server for."""

    defects: tuple[Defect, ...] = ()
    profile: str | None = None
    exclusions: Path | None = None

    def document(self) -> dict[str, Any]:
        return copy.deepcopy(DOCUMENT)

    def live(self, seed: int) -> AbstractContextManager[Target]:
        return self._live()

    @contextmanager
    def _live(self) -> Iterator[Target]:
        with served(sample_app(*self.defects)) as url:
            yield RemoteTarget(url, TOKEN)
