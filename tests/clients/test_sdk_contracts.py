"""Data contracts, by the real Python SDK: made, judged, and exchanged in the Open Data Contract Standard."""

from __future__ import annotations

import pytest

from tests.clients.sandbox import both_profiles
from tests.clients.sdk.session import Session

pytestmark = pytest.mark.xdist_group("clients")

SETUP = """
from metadata.generated.schema.api.data.createDataContract import CreateDataContractRequest
from metadata.generated.schema.entity.data.dataContract import DataContract
from metadata.generated.schema.entity.datacontract.dataContractResult import DataContractResult
from metadata.generated.schema.entity.data.table import Table
from metadata.generated.schema.type.entityReference import EntityReference
from metadata.ingestion.ometa.utils import model_str
om = client().ometa
om.delete(DataContract, om.get_data_contract_by_entity_id(table_id, 'table').id, hard_delete=True)
about = EntityReference(id=table_id, type='table')
made = om.create_or_update(CreateDataContractRequest(name='promise', entity=about))
"""


@both_profiles
def test_a_contract_is_made_found_by_its_entity_and_judged(admin_sdk: Session) -> None:
    admin_sdk.run(SETUP)
    assert admin_sdk.value("om.get_data_contract_by_entity_id(table_id, 'table').id == made.id")
    admin_sdk.run("result = om.validate_data_contract(made.id)")
    assert admin_sdk.value("result.contractExecutionStatus.value") == "Success"
    assert admin_sdk.value("om.get_latest_data_contract_result(made.id).id == result.id")
    assert admin_sdk.value("len(om.get_data_contract_results(made.id))") == 1
    reported = "om.put_data_contract_result(made.id, DataContractResult(dataContractFQN=made.fullyQualifiedName, "
    admin_sdk.run(reported + "timestamp=result.timestamp.root - 1, contractExecutionStatus='Failed'))")
    assert admin_sdk.value("len(om.get_data_contract_results(made.id))") == 2
    assert admin_sdk.value("om.delete_data_contract_result(made.id, result.timestamp.root - 1)")
    assert admin_sdk.value("len(om.get_data_contract_results(made.id))") == 1


def test_a_contract_goes_out_and_comes_back(admin_sdk: Session) -> None:
    admin_sdk.run(SETUP)
    admin_sdk.run("written = om.export_to_odcs(made.id)")
    assert admin_sdk.value("written.name") == "promise"
    admin_sdk.run("again = om.create_or_update_from_odcs(written, table_id, 'table')")
    assert admin_sdk.value("again.id == made.id")
    yaml = "'{apiVersion: v3.1.0, kind: DataContract, id: x, name: n, version: 1.0.0, status: active}'"
    admin_sdk.run(f"read = om.create_or_update_from_odcs_yaml({yaml}, table_id, 'table')")
    assert admin_sdk.value("read.entityStatus.value") == "Approved"
    assert admin_sdk.value(f"om.parse_odcs_yaml({yaml})['name']") == "n"
    assert admin_sdk.value(f"om.validate_odcs_yaml(table_id, 'table', {yaml})['valid']") is False
