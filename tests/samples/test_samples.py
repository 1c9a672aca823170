"""Every request of the published samples is accepted as written, and what is documented is in our answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from mockserver.exchange import Reply
from tests.samples.curl import Command
from tests.samples.documented import Sample, said, samples
from tests.support.engines import Caller

Json = Any
APART = frozenset(("id", "href", "updatedAt", "timestamp", "paging"))
CONTRADICTIONS = {(each["page"], each["number"]): each for each in said()["contradictions"]}
SAME_BODY = "{ ... same body as POST ... }"


@pytest.mark.parametrize("sample", samples(), ids=str)
def test_a_documented_request_is_accepted_and_answered_as_documented(sample: Sample) -> None:
    wrong = list(_wrong(sample))

    if (known := CONTRADICTIONS.get((sample.page, sample.number))) is None:
        assert not wrong, "\n".join(wrong)
    else:
        assert wrong, f"this is no contradiction any more, take it off the list: {known['reason']}"
        assert any(known["shown"] in each for each in wrong), "\n".join(wrong)


def test_what_is_said_of_samples_is_about_samples_that_are_there() -> None:
    there = {(sample.page, sample.number) for sample in samples()}

    assert CONTRADICTIONS.keys() <= there
    assert {page for page, _ in there} >= said()["before"].keys()
    assert len(there) > 280


def _wrong(sample: Sample) -> Iterator[str]:
    """What is not as documented when this request is sent in a world that is as the page presupposes."""
    caller = Caller()
    ids = _prepare(caller, sample)
    command = _meant(caller, sample, ids)
    reply = _send(caller, command)
    if reply.status >= 300:
        yield f"{command} was answered {reply.status} {reply.body.decode()}"
    elif sample.answer is not None:
        text = reply.body.decode()
        yield from _missing(sample.answer, orjson.loads(text) if "json" in str(reply.media_type) else text, "$")


def _prepare(caller: Caller, sample: Sample) -> dict[str, str]:
    """Makes what the page presupposes; gives what its ids stand for here."""
    folder, _, action = sample.page.rpartition("/")
    own = said()["collections"].get(folder)
    ids = {id: _user(caller, name) for id, name in said()["users"].items() if id in repr(sample.command)}
    if own is None:
        return ids
    path, name = own["path"], own["name"]
    made_anew = action not in own.get("seeded", ())
    if made_anew:
        caller.reply("DELETE", f"{path}/name/{name}?hardDelete=true&recursive=true")
    for each in own.get("parents", ()):
        caller.reply("PUT", each["put"], each["body"])
    if action != "create":
        made = caller.reply("POST", path, _create_body(folder))
        assert made.status in (201, 409), made.body
        ids[own["id"]] = caller.ask("GET", f"{path}/name/{name}")["id"]
    for each in said()["before"].get(sample.page, ()):
        method, path = each["call"].split()
        caller.ask(method, path.replace("$own", ids[own["id"]]), _filled(each["body"], ids[own["id"]]))
    return ids


def _user(caller: Caller, name: str) -> str:
    """The id of a user, who is made where she is not there."""
    made = caller.reply("POST", "/users", {"name": name, "email": f"{name}@example.com"})
    return str(orjson.loads(made.body)["id"] if made.status == 201 else caller.ask("GET", f"/users/name/{name}")["id"])


def _filled(body: Json, own: str) -> Json:
    return orjson.loads(orjson.dumps(body).replace(b"$own", own.encode()))


def _create_body(folder: str) -> bytes:
    first = next(sample for sample in samples() if sample.page == f"{folder}/create")
    assert first.command.body is not None
    return first.command.body.encode()


def _meant(caller: Caller, sample: Sample, ids: dict[str, str]) -> Command:
    """The request with what its placeholders stand for: ids, a body that was shown before, a file that was exported."""
    command = sample.command
    path, body = command.path, command.body
    for documented, ours in ids.items():
        path, body = path.replace(documented, ours), body and body.replace(documented, ours)
    if body == SAME_BODY:
        body = _create_body(sample.page.rpartition("/")[0]).decode()
    if body is not None and body.startswith("@"):
        body = caller.reply("GET", re.sub(r"/import.*", "/export", path)).body.decode()
    return command._replace(path=path, body=body)


def _send(caller: Caller, command: Command) -> Reply:
    headers: dict[str, str] = {} if command.content_type is None else {"content_type": command.content_type}
    body = None if command.body is None else command.body.encode()
    return caller.reply(command.method, command.path, body, **headers)


def _missing(documented: Json, ours: Json, at: str) -> Iterator[str]:
    """What is documented and not in an answer; ids and times apart, and what is only sketched."""
    if documented == "...":
        return
    if isinstance(documented, dict) and isinstance(ours, dict):
        for key, value in documented.items():
            if key in APART:
                continue
            if key not in ours:
                yield f"{at}.{key} is not there"
            else:
                yield from _missing(value, ours[key], f"{at}.{key}")
    elif isinstance(documented, list) and isinstance(ours, list):
        for position, item in enumerate(documented):
            found = [list(_missing(_read(item), _read(each), f"{at}/{position}")) for each in ours]
            if [] not in found:
                yield from min(found, key=len, default=[f"{at}/{position} is not there"])
    elif documented != ours:
        yield f"{at} is {orjson.dumps(ours).decode()}, documented as {orjson.dumps(documented).decode()}"


def _read(item: Json) -> Json:
    """An item, or what stands in it as a JSON text."""
    return orjson.loads(item) if isinstance(item, str) and item.startswith("{") else item
