"""Runs every measurement and prints what came out beside the floors; exit status 1 when one is not reached."""

from __future__ import annotations

import argparse
import base64
import json
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.generator import Load
from bench.servers import (
    GENERATOR_CORE,
    Server,
    await_answer,
    fetch,
    free_port,
    our_command,
    ours,
    pinned,
    surroundings,
    uvicorn_command,
    yardstick,
)

TABLE = "455e3d9d-dbbf-455e-b3be-7191daa825f3"
TEAM = "449b5f25-4cbb-42db-8f71-3be2c5cd888a"
ADMIN = "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"


@dataclass(frozen=True)
class Case:
    """One kind of request; `requests` are sent in turn, the first one's answer is what the yardsticks answer."""

    name: str
    floor: float
    requests: tuple[tuple[str, str, str], ...]


CASES = (
    Case("GET team versions", 0.70, (("GET", f"/api/v1/teams/{TEAM}/versions", ""),)),
    Case("GET table", 0.70, (("GET", f"/api/v1/tables/{TABLE}", ""),)),
    Case("PUT follower", 0.50, (("PUT", f"/api/v1/tables/{TABLE}/followers", f'"{ADMIN}"'),)),
    # In turn, so that every request changes something; no floor is set for it.
    Case(
        "PUT, DELETE follower",
        0.0,
        (
            ("PUT", f"/api/v1/tables/{TABLE}/followers", f'"{ADMIN}"'),
            ("DELETE", f"/api/v1/tables/{TABLE}/followers/{ADMIN}", ""),
        ),
    ),
)
FRESH = Case(
    "GET table, after a write each",
    0.0,
    (("GET", f"/api/v1/tables/{TABLE}", ""), ("PUT", f"/api/v1/tables/{TABLE}/vote", '{"updatedVoteType":"votedUp"}')),
)


def message(method: str, path: str, body: str, token: str) -> str:
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nAccept: */*\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n{body}"


def drive(server: Server, case: Case, token: str, seconds: float) -> tuple[float, float]:
    """Requests a second, and processor microseconds a request."""
    requests = [message(*request, token) for request in case.requests]
    task = json.dumps({"port": server.port, "seconds": seconds, "requests": requests})
    command = [*pinned(GENERATOR_CORE), sys.executable, "-m", "bench.generator"]
    before = server.cpu()
    output = subprocess.run(
        command, input=task, capture_output=True, text=True, check=True, timeout=seconds + 10
    ).stdout
    load = Load(**json.loads(output))
    if set(load.statuses) != {"200"}:
        raise SystemExit(f"{server.name} answered {case.name} with {load.statuses}")
    return load.answers / load.seconds, (server.cpu() - before) / load.answers * 1e6


def record(server: Server, token: str) -> str:
    """The answers of ours, for the yardsticks to repeat."""
    recorded = []
    for method, path, body in (request for case in CASES for request in case.requests):
        request = message(method, path, body, token).replace("Accept: */*", "Accept: */*\r\nConnection: close")
        answer = fetch(server.port, request.encode()).partition(b"\r\n\r\n")[2]
        recorded.append((method, path, base64.b64encode(answer).decode()))
    return json.dumps(recorded)


def throughput(rounds: int, seconds: float) -> bool:
    good = True
    with ExitStack() as stack:
        server = stack.enter_context(ours())
        token = server.tokens["admin"]
        answers = record(server, token)
        others = [stack.enter_context(yardstick(name, answers)) for name in ("bare", "starlette_hello")]
        rates: dict[tuple[str, str], list[tuple[float, float]]] = {}
        for _ in range(rounds):
            for case in CASES:
                for each in (*others, server):
                    rates.setdefault((case.name, each.name), []).append(drive(each, case, token, seconds))
        fresh = median(drive(server, FRESH, token, seconds)[0] for _ in range(rounds))
    print(f"{'throughput':<22}{'server':<18}{'requests/s':>11}{'µs CPU':>8}{'of bare':>9}{'floor':>7}")
    for case in CASES:
        bare = median(rate for rate, _ in rates[case.name, "bare"])
        for each in (*others, server):
            rate = median(rate for rate, _ in rates[case.name, each.name])
            cpu = median(cpu for _, cpu in rates[case.name, each.name])
            floor = f"{case.floor:.2f}" if each is server and case.floor else ""
            print(f"{case.name:<22}{each.name:<18}{rate:>11,.0f}{cpu:>8.1f}{rate / bare:>9.2f}{floor:>7}")
            good = good and (each is not server or rate / bare >= case.floor)
    print(f"{FRESH.name}: {fresh:,.0f} requests/s\n")
    return good


def launch_once(command: list[str], port: int, path: str, expected: bytes) -> float:
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=surroundings()) as process:
        try:
            answer = await_answer(process, port, path)
            elapsed = time.perf_counter() - started
        finally:
            process.terminate()
    if expected not in answer:
        raise SystemExit(f"a wrong first answer to {path}: {answer[:200]!r}")
    return elapsed


def launch(rounds: int) -> bool:
    """Seconds from the start of the process to the first right answer."""
    bare: list[float] = []
    full: list[float] = []
    with TemporaryDirectory() as folder:
        for at in range(rounds + 1):
            port = free_port()
            bare.append(launch_once(uvicorn_command("bare", port), port, "/", b"{}"))
            port = free_port()
            ready = Path(folder) / f"{at}.json"
            full.append(launch_once(our_command(port, ready), port, "/api/v1/system/version", b'"version"'))
    ratio = median(full[1:]) / median(bare[1:])
    times = f"{median(full[1:]) * 1e3:.0f} ms, bare uvicorn {median(bare[1:]) * 1e3:.0f} ms"
    print(f"launch to first right answer: {times}, ratio {ratio:.2f}, ceiling 1.50\n")
    return ratio <= 1.5


def memory(seconds: float) -> bool:
    """Resident memory after some load."""
    with ours() as server, yardstick("bare", "[]") as bare:
        drive(server, CASES[1], server.tokens["admin"], seconds)
        drive(bare, CASES[1], "none", seconds)
        full, least = server.memory(), bare.memory()
    sizes = f"{full / 2**20:.0f} MiB, bare uvicorn {least / 2**20:.0f} MiB"
    print(f"memory: {sizes}, ratio {full / least:.2f}, ceiling 2.00\n")
    return full <= 2 * least


def reset(rounds: int) -> bool:
    """Milliseconds that a reset takes with the large set loaded, in process."""
    from mockserver.http.sandbox import open_sandbox

    world = open_sandbox(fixtures="large").world
    times = []
    for _ in range(max(rounds, 5) * 20):
        started = time.perf_counter()
        world.reset()
        times.append((time.perf_counter() - started) * 1e3)
    print(f"reset with `large` loaded: median {median(times) * 1e3:.1f} µs, worst {max(times):.3f} ms, ceiling 1 ms\n")
    return median(times) < 1


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds; medians are printed")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of one measurement")
    arguments = parser.parse_args()
    results = [
        throughput(arguments.rounds, arguments.seconds),
        launch(arguments.rounds * 2),
        memory(arguments.seconds),
        reset(arguments.rounds),
    ]
    if not all(results):
        raise SystemExit("a floor or ceiling was missed")


if __name__ == "__main__":
    main()
