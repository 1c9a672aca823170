"""The server on a real socket, as tests see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Live:
    """For clients that need a URL, such as SDKs: what is called below it is called in the test's own world.

    `url` is where the world is, such as `http://127.0.0.1:41234/__world__/world-1`, and `api` where the API's paths
    begin: what a client is configured with.
    """

    url: str
    api: str
