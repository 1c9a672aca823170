"""Holds the files for containers to their formats, and to the server that they start."""

from __future__ import annotations

import copy
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import httpx2
import kubernetes_validate  # type: ignore[import-untyped]
import pytest
from compose_spec import PyCompose

from mockserver.commands.serve import command as serve
from mockserver.http.drain import LINGER_SECONDS
from mockserver.http.metrics import PATH as METRICS
from mockserver.http.probes import LIVE, READY
from mockserver.http.server import GRACE_SECONDS
from tests.project import deployment
from tests.project.deployment import CONTAINERFILE, DEPLOY, Container
from tests.project.tree import ROOT
from tests.support.live import free_port
from tests.support.polling import until
from tests.support.postgres import Postgres
from tests.support.tokens import key

Json = Any
# The oldest that is looked after somewhere, and the newest that is known.
RELEASES = ("1.30", kubernetes_validate.latest_version())
CONTAINERS = {"compose.yaml": deployment.composed, "kubernetes.yaml": deployment.orchestrated}
OPTIONS = {option.envvar: option for option in serve.params if isinstance(option, click.Option)}

each_container = pytest.mark.parametrize("made", CONTAINERS.values(), ids=list(CONTAINERS))


def test_the_compose_file_is_one() -> None:
    parsed = PyCompose.from_yaml(deployment.COMPOSE.read_text())

    parsed.validate()
    assert parsed.service_names() == ["mockserver", "balancer", "postgres"]


@pytest.mark.parametrize(("right", "wrong"), [("retries: 3", "retrys: 3"), ("20s", "soon"), ("source: ", "source: x")])
def test_a_slip_in_the_compose_file_would_be_found(right: str, wrong: str) -> None:
    text = deployment.COMPOSE.read_text()
    assert right in text

    with pytest.raises(ValueError, match=r"line|not defined"):
        PyCompose.from_yaml(text.replace(right, wrong)).validate()


def test_what_the_services_share_is_there() -> None:
    document = deployment.compose()
    services = document["services"]
    mounted = {mount.partition(":")[0] for service in services.values() for mount in service.get("volumes", ())}
    waited_for = {name for service in services.values() for name in service.get("depends_on", ())}

    assert mounted == set(document["volumes"])
    assert waited_for <= {name for name, service in services.items() if "healthcheck" in service}


@pytest.mark.parametrize("release", RELEASES)
def test_the_manifests_are_what_kubernetes_takes(release: str) -> None:
    for manifest in deployment.manifests():
        kubernetes_validate.validate(manifest, release, strict=True)


@pytest.mark.parametrize("release", RELEASES)
def test_a_slip_in_a_manifest_would_be_found(release: str) -> None:
    slipped = copy.deepcopy(deployment.manifest("Deployment", "mockserver"))
    [container] = slipped["spec"]["template"]["spec"]["containers"]
    container["readynessProbe"] = container.pop("readinessProbe")

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(slipped, release, strict=True)


def test_services_and_budgets_choose_the_pods_that_are_made() -> None:
    pods = [
        each["spec"]["template"]["metadata"]["labels"] for each in deployment.manifests() if "template" in each["spec"]
    ]
    for manifest in deployment.manifests():
        chosen = manifest["spec"]["selector"]
        assert chosen.get("matchLabels", chosen) in pods, manifest["metadata"]


def test_kubernetes_own_variables_are_kept_away() -> None:
    assert deployment.manifest("Deployment", "mockserver")["spec"]["template"]["spec"]["enableServiceLinks"] is False


@each_container
def test_every_option_is_one_of_the_command_line(made: Callable[[], Container]) -> None:
    container = made()
    [program, command, *arguments] = container.command

    assert (program, command) == ("mockserver", "serve")
    assert container.own_variables.keys() <= OPTIONS.keys()
    for name, value in container.own_variables.items():
        serve.make_context("serve", [*arguments, OPTIONS[name].opts[0], *taken(OPTIONS[name], value)])


