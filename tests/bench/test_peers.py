"""A peer that cannot be had is shown with the reason, and what the peers are given is what our server answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from bench.cases import ADMIN, CASES, PUT_SAME, TABLE, Request
from bench.peers import measure
from bench.peers.document import document, operations
from bench.peers.install import go, maven, npm, run
from bench.peers.peer import NotToBeHad, Peer
from bench.peers.registry import PEERS
from bench.recorded import Exchange, Recording


def recording() -> Recording:
    """Every request, answered alike."""
    asked = {request.on(TABLE): None for case in CASES for request in case.requests}
    return Recording([TABLE], "token", [Exchange(request, b'{"id": "1"}') for request in asked])


def test_a_program_that_is_missing_is_named_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(NotToBeHad, match=r"no npm here; install Node\.js"):
        npm(tmp_path / "a", {"x": "1"})
    with pytest.raises(NotToBeHad, match="no mvn here; install Maven"):
        maven(tmp_path / "b", "g", "x", "1")
    with pytest.raises(NotToBeHad, match="no go here; install Go"):
        go(tmp_path / "c", "example.org/x", "v1")


def test_an_installer_that_fails_is_shown_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(NotToBeHad, match="sh ended with 3: no such version"):
        run(["/bin/sh", "-c", "echo no such version >&2; exit 3"], tmp_path)


def test_what_is_installed_already_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "installed.json").write_text(json.dumps({"example.org/x": "v1"}))
    monkeypatch.setenv("PATH", "")

    go(tmp_path, "example.org/x", "v1")

    with pytest.raises(NotToBeHad):
        go(tmp_path, "example.org/x", "v2")


def test_a_peer_that_is_not_to_be_had_is_shown_with_the_reason() -> None:
    table = measure.traits(PEERS, {"WireMock": "there is no java here"})

    rows = {row[0]: row for row in table.rows}
    assert rows["WireMock"][-1] == "not to be had: there is no java here"
    assert set(rows) >= {peer.name for peer in PEERS}


def test_the_document_of_the_peers_is_plain_openapi_with_the_recorded_answers() -> None:
    found = document(recording())

    OpenAPIV31SpecValidator(found).validate()
    answer = found["paths"]["/api/v1/tables/{id}/followers"]["put"]["responses"]["200"]["content"]
    assert answer["application/json"]["example"] == {"id": "1"}
    assert "x-behaviour" not in json.dumps(found)


def test_every_request_belongs_to_one_operation() -> None:
    found = [(each.method, each.path) for each in operations(recording())]

    assert len(found) == len(set(found)) == 6


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.key)
def test_what_is_sent_to_a_peer_is_as_long_as_it_says(peer: Peer) -> None:
    sent = [text for case in CASES for texts in peer.requests(case, recording()) or [] for text in texts]

    assert sent
    for text in sent:
        head, _, body = text.partition("\r\n\r\n")
        assert f"Content-Length: {len(body)}" in head or not body


def test_a_request_of_ones_own_table_names_it() -> None:
    assert PUT_SAME.requests[0].on("other") == PUT_SAME.requests[0]
    assert Request("POST", "/{table}", '{"id": "{table}"}').on(ADMIN).body == f'{{"id": "{ADMIN}"}}'
