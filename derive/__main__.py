"""Writes the derived schemas into the contract, below what is written by hand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from derive.schemas import Schemas, class_name
from tests.clients.environments import SDK

Json = Any
HERE = Path(__file__).parent
CONTRACT = HERE.parent / "contracts" / "openmetadata"
CONNECTIONS = HERE.parent / "fixtures" / "openmetadata" / "connections.yaml"
# What a schema has that is not only laid over a derived one.
WHOLE = frozenset(("type", "enum", "allOf", "anyOf", "oneOf", "$ref"))
CONNECTIONS_HEAD = "# Derived from the sources of {sdk} by `make derive`; nothing here is written by hand.\n"
HEAD = "# Derived from the models of {sdk} by `make derive`; nothing below this line is written by hand.\n"


class Dumper(yaml.SafeDumper):
    """Readable YAML: small things on one line, no anchors."""

    def ignore_aliases(self, data: Json) -> bool:
        return True


def said_of(models: Iterable[str]) -> dict[str, Json]:
    """What the SDK says of these models and of all that they are made of."""
    return _ask_sdk("facts.py", *models)


def _ask_sdk(script: str, *arguments: str) -> dict[str, Json]:
    command = [str(SDK.program("python")), "-W", "ignore", str(HERE / script), *arguments]
    said: dict[str, Json] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return said


def connections() -> str:
    """The text of the fixture set that holds how each kind of connection is tested."""
    records = [
        {
            "id": str(uuid5(NAMESPACE_URL, f"https://open-metadata.org/{kind}.testConnectionDefinition")),
            "name": f"{kind}.testConnectionDefinition",
            "displayName": f"{kind} Test Connection",
            "description": f"The steps that show whether a connection to {kind} does what is needed.",
            "steps": [_step(name) for name in steps],
        }
        for kind, steps in sorted(_ask_sdk("connections.py").items())
    ]
    fixture = {
        "contract": "openmetadata",
        "description": "How the connection to each kind of service is tested.",
        "records": {"testConnectionDefinitions": records},
    }
    body = yaml.dump(fixture, Dumper=Dumper, default_flow_style=None, sort_keys=False, width=120)
    return CONNECTIONS_HEAD.format(sdk=SDK.requirements[0]) + body


def _step(name: str) -> dict[str, Json]:
    words = " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]*", name)).lower()
    first = name == "CheckAccess"
    return {
        "name": name,
        "description": "Reach the service with these credentials."
        if first
        else f"Do what the step is called after: {words}.",
        "errorMessage": f"The step '{words}' failed.",
        "shortCircuit": first,
        "mandatory": first,
    }


def wanted() -> dict[str, dict[str, str]]:
    """The models of each resource file, by what they are to it."""
    models: dict[str, dict[str, str]] = yaml.safe_load((HERE / "models.yaml").read_text())
    return models


def derived() -> dict[Path, str]:
    """For each file of the contract the text that it should have."""
    models = wanted()
    said = said_of(key for each in models.values() for key in each.values())
    found = Schemas(said, models, written_by_hand(models)).files()
    places = {file: "resources" if "answer" in models.get(file, {}) else "parts" for file in found}
    paths = {file: CONTRACT / places[file] / f"{file}.yaml" for file in found}
    return {paths[file]: text_of(paths[file], schemas) for file, schemas in found.items()}


def written_by_hand(models: Mapping[str, Mapping[str, str]]) -> frozenset[str]:
    """Names of schemas that are no model of the same file, so that no derived one may be called so."""
    files = [CONTRACT / "openapi.yaml", *CONTRACT.glob("parts/*.yaml"), *CONTRACT.glob("resources/*.yaml")]
    found: set[str] = set()
    for file in files:
        value = yaml.safe_load(by_hand(file))
        own = {class_name(key) for key in models.get(file.stem, {}).values()}
        schemas = (value or {}).get("components", {}).get("schemas", {})
        found |= {name for name, schema in schemas.items() if not WHOLE.isdisjoint(schema)} - own
    return frozenset(found)


def by_hand(file: Path) -> str:
    """The text of a file above what is derived."""
    return file.read_text().partition(HEAD.split("{", maxsplit=1)[0])[0] if file.exists() else ""


def text_of(file: Path, schemas: Mapping[str, Json]) -> str:
    """The whole text of a file: what is written by hand, and what is derived."""
    body = yaml.dump({"x-models": dict(schemas)}, Dumper=Dumper, default_flow_style=None, sort_keys=False, width=120)
    hand = by_hand(file).rstrip("\n")
    return (hand + "\n\n" if hand else "") + HEAD.format(sdk=SDK.requirements[0]) + body


def main() -> int:
    for file, text in derived().items():
        file.write_text(text)
    CONNECTIONS.write_text(connections())
    return 0


if __name__ == "__main__":
    sys.exit(main())
