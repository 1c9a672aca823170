"""What the files for containers say of a server: its command line, its variables, how it is probed and stopped."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import Any

import yaml

from tests.project.tree import ROOT

Json = Any
DEPLOY = ROOT / "deploy"
CONTAINERFILE, COMPOSE, KUBERNETES = (DEPLOY / name for name in ("Containerfile", "compose.yaml", "kubernetes.yaml"))
GIVEN = "given"
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0}


@dataclass(frozen=True)
class Container:
    """A server as one of the files starts it; GIVEN stands for what the variables get from outside."""

    command: list[str]
    variables: dict[str, str]
    probes: list[str]
    port: int
    noticed: float
    patience: float
    waits_before: float

    @property
    def own_variables(self) -> dict[str, str]:
        return {name: value for name, value in self.variables.items() if name.startswith("MOCKSERVER_")}


def image() -> dict[str, Json]:
    """The instructions of the Containerfile's last stage; those that can come several times as lists."""
    last = CONTAINERFILE.read_text().replace("\\\n", " ").rpartition("\nFROM ")[2]
    lines = [line.partition(" ") for line in last.splitlines()[1:] if line and not line.startswith("#")]
    said = {word: rest for word, _, rest in lines}
    variables = dict(rest.split("=", 1) for word, _, rest in lines if word == "ENV")
    return {
        **said,
        "ENV": variables,
        "ENTRYPOINT": yaml.safe_load(said["ENTRYPOINT"]),
        "CMD": yaml.safe_load(said["CMD"]),
    }


def compose() -> dict[str, Json]:
    document: dict[str, Json] = yaml.safe_load(COMPOSE.read_text())
    return document


def manifests() -> list[dict[str, Json]]:
    return [document for document in yaml.safe_load_all(KUBERNETES.read_text()) if document]


def manifest(kind: str, name: str) -> dict[str, Json]:
    [found] = [each for each in manifests() if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found


def composed() -> Container:
    """The server of the compose file, and its balancer, which watches it."""
    service = compose()["services"]["mockserver"]
    balancer = compose()["configs"]["balancer"]["content"]
    checked = re.search(r"inter (\w+) fall (\d+)", balancer)
    assert checked is not None
    health = shlex.join(service["healthcheck"]["test"])
    return Container(
        command=[*image()["ENTRYPOINT"], *service["command"]],
        variables=image()["ENV"] | {name: _given(value) for name, value in service["environment"].items()},
        probes=[*re.findall(r":8585(/\w+)", health), *re.findall(r"uri (/\w+)", balancer)],
        port=int(_one(r"mockserver:(\d+) resolvers", balancer)),
        noticed=_seconds(checked[1]) * int(checked[2]),
        patience=_seconds(service["stop_grace_period"]),
        waits_before=0.0,
    )


def orchestrated() -> Container:
    """The server of the manifest."""
    pod = manifest("Deployment", "mockserver")["spec"]["template"]
    [container] = pod["spec"]["containers"]
    [port] = container["ports"]
    probes = [container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")]
    assert {probe["port"] for probe in probes} == {port["name"]}
    ready = container["readinessProbe"]
    stop = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {"seconds": 0})
    return Container(
        command=[*image()["ENTRYPOINT"], *container["args"]],
        variables=image()["ENV"] | _resolved(container["env"]),
        probes=[*(probe["path"] for probe in probes), pod["metadata"]["annotations"]["prometheus.io/path"]],
        port=port["containerPort"],
        noticed=ready["periodSeconds"] * ready["failureThreshold"],
        patience=pod["spec"]["terminationGracePeriodSeconds"],
        waits_before=stop["seconds"],
    )


def _resolved(env: list[dict[str, Json]]) -> dict[str, str]:
    """The variables with those put in that they are made of, which stand before them."""
    found: dict[str, str] = {}
    for each in env:
        value = each.get("value")
        if value is None:
            value = GIVEN
        found[each["name"]] = re.sub(r"\$\((\w+)\)", lambda named: found[named[1]], value)
    return found


def _given(value: str) -> str:
    """A value of the compose file with what the caller's variables would put in."""
    return re.sub(r"\$\{\w+:\?[^}]*\}", GIVEN, value)


def _seconds(span: str) -> float:
    amount, unit = re.fullmatch(r"(\d+)(ms|s|m)", span).groups()  # type: ignore[union-attr]
    return int(amount) * UNITS[unit]


def _one(pattern: str, text: str) -> str:
    [found] = re.findall(pattern, text)
    return str(found)
