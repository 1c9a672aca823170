"""What callers do: each tour leaves its world as it found it, and knows what it must be answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import count

from bench.soak.caller import Caller, Unexpected, heard

ADMIN = "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"
TABLE = "/api/v1/tables/455e3d9d-dbbf-455e-b3be-7191daa825f3"
TEAM = "/api/v1/teams/449b5f25-4cbb-42db-8f71-3be2c5cd888a"
AT_ONCE = 20
NUMBERS = count()

Tour = Callable[[Caller], Awaitable[None]]


def hold(true: bool, what: str) -> None:
    if not true:
        raise Unexpected(what)


async def followers(caller: Caller) -> int:
    return len((await caller.ask("GET", f"{TABLE}?fields=followers")).json()["followers"])


async def follow(caller: Caller) -> None:
    await caller.ask("PUT", f"{TABLE}/followers", ADMIN)
    hold(await followers(caller) == 1, "a follower who was added is not there")
    await caller.ask("DELETE", f"{TABLE}/followers/{ADMIN}")
    hold(await followers(caller) == 0, "a follower who was taken away is there")


async def patch(caller: Caller) -> None:
    text = f"said {next(NUMBERS)}"
    await caller.ask("PATCH", TABLE, [{"op": "add", "path": "/description", "value": text}])
    hold((await caller.ask("GET", TABLE)).json()["description"] == text, "a change is not there")
    await caller.ask("GET", f"{TABLE}/versions")


async def create(caller: Caller) -> None:
    name = f"soaked-{next(NUMBERS)}"
    team = (await caller.ask("POST", "/api/v1/teams", {"name": name, "teamType": "Group"}, expect=(201,))).json()
    await caller.ask("GET", f"/api/v1/teams/name/{name}")
    await caller.ask("DELETE", f"/api/v1/teams/{team['id']}?hardDelete=true")
    await caller.ask("GET", f"/api/v1/teams/{team['id']}", expect=(404,))


async def read(caller: Caller) -> None:
    for path in (TABLE, f"{TEAM}/versions", "/api/v1/tables?limit=50", "/api/v1/users?limit=50", "/openapi.json"):
        await caller.ask("GET", path)


async def be_refused(caller: Caller) -> None:
    await caller.ask("GET", "/api/v1/tables/name/nobody", expect=(404,))
    await caller.ask("PUT", f"{TABLE}/vote", {"updatedVoteType": 10**30}, expect=(400,))
    await caller.ask("GET", f"/api/v1/tables?limit=50&x={'x' * 60_000}", expect=(414,))
    caller.leave()


async def snapshot(caller: Caller) -> None:
    await caller.ask("PUT", "/__mock__/snapshots/before", expect=(201,))
    await caller.ask("PUT", f"{TABLE}/followers", ADMIN)
    await caller.ask("POST", "/__mock__/snapshots/before/restore", expect=(204,))
    hold(await followers(caller) == 0, "a restored snapshot has what came after it")
    await caller.ask("DELETE", "/__mock__/snapshots/before", expect=(204,))


def fork_of(caller: Caller) -> str:
    return f"{caller.world}-fork"


async def fork(caller: Caller) -> None:
    name = fork_of(caller)
    await caller.ask("POST", "/__mock__/worlds", {"name": name, "from": {"world": caller.world}}, expect=(201,))
    await caller.ask("PUT", f"{TABLE}/followers", ADMIN, at=name)
    compared = {"before": {"world": caller.world}, "after": {"world": name}}
    found = (await caller.ask("POST", "/__mock__/diff", compared)).json()["differences"]
    hold(len(found) == 1, f"a follower makes {len(found)} differences")
    hold(await followers(caller) == 0, "a fork is seen in the world it comes from")
    await caller.ask("DELETE", f"/__mock__/worlds/{name}", expect=(204,))
    await caller.ask("GET", TABLE, at=name, expect=(410,))


async def reset(caller: Caller) -> None:
    await caller.ask("PUT", f"{TABLE}/followers", ADMIN)
    await caller.ask("POST", "/__mock__/reset", expect=(204,))
    hold(await followers(caller) == 0, "a reset left something behind")


async def fail(caller: Caller) -> None:
    fault = {"operation": "getTable", "count": 1}
    await caller.ask("POST", "/__mock__/faults", {**fault, "status": 503}, expect=(201,))
    await caller.ask("GET", TABLE, expect=(503,))
    await caller.ask("POST", "/__mock__/faults", {**fault, "latency": 0.05}, expect=(201,))
    await caller.ask("GET", TABLE)
    await caller.ask("POST", "/__mock__/faults", {**fault, "drop": True}, expect=(201,))
    await caller.dropped("GET", TABLE)
    await caller.ask("GET", TABLE)


async def ask_at_once(caller: Caller) -> None:
    reader, writer = await caller.line()
    writer.write(caller.message("GET", TABLE) * AT_ONCE)
    for _ in range(AT_ONCE):
        hold((await heard(reader)).status == 200, "one of several requests at once was not answered")


async def leave_early(caller: Caller) -> None:
    """In the head, in the body, and before the answer."""
    voting = caller.message("PUT", f"{TABLE}/vote", {"updatedVoteType": "unVoted"})
    for sent in (voting[:40], voting[:-5], caller.message("GET", "/api/v1/users?limit=50") * AT_ONCE):
        _, writer = await caller.line()
        writer.write(sent)
        await writer.drain()
        caller.leave()


TOURS: tuple[Tour, ...] = (
    *(read, read, read, follow, follow, patch, create),
    *(be_refused, snapshot, fork, reset, fail, ask_at_once, leave_early),
)