def taken(option: click.Option, value: str) -> list[str]:
    """How an option takes a value that stands in a variable."""
    if option.is_flag:
        return []
    first, *more = value.split() if option.multiple else [value]
    return [first, *(word for each in more for word in (option.opts[0], each))]


@each_container
def test_probes_lead_to_what_is_served(made: Callable[[], Container]) -> None:
    container = made()

    assert set(container.probes) <= {LIVE, READY, METRICS}
    assert READY in container.probes
    assert container.port == int(deployment.image()["EXPOSE"]) == OPTIONS["MOCKSERVER_PORT"].default


@each_container
def test_there_is_time_to_stop(made: Callable[[], Container]) -> None:
    container = made()
    drain = float(container.variables["MOCKSERVER_DRAIN"])

    assert drain > container.noticed
    assert container.patience > container.waits_before + drain + LINGER_SECONDS + GRACE_SECONDS


def test_all_replicas_sign_with_one_key() -> None:
    pod = deployment.manifest("Deployment", "mockserver")["spec"]["template"]["spec"]
    [mount] = pod["containers"][0]["volumeMounts"]
    key = Path(deployment.orchestrated().variables["MOCKSERVER_KEY_FILE"])
    state = deployment.composed().variables["XDG_STATE_HOME"]

    assert key.parent == Path(mount["mountPath"])
    assert key.name in [item["path"] for item in pod["volumes"][0]["secret"]["items"]]
    assert f"state:{state}" in deployment.compose()["services"]["mockserver"]["volumes"]


def test_the_image_has_the_version_and_the_extras_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    [extras] = re.findall(r"whl\)\[([\w,]+)\]", CONTAINERFILE.read_text())
    tag = f"mockserver:{project['version']}"
    [container] = deployment.manifest("Deployment", "mockserver")["spec"]["template"]["spec"]["containers"]

    assert set(extras.split(",")) <= set(project["optional-dependencies"])
    assert deployment.compose()["services"]["mockserver"]["image"] == container["image"] == tag


def test_what_the_image_is_made_of_is_enough(tmp_path: Path) -> None:
    allowed = [line[1:] for line in (DEPLOY / "Containerfile.dockerignore").read_text().splitlines() if line[0] == "!"]
    for name in allowed:
        place = ROOT / name
        (shutil.copytree if place.is_dir() else shutil.copy)(place, tmp_path / name)
    made = subprocess.run(
        [str(Path(sys.executable).parent / "uv"), "build", "--quiet", "--wheel", "--out-dir", "wheel", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert made.returncode == 0, made.stderr
    assert list((tmp_path / "wheel").glob("mockserver-*.whl"))


@each_container
def test_the_server_that_a_container_starts_answers_its_probes(
    made: Callable[[], Container], postgres: Postgres, tmp_path: Path
) -> None:
    container = made()
    (tmp_path / "key.pem").write_bytes(key("replicas"))
    port = free_port()
    # A container's own address, database, key and folder are those of this machine.
    here = {
        "MOCKSERVER_PORT": str(port),
        "MOCKSERVER_STORE": postgres.fresh(),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        **({"MOCKSERVER_KEY_FILE": str(tmp_path / "key.pem")} if "MOCKSERVER_KEY_FILE" in container.variables else {}),
    }
    program = [sys.executable, "-m", *container.command]
    variables = {"PATH": os.environ["PATH"], **container.variables, **here}
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(program, env=variables, cwd=tmp_path, stdout=log, stderr=log) as process,
    ):
        try:
            until(lambda: process.poll() is not None or answers(port), "the server answers")
            assert process.poll() is None, (tmp_path / "log").read_text()
            answered = {path: ask(port, path).status_code for path in container.probes}
        finally:
            process.kill()

    assert answered == dict.fromkeys(container.probes, 200)


def ask(port: int, path: str) -> httpx2.Response:
    return httpx2.get(f"http://127.0.0.1:{port}{path}", trust_env=False)


def answers(port: int) -> bool:
    try:
        return ask(port, LIVE).status_code == 200
    except httpx2.ConnectError:
        return False
