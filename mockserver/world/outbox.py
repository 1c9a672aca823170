"""What is to be told to whom outside, and what became of it: the deliveries of a world, the latest of them kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from rpds import HashTrieMap

MOST_DELIVERIES = 2000
# Between one attempt and the next, in milliseconds of the world's clock; the last one for all that follow.
PAUSES = (3_000, 30_000, 300_000, 3_600_000, 86_400_000)

WAITING, SENDING = "waiting", "sending"
DELIVERED, FAILED, REFUSED, CANCELLED, RECORDED = "delivered", "failed", "refused", "cancelled", "recorded"
STATES = (WAITING, SENDING, DELIVERED, FAILED, REFUSED, CANCELLED, RECORDED)
OPEN = frozenset((WAITING, SENDING))


class Attempt(NamedTuple):
    """One try: when it ended by the world's clock, what was answered, or why nothing was."""

    at: int
    status: int | None = None
    reason: str | None = None


class Delivery(NamedTuple):
    """One event for one address.

    `sender` is who sends it now, until `until` by the machine's clock; who holds on longer is taken for dead.
    """

    number: int
    id: str
    event: str
    kind: str
    entity_type: str
    entity: str
    subscription: str
    name: str
    destination: str
    channel: str
    address: str
    recipients: tuple[str, ...]
    headers: Mapping[str, str]
    body: str
    timestamp: int
    timeout: int = 10
    read_timeout: int = 12
    retries: int = 3
    batch: int = 100
    state: str = WAITING
    due: int = 0
    attempts: tuple[Attempt, ...] = ()
    reason: str | None = None
    sender: str | None = None
    until: float = 0.0

    @property
    def queue(self) -> tuple[str, str]:
        """What is in one queue goes out one by one, in order."""
        return (self.destination, self.address)

    def claimed(self, sender: str, until: float) -> Delivery:
        return self._replace(state=SENDING, sender=sender, until=until)

    def released(self) -> Delivery:
        """As it was before somebody set out to send it."""
        return self._replace(state=WAITING, sender=None, until=0.0)

    def ended(self, state: str, reason: str | None = None) -> Delivery:
        return self._replace(state=state, reason=reason, sender=None, until=0.0)

    def after(self, attempt: Attempt, *, again: bool) -> Delivery:
        """After an attempt; one that failed is made `again` later, as often as is allowed."""
        tried = self._replace(attempts=(*self.attempts, attempt), sender=None, until=0.0)
        if attempt.status is not None and 200 <= attempt.status < 300:
            return tried.ended(DELIVERED)
        if not again or len(tried.attempts) > self.retries:
            return tried.ended(FAILED, attempt.reason)
        pause = PAUSES[min(len(self.attempts), len(PAUSES) - 1)]
        return tried._replace(state=WAITING, due=attempt.at + pause, reason=attempt.reason)


class Outbox(NamedTuple):
    """Deliveries by their number, from `first` up to `next`; `open` are those that have not come to an end."""

    deliveries: HashTrieMap[int, Delivery] = HashTrieMap()
    open: tuple[int, ...] = ()
    first: int = 0
    next: int = 0

    @classmethod
    def of(cls, deliveries: Iterable[Delivery], first: int, following: int) -> Outbox:
        """These deliveries, in order, of those numbered up to `following`."""
        listed = {each.number: each for each in deliveries}
        return cls(HashTrieMap(listed), tuple(n for n, each in listed.items() if each.state in OPEN), first, following)

    def listed(self) -> Iterator[Delivery]:
        """The deliveries in order."""
        for number in range(self.first, self.next):
            delivery = self.deliveries.get(number)
            if delivery is not None:
                yield delivery

    def add(self, delivery: Delivery) -> Outbox:
        """With one more; the oldest is dropped beyond MOST_DELIVERIES."""
        deliveries, still_open, first = self.deliveries.insert(delivery.number, delivery), self.open, self.first
        if delivery.state in OPEN:
            still_open = (*still_open, delivery.number)
        if delivery.number - first >= MOST_DELIVERIES:
            deliveries = deliveries.discard(first)
            still_open = still_open[1:] if still_open[:1] == (first,) else still_open
            first += 1
        return Outbox(deliveries, still_open, first, delivery.number + 1)

    def amend(self, delivery: Delivery) -> Outbox:
        """With what became of one of these."""
        if delivery.number not in self.deliveries:
            return self
        still_open = self.open
        if delivery.state not in OPEN:
            still_open = tuple(number for number in still_open if number != delivery.number)
        return self._replace(deliveries=self.deliveries.insert(delivery.number, delivery), open=still_open)

    def waiting(self) -> Iterator[Delivery]:
        """Those that have not come to an end, in order."""
        return (self.deliveries[number] for number in self.open)

    def closed(self, reason: str) -> Outbox:
        """The same without what was not sent yet."""
        outbox = self
        for delivery in self.waiting():
            outbox = outbox.amend(delivery.ended(CANCELLED, reason))
        return outbox

    def ready(self, now: int, wall: float) -> list[list[Delivery]]:
        """What can be sent now, a batch of each queue that nobody is at; `now` by the world's clock."""
        batches: dict[tuple[str, str], list[Delivery]] = {}
        held: set[tuple[str, str]] = set()
        for delivery in self.waiting():
            queue = delivery.queue
            if queue in held:
                continue
            batch = batches.setdefault(queue, [])
            sent_by_other = delivery.state == SENDING and delivery.until > wall
            if sent_by_other or delivery.due > now or len(batch) >= max(1, delivery.batch):
                held.add(queue)
                continue
            batch.append(delivery)
        return [batch for batch in batches.values() if batch]

    def soonest(self) -> int | None:
        """When the next attempt is due, by the world's clock; in a queue all wait for the first."""
        heads: dict[tuple[str, str], Delivery] = {}
        for delivery in self.waiting():
            heads.setdefault(delivery.queue, delivery)
        return min((each.due for each in heads.values() if each.state == WAITING), default=None)
