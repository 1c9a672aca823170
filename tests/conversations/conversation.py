"""A conversation as it is written in YAML: calls, what each must be answered, and names for what is used again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mockserver.contract.yamlfile import Document, load_yaml

Json = Any
HOME = Path(__file__).parent
NAME = re.compile(r"\$\{(\w+)\}|\$([a-z]\w*)")
CONVERSATION_KEYS = {"conversation", "profiles", "exchanges"}
EXCHANGE_KEYS = {
    *("call", "user", "token", "headers", "body", "raw", "text", "status"),
    *("answer", "exactly", "lines", "absent", "never", "says", "told", "keep"),
}
PROFILES = ("docs", "server-2.0")


@dataclass(frozen=True)
class Exchange:
    """One call and what its answer must be; `place` is where it is written, `expects` which keys are written.

    `call` is method and path; `user` whose token it carries (`nobody`: none) and `token` its kind, a function of
    `tests.support.tokens`, or the world that it `leads_to`; `body` a JSON value, `raw` a text as it is, `text` one
    that is no JSON. Of the answer, `answer` is contained, `exactly` all of it, `lines` those of a text, none of `never`
    contained; `absent` are JSON pointers, `says` parts of the message, `told` headers (null: not there). What profiles
    say differently is written as a map: what `all` say, and what each says besides. `keep` gives names to parts of the
    answer, by JSON pointer or by the name of a header, for `$name` in later exchanges.
    """

    place: str
    call: str
    user: str = "admin"
    token: str = "good"
    leads_to: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Json = None
    raw: str | None = None
    text: str | None = None
    status: int = 200
    answer: Json = None
    exactly: Json = None
    lines: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    never: tuple[Json, ...] = ()
    says: tuple[str, ...] = ()
    told: Mapping[str, Json] = field(default_factory=dict)
    keep: Mapping[str, str] = field(default_factory=dict)
    expects: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Wait:
    """Time that passes between two calls."""

    seconds: float


@dataclass(frozen=True)
class Conversation:
    title: str
    profile: str
    steps: tuple[Exchange | Wait, ...]

    def __str__(self) -> str:
        return f"{self.title} [{self.profile}]"


def conversations() -> Iterator[Conversation]:
    """Every conversation of every file, once for each profile that it is held in."""
    for path in sorted(HOME.glob("*.yaml")):
        document = load_yaml(path.read_bytes(), path.name)
        for position, written in enumerate(document.value):
            yield from _read(document, written, f"/{position}")


def _read(document: Document, written: dict[str, Json], at: str) -> Iterator[Conversation]:
    _known(document, written, CONVERSATION_KEYS, at)
    profiles = written.get("profiles", PROFILES[:1])
    for profile in PROFILES if profiles == "all" else profiles:
        steps = (
            _step(document, step, f"{at}/exchanges/{number}", profile)
            for number, step in enumerate(written["exchanges"])
        )
        yield Conversation(written["conversation"], profile, tuple(steps))


def _step(document: Document, written: dict[str, Json], at: str, profile: str) -> Exchange | Wait:
    if "wait" in written:
        return Wait(float(written["wait"]))
    _known(document, written, EXCHANGE_KEYS, at)
    lists: dict[str, Json] = {key: tuple(written[key]) for key in ("absent", "never", "lines") if key in written}
    if isinstance(says := written.get("says", []), dict):
        _known(document, says, {"all", *PROFILES}, f"{at}/says")
        says = [part for each in ("all", profile) for part in says.get(each, ())]
    lists["says"] = tuple(says)
    place = f"{document.source}:{document.where(at + '/call').line}"
    fields: dict[str, Json] = {**written, **lists, "place": place, "expects": frozenset(written)}
    return Exchange(**fields)


def _known(document: Document, written: Mapping[str, Json], keys: set[str], at: str) -> None:
    if unknown := set(written) - keys:
        raise ValueError(str(document.finding(at, f"a conversation knows no {', '.join(sorted(unknown))}")))


def fill(value: Json, names: Mapping[str, Json]) -> Json:
    """The value with every `$name` or `${name}` in it replaced; a text that is a name alone becomes what it names."""
    if isinstance(value, dict):
        return {fill(key, names): fill(item, names) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [fill(item, names) for item in value]
    if not isinstance(value, str):
        return value
    if whole := NAME.fullmatch(value):
        return names[whole[1] or whole[2]]
    return NAME.sub(lambda match: str(names[match[1] or match[2]]), value)
