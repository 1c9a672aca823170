"""The pages' calls about CSV files, by the real curl: a file is saved, changed, tried out and sent back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.clients.sandbox import Sandbox, both_profiles
from tests.clients.test_curl_pages import run

pytestmark = pytest.mark.xdist_group("clients")
DATABASE = "/api/v1/databases/name/sample_data.ecommerce_db"


@both_profiles
def test_a_file_is_saved_changed_tried_out_and_sent_back(sandbox: Sandbox, curl: str, tmp_path: Path) -> None:
    file = tmp_path / "database_export.csv"
    token = f'-H "Authorization: Bearer {sandbox.tokens["admin"]}"'
    plain = f'-X PUT {token} -H "Content-Type: text/plain" --data-binary @{file}'

    status, text = run(curl, f'curl "{sandbox.url}{DATABASE}/export" {token}')
    assert status == 200
    file.write_text(text.replace("support,,", "support,Größe; Hilfe,"), newline="")

    status, body = run(curl, f'curl {plain} "{sandbox.url}{DATABASE}/import?dryRun=true"')
    assert (status, json.loads(body)["dryRun"], json.loads(body)["status"]) == (200, True, "success")
    assert run(curl, f'curl "{sandbox.url}{DATABASE}/export" {token}') == (200, text)

    status, body = run(curl, f'curl {plain} "{sandbox.url}{DATABASE}/importAsync?dryRun=false"')
    assert (status, json.loads(body)["message"]) == (200, "Import is in progress.")
    status, body = run(curl, f'curl "{sandbox.url}{DATABASE}/export" {token}')
    assert (status, body) == (200, file.read_text())

    status, body = run(curl, f'curl "{sandbox.url}{DATABASE}/exportAsync" {token}')
    assert (status, json.loads(body)["message"]) == (202, "Export initiated successfully.")
