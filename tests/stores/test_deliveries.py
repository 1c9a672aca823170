"""What a world tells others is told once, however many servers look after it, and by another one when one is gone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from mockserver.http.sending import Sender
from mockserver.http.targets import Targets
from mockserver.world.outbox import DELIVERED, WAITING, Delivery
from mockserver.world.registry import DEFAULT
from mockserver.world.world import World
from tests.conversations.known import KNOWN
from tests.stores.conftest import Open
from tests.stores.kept import Kept, Kind
from tests.support.receiver import Receiver
from tests.support.receiver import receiver as receiving

Json = Any
MANY = 12
PATIENCE = 60.0


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def subscribe(kept: Kept, receiver: Receiver) -> None:
    destination = {"category": "External", "type": "Webhook", "config": {"endpoint": receiver.url}}
    body = {"name": "All", "alertType": "Notification", "resources": ["team"], "destinations": [destination]}
    kept.ask("POST", "/events/subscriptions", {**body, "batchSize": 2})


def change(kept: Kept, times: int) -> None:
    for number in range(times):
        value = [{"op": "add", "path": "/description", "value": f"word {number}"}]
        kept.ask("PATCH", f"/teams/{KNOWN['accounting']}", value)


def outbox(kept: Kept) -> list[Delivery]:
    return kept.look(lambda world: list(world.root.outbox.listed()))


async def send(*several: Kept) -> None:
    """Has several servers look after the outbox of one world until there is nothing to do."""
    senders = [Sender(each.worlds, Targets()) for each in several]
    tasks = [asyncio.create_task(sender.attend()) for sender in senders]
    async with asyncio.timeout(PATIENCE):
        while await several[0].worlds.look(DEFAULT, lambda world: world.root.outbox.open):
            for sender in senders:
                sender.wake(DEFAULT)
            await asyncio.to_thread(int)
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task


def words(receiver: Receiver) -> list[str]:
    changes = [event["changeDescription"] for event in receiver.events]
    return [(each["fieldsAdded"] or each["fieldsUpdated"])[0]["newValue"] for each in changes]


def test_two_servers_of_one_store_tell_everything_once_and_in_order(kind: Kind, open: Open, receiver: Receiver) -> None:
    one = open()
    both = (one, open()) if kind.shared else (one,)
    subscribe(one, receiver)
    change(one, MANY)
    one.run(send(*both))
    assert words(receiver) == [f"word {number}" for number in range(MANY)]
    for each in both:
        assert [delivery.state for delivery in outbox(each)] == [DELIVERED] * MANY


def test_what_a_dead_server_took_is_told_by_another_when_its_time_is_over(open: Open, receiver: Receiver) -> None:
    kept = open()
    subscribe(kept, receiver)
    change(kept, 1)

    def take(until: float) -> None:
        def taken(world: World) -> None:
            transaction = world.begin()
            for delivery in world.root.outbox.waiting():
                transaction.amend(delivery.claimed("a server that died", until))
            world.commit(transaction)

        kept.change(taken)

    take(time.time() + 90)
    ready = kept.look(lambda world: world.root.outbox.ready(world.root.clock.now(), time.time()))
    assert ready == []
    take(time.time() - 1)
    kept.run(send(kept))
    assert words(receiver) == ["word 0"]


def test_a_server_that_stops_lets_go_of_what_it_did_not_send(open: Open, receiver: Receiver) -> None:
    kept = open()
    receiver.answers = [None]
    subscribe(kept, receiver)
    change(kept, 2)

    async def stopped() -> None:
        sender = Sender(kept.worlds, Targets())
        task = asyncio.create_task(sender.attend())
        sender.wake(DEFAULT)
        async with asyncio.timeout(PATIENCE):
            while not receiver.posted:
                await asyncio.to_thread(int)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    kept.run(stopped())
    assert [delivery.state for delivery in outbox(kept)] == [WAITING, WAITING]
    kept.run(send(kept))
    assert words(receiver) == ["word 0", "word 0", "word 1"]
