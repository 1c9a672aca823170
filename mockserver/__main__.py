"""Lets `python -m mockserver` be the command `mockserver`."""

from __future__ import annotations

from mockserver.cli import main

main(prog_name="mockserver")
