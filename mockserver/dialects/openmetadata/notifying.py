"""What a change means for the alerts: which deliveries it leaves in the outbox, decided while it is written."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import orjson

from mockserver.behaviours.related import living
from mockserver.contract.model import Contract
from mockserver.dialects.openmetadata import alerts
from mockserver.dialects.openmetadata.conditions import Condition
from mockserver.dialects.openmetadata.matching import Told
from mockserver.dialects.openmetadata.recipients import HOOK_OF, Recipient, recipients
from mockserver.exchange import Problem
from mockserver.world.events import Event
from mockserver.world.outbox import CANCELLED, RECORDED, WAITING, Delivery
from mockserver.world.recall import Reader
from mockserver.world.record import Record
from mockserver.world.transaction import Transaction

Json = Any
WEBHOOK, FEED = "Webhook", "ActivityFeed"
SIGNATURE = "X-OM-Signature"
TEST_MESSAGE = {"message": "A test of this destination; a change would have been told here."}
NOWHERE = "nothing says where: the profile has no subscription.{hook}.endpoint"
NOT_SENT = "{channel} messages are written down here and not sent"


class Alert(NamedTuple):
    """A subscription made ready to be held against events; `resources` is None where it watches everything.

    One that `feeds` has the activity feed among its destinations, which `destinations` leaves out.
    """

    record: Record
    resources: frozenset[str] | None
    condition: Condition
    destinations: tuple[Mapping[str, Json], ...]
    feeds: bool

    def asks_for(self, told: Told) -> bool:
        event = told.event
        if self.resources is not None:
            kind = str(told.entity.get("type", "Conversation")).lower() if told.is_thread else event.entity_type
            if kind not in self.resources:
                return False
        return self.condition(told)


def notify(
    world: Transaction, contract: Contract, event: Event, record: Record | None, body: Callable[[], Json]
) -> None:
    """Leaves a delivery, with what `body` gives, for each alert that asks for the event and each of its addresses.

    What the activity feed is told of a record is written there.
    """
    found = world.recall(("alerts",), _ready, contract)
    if not found:
        return
    told, text, feeds = Told(world, contract, event, record), "", False
    for alert in found:
        if (record is None or alert.record.id != record.id) and alert.asks_for(told):
            feeds = feeds or alert.feeds
            for destination in alert.destinations:
                text = text or orjson.dumps(body()).decode()
                for delivery in _deliveries(world, alert, destination, told, text):
                    world.enqueue(delivery)
    if feeds and record is not None:
        from mockserver.dialects.openmetadata import generating

        generating.write(world, contract, event, record)


def _ready(world: Reader, contract: Contract) -> tuple[Alert, ...]:
    """The alerts that are enabled and tell somebody."""
    found = []
    for resource in contract.alerting:
        for record in living(world, resource.name):
            data = record.data
            told = [each for each in data.get("destinations", ()) if each.get("enabled", True)]
            if not told or not data.get("enabled", True):
                continue
            rules = data.get("filteringRules") or {}
            names = rules.get("resources") or ["all"]
            try:
                condition = alerts.condition(rules)
            except Problem:
                # Fixtures may hold conditions of functions that are not known here; they match nothing.
                continue
            outside = tuple(each for each in told if each["type"] != FEED)
            watched = None if "all" in names else frozenset(names)
            found.append(Alert(record, watched, condition, outside, len(outside) < len(told)))
    return tuple(found)


def _deliveries(
    world: Transaction, alert: Alert, destination: Mapping[str, Json], told: Told, text: str
) -> Iterator[Delivery]:
    kind, config = str(destination["type"]), destination.get("config") or {}
    by_address: dict[str, list[Recipient]] = {}
    for recipient in recipients(world, told, destination):
        by_address.setdefault(recipient.address, []).append(recipient)
    if destination["category"] == alerts.EXTERNAL and kind == "Email":
        for receiver in config.get("receivers") or ():
            yield _delivery(world, alert, destination, told, text, (), str(receiver))
    elif config.get("endpoint"):
        # What is told there is told on behalf of all of them; those who name a hook of their own are told there too.
        who = tuple(str(each) for several in by_address.values() for each in several)
        by_address.pop("", None)
        yield _delivery(world, alert, destination, told, text, who, _with_query(str(config["endpoint"]), config))
    for address, several in by_address.items():
        yield _delivery(world, alert, destination, told, text, tuple(map(str, several)), address)


def test(world: Transaction, destination: Mapping[str, Json]) -> None:
    """Leaves a message for the endpoint of a destination, to see whether it arrives."""
    config, text = destination.get("config") or {}, orjson.dumps(TEST_MESSAGE).decode()
    if destination["type"] != WEBHOOK or not config.get("endpoint"):
        return
    now = world.now()
    world.enqueue(
        Delivery(
            number=world.outbox.next,
            id=world.new_id(),
            event="",
            kind="test",
            entity_type="",
            entity="",
            subscription="",
            name="",
            destination=str(destination["id"]),
            channel=WEBHOOK,
            address=_with_query(str(config["endpoint"]), config),
            recipients=(),
            headers=_headers(config, text),
            body=text,
            timestamp=now,
            timeout=int(destination["timeout"]),
            read_timeout=int(destination["readTimeout"]),
            retries=0,
            due=now,
        )
    )


def _delivery(
    world: Transaction,
    alert: Alert,
    destination: Mapping[str, Json],
    told: Told,
    text: str,
    who: tuple[str, ...],
    address: str,
) -> Delivery:
    data, event, kind = alert.record.data, told.event, str(destination["type"])
    made = Delivery(
        number=world.outbox.next,
        id=world.new_id(),
        event=event.id,
        kind=event.kind,
        entity_type=event.entity_type,
        entity=told.name,
        subscription=alert.record.id,
        name=alert.record.name,
        destination=str(destination["id"]),
        channel=kind,
        address=address,
        recipients=who,
        headers=_headers(destination.get("config") or {}, text),
        body=text,
        timestamp=event.timestamp,
        timeout=int(destination.get("timeout", 10)),
        read_timeout=int(destination.get("readTimeout", 12)),
        retries=int(data.get("retries", 3)),
        batch=int(data.get("batchSize", 100)),
        due=event.timestamp,
    )
    if not address:
        return made.ended(RECORDED, NOWHERE.format(hook=HOOK_OF.get(kind, kind)))
    return made if kind == WEBHOOK else made.ended(RECORDED, NOT_SENT.format(channel=kind))


def _headers(config: Mapping[str, Json], text: str) -> dict[str, str]:
    headers = {str(name): str(value) for name, value in (config.get("headers") or {}).items()}
    secret = config.get("secretKey") or (config.get("authType") or {}).get("secretKey")
    if secret:
        digest = hmac.new(str(secret).encode(), text.encode(), hashlib.sha256).hexdigest()
        headers[SIGNATURE] = f"sha256={digest}"
    return headers


def _with_query(endpoint: str, config: Mapping[str, Json]) -> str:
    query = config.get("queryParams")
    if not query:
        return endpoint
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode({key: str(value) for key, value in query.items()})}"


def settle(world: Transaction, record: Record, *, gone: bool) -> None:
    """After a subscription was written: nothing more is sent for one that is gone or switched off."""
    if not gone and record.data.get("enabled", True):
        return
    reason = "the subscription was deleted" if gone else "the subscription was disabled"
    for delivery in list(world.outbox.waiting()):
        if delivery.subscription == record.id and delivery.state == WAITING:
            world.amend(delivery.ended(CANCELLED, reason))
