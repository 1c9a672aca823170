"""Custom properties, by the real Python SDK: defined, found again and given values."""

from __future__ import annotations

import pytest

from tests.clients.sandbox import both_profiles
from tests.clients.sdk.session import Failure, Session

pytestmark = pytest.mark.xdist_group("clients")

SETUP = """
from metadata.generated.schema.api.data.createCustomProperty import CreateCustomPropertyRequest
from metadata.generated.schema.entity.data.table import Table
from metadata.generated.schema.type.customProperty import CustomPropertyConfig
from metadata.generated.schema.type.customProperties.enumConfig import EnumConfig
from metadata.ingestion.models.custom_properties import CustomPropertyDataTypes, OMetaCustomProperties
om = client().ometa
def define(name, kind, config=None):
    asked = CreateCustomPropertyRequest(name=name, description="d", propertyType=om.get_property_type_ref(kind),
                                        customPropertyConfig=config)
    wanted = OMetaCustomProperties(entity_type=Table, createCustomPropertyRequest=asked)
    return om.create_or_update_custom_property(wanted)
"""


@both_profiles
def test_a_property_of_every_type_is_defined_and_found(admin_sdk: Session) -> None:
    admin_sdk.run(SETUP)
    admin_sdk.run(
        "configs = {'enum': CustomPropertyConfig(config=EnumConfig(multiSelect=False, values=['a', 'b'])),\n"
        "           'date-cp': CustomPropertyConfig(config='dd-MM-yyyy'),\n"
        "           'dateTime-cp': CustomPropertyConfig(config='dd-MM-yyyy HH:mm'),\n"
        "           'time-cp': CustomPropertyConfig(config='HH:mm')}\n"
        "for kind in CustomPropertyDataTypes:\n"
        "    define(kind.value, kind, configs.get(kind.value))"
    )
    found = admin_sdk.value("[each['name'] for each in om.get_entity_custom_properties(Table)]")
    assert found == admin_sdk.value("sorted(kind.value for kind in CustomPropertyDataTypes)")


def test_a_value_of_a_defined_property_is_written_and_one_of_none_is_refused(admin_sdk: Session) -> None:
    admin_sdk.run(SETUP)
    admin_sdk.run("define('days', CustomPropertyDataTypes.INTEGER)\npath = f'/tables/{table_id}'")
    written = 'om.client.patch(path, data=\'[{"op": "add", "path": "/extension", "value": {"%s": 3}}]\')'
    admin_sdk.run(written % "days")
    assert admin_sdk.value("om.get_by_id(Table, table_id, fields=['extension']).extension.root") == {"days": 3}
    assert admin_sdk.failure(written % "weeks") == Failure("APIError", "Unknown custom field weeks", 400)
