"""What is in containers, and what they are in, by the real Python SDK."""

from __future__ import annotations

import pytest

from tests.clients.sandbox import both_profiles
from tests.clients.sdk.session import Session

pytestmark = pytest.mark.xdist_group("clients")

SETUP = """
from metadata.generated.schema.api.data.createContainer import CreateContainerRequest
from metadata.sdk.entities.containers import Containers
top = 's3_storage_sample.departments'
parent = {'id': Containers.retrieve_by_name(top).id.root, 'type': 'container'}
for name in ('hr', 'legal'):
    inner = Containers.create(CreateContainerRequest(name=name, service='s3_storage_sample', parent=parent))
"""


@both_profiles
def test_what_is_in_a_container_is_paged_through(admin_sdk: Session) -> None:
    admin_sdk.run(SETUP)
    assert admin_sdk.value("[each.name.root for each in Containers.list_children(top).entities]") == ["hr", "legal"]
    more = "[each.name.root for each in Containers.list_children(top, limit=1, offset=1).entities]"
    assert admin_sdk.value(more) == ["legal"]
    above = "[each.fullyQualifiedName for each in Containers.list_ancestors(top + '.hr')]"
    assert admin_sdk.value(above) == ["s3_storage_sample.departments"]
