"""A file that is closed while threads are in it ends their work, and not the process."""

from __future__ import annotations

import subprocess
import sys

THREADS = """
import sqlite3, sys, tempfile, threading
from pathlib import Path
from mockserver.exchange import Problem
from mockserver.stores.sqlite import SqliteStore

def until_closed(ask, begun):
    while True:
        try:
            ask()
        except (Problem, sqlite3.Error):
            return
        begun.set()

with tempfile.TemporaryDirectory() as folder:
    for number in range(30):
        store = SqliteStore(Path(folder) / f"{number}.db")
        asks = (store.rows, store.next_number, lambda: store.standings(("a", "b")), store.rows)
        begun = [threading.Event() for _ in asks]
        threads = [threading.Thread(target=until_closed, args=each) for each in zip(asks, begun)]
        for thread in threads:
            thread.start()
        for each in begun:
            each.wait()
        store.close()
        for thread in threads:
            thread.join()
"""


def test_closing_a_file_that_threads_are_in_ends_their_work_and_not_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
