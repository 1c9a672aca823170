"""How several processes come to count together, before any of them has loaded what counts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

# Prometheus' client keeps its numbers in files in this folder, where it is set.
TOGETHER = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def counting_together() -> Iterator[None]:
    """Processes that are started in the block tell what all of them have counted, also those that have died."""
    with TemporaryDirectory(prefix="mockserver-", ignore_cleanup_errors=True) as folder:
        os.environ[TOGETHER] = folder
        try:
            yield
        finally:
            del os.environ[TOGETHER]
