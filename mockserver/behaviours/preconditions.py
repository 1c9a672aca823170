"""Entity tags: which state of a record an answer shows, and what a caller says of the state that it knows."""

from __future__ import annotations

from hashlib import blake2b

from mockserver.behaviours.context import Answer, Context
from mockserver.exchange import Headers, Problem
from mockserver.world.record import Record
from mockserver.world.shown import Shown

TAG = "ETag"
ANY = "*"
WEAK = "W/"
# What has a tag is asked for anew each time, and answered without its body where nothing changed.
UNKEPT = ("Cache-Control", "no-store")


def tag_of(text: bytes) -> str:
    """The strong tag of an answer."""
    return f'"{blake2b(text, digest_size=8).hexdigest()}"'


def seen(context: Context, shown: Shown | bytes) -> Answer:
    """What a read answers, or a 304 to a caller that has it already."""
    if not context.operation.tells(200, TAG):
        return Answer(200, shown)
    tag = tag_of(shown if isinstance(shown, bytes) else shown.text)
    headers = ((TAG, tag), UNKEPT)
    if _lists(context.arguments.get("If-None-Match", ""), tag, strong=False):
        return Answer(304, b"", headers, media_type=None)
    return Answer(200, shown, headers)


def left(context: Context, status: int, text: bytes) -> Headers:
    """The tag of what a write left behind, where its answer is to tell it."""
    return ((TAG, tag_of(text)),) if context.operation.tells(status, TAG) else ()


def check(context: Context, record: Record, shown: Shown) -> None:
    """Refuses to change a record that is not in the state that the caller knows, by its version or by a strong tag."""
    wanted = context.arguments.get("If-Match")
    if not wanted:
        return
    tag = tag_of(shown.text)
    good = [tag, f'{WEAK}"{float(record.data["version"])}"']
    if context.operation.settings.get("plainTag"):
        good.append(tag_of(context.dialect.view(context, record, frozenset()).text))
    if not any(_lists(wanted, each, strong=True) for each in good):
        advice = "Please refresh and retry with the latest version."
        raise Problem(412, f"The entity has been modified. Current ETag: {tag}. {advice}")


def _lists(header: str, tag: str, *, strong: bool) -> bool:
    """Whether a list of tags has this one in it, or is for any."""
    given = {each.strip() for each in header.split(",")}
    return ANY in given or tag in given or (not strong and f"{WEAK}{tag}" in given)
