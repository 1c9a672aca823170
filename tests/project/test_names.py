"""Holds the names that the bundled contract repeats to those that they repeat: entity types, fields, links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.contract.model import Contract, Operation, Resource
from tests.project.profiles import contract_of, every_profile

Json = Any
# Resources that are always shown whole, so that no fields are asked for.
WHOLE = frozenset(("threads",))


@every_profile
def test_events_can_be_asked_for_of_every_entity_type(profile: str) -> None:
    contract = contract_of(profile)
    types = contract.document["components"]["schemas"]["EntityTypes"]["items"]["enum"]

    assert sorted(types) == sorted(["*", *contract.by_entity])


@every_profile
def test_the_fields_that_can_be_asked_for_are_the_schemas(profile: str) -> None:
    contract = contract_of(profile)
    resources = {name: each for name, each in contract.resources.items() if name not in WHOLE}
    asked = {name: fields_of(contract, resource) for name, resource in resources.items()}
    shown = {name: set(resource.properties) for name, resource in resources.items()}

    assert asked == shown


@every_profile
def test_every_link_leads_to_an_operation_and_its_parameters(profile: str) -> None:
    contract = contract_of(profile)
    parameters = {each.id: {parameter.name for parameter in each.parameters} for each in contract.operations}
    followed = [(operation.id, link) for operation in contract.operations for link in links_of(operation)]
    broken = [
        (id, link["operationId"])
        for id, link in followed
        if not set(link.get("parameters", ())) <= parameters.get(link["operationId"], set())
        or link["operationId"] not in parameters
    ]

    assert followed
    assert broken == []


def fields_of(contract: Contract, resource: Resource) -> set[str]:
    """What `fields=` may name, but for the words that stand for all and for none."""
    declared = contract.document["components"]["parameters"][f"{resource.entity}Fields"]
    return set(declared["schema"]["items"]["enum"]) - {"*", ""}


def links_of(operation: Operation) -> Iterator[Mapping[str, Json]]:
    for answer in operation.document["responses"].values():
        yield from answer.get("links", {}).values()
