"""The published samples: what each page sends, and what it says is answered to the first request of a block."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import yaml

from tests.samples.curl import Command, commands

Json = Any
HOME = Path(__file__).parent


class Sample(NamedTuple):
    """One request of a page; `answer` is what the page says of it, None where it says nothing that can be read."""

    page: str
    number: int
    command: Command
    answer: Json

    def __str__(self) -> str:
        return f"{self.page} {self.number}: {self.command}"


@cache
def samples() -> tuple[Sample, ...]:
    """All requests of all pages in their order."""
    return tuple(_samples())


@cache
def said() -> dict[str, Json]:
    """What this project says of the samples: what they presuppose, and which contradict something."""
    found: dict[str, Json] = yaml.safe_load((HOME / "said.yaml").read_bytes())
    return found


def _samples() -> Iterator[Sample]:
    blocks = [orjson.loads(line) for line in (HOME / "documented.jsonl").read_bytes().splitlines()]
    numbers: dict[str, int] = {}
    for at, block in enumerate(blocks):
        if block["lang"] != "bash":
            continue
        following = blocks[at + 1] if at + 1 < len(blocks) else {}
        answer = _read(following["code"]) if _answers(block, following) else None
        for command in commands(block["code"]):
            number = numbers[block["page"]] = numbers.get(block["page"], 0) + 1
            yield Sample(block["page"], number, command, answer)
            answer = None


def _answers(block: Json, following: Json) -> bool:
    titled = str(following.get("title")).startswith(("Response", "Expected Response"))
    return titled and (following["page"], following["lang"]) == (block["page"], "json")


def _read(text: str) -> Json:
    """The value of an answer; None for one that is only sketched."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
