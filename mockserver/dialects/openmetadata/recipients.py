"""Who a destination means: owners, followers, admins, users and teams by name, those mentioned or assigned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mockserver.behaviours.related import living
from mockserver.dialects.openmetadata.matching import Told
from mockserver.dialects.openmetadata.mentions import mentioned
from mockserver.world.record import Record
from mockserver.world.transaction import Transaction

Json = Any
HOOK_OF = {"Webhook": "generic", "Slack": "slack", "MsTeams": "msTeams", "GChat": "gChat"}


class Recipient(NamedTuple):
    """Someone who is to be told, as what, and where; `address` is empty where that is not known."""

    role: str
    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.role} {self.name}"


def recipients(world: Transaction, told: Told, destination: Mapping[str, Json]) -> list[Recipient]:
    """Everyone that the destination means besides its own endpoint, each once; who they are is decided now."""
    found: dict[str, Recipient] = {}
    for role, record in _meant(world, told, destination):
        found.setdefault(record.id, Recipient(role, record.name, _address(record, str(destination["type"]))))
    return list(found.values())


def _meant(world: Transaction, told: Told, destination: Mapping[str, Json]) -> Iterator[tuple[str, Record]]:
    category, config = destination["category"], destination.get("config") or {}
    named = config.get("receivers") or ()
    if category == "Users":
        yield from _named(world, "users", "user", named)
    elif category == "Teams":
        yield from _named(world, "teams", "team", named)
    elif category in ("Mentions", "Assignees") and told.is_thread:
        yield from _of_thread(world, told.entity, category)
    if category == "Owners" or config.get("sendToOwners"):
        yield from _owners(world, told)
    if category == "Followers" or config.get("sendToFollowers"):
        yield from (("follower", record) for record in told.related("followers"))
    if category == "Admins" or config.get("sendToAdmins"):
        admins = (record for record in living(world, "users") if record.data.get("isAdmin"))
        yield from (("admin", record) for record in admins if not record.data.get("isBot"))


def _owners(world: Transaction, told: Told) -> Iterator[tuple[str, Record]]:
    if told.is_thread:
        yield from _named(world, "users", "owner", [told.entity.get("createdBy", "")])
        return
    yield from (("owner", record) for record in told.related("owners"))


def _of_thread(world: Transaction, thread: Mapping[str, Json], category: str) -> Iterator[tuple[str, Record]]:
    if category == "Assignees":
        for assignee in (thread.get("task") or {}).get("assignees", ()):
            record = world.record(str(assignee["id"]))
            if record is not None and not record.deleted:
                yield "assignee", record
    for kind, name in sorted(mentioned(thread)):
        yield from _named(world, f"{kind}s", "mentioned", [name])


def _named(world: Transaction, resource: str, role: str, names: Any) -> Iterator[tuple[str, Record]]:
    for name in names:
        record = world.find(resource, str(name))
        if record is not None and not record.deleted:
            yield role, record


def _address(record: Record, kind: str) -> str:
    """Where somebody is reached: by mail, or at the hook that their profile names."""
    if kind == "Email":
        return str(record.data.get("email", ""))
    hooks = (record.data.get("profile") or {}).get("subscription") or {}
    hook = hooks.get(HOOK_OF.get(kind, "")) or {}
    return str(hook.get("endpoint", ""))
