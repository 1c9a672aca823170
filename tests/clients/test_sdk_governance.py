"""Tags, terms, domains and data products, by the real Python SDK."""

from __future__ import annotations

import pytest

from tests.clients import facts
from tests.clients.sandbox import both_profiles
from tests.clients.sdk.session import Session
from tests.support.contains import assert_contains

pytestmark = pytest.mark.xdist_group("clients")
IMPORTS = """
from metadata.generated.schema.entity.classification.tag import Tag
from metadata.generated.schema.entity.data.glossaryTerm import GlossaryTerm
from metadata.generated.schema.entity.data.table import Table
from metadata.generated.schema.entity.domains.dataProduct import DataProduct
from metadata.generated.schema.entity.domains.domain import Domain
from metadata.generated.schema.api.classification.createClassification import CreateClassificationRequest
from metadata.generated.schema.api.classification.createTag import CreateTagRequest
from metadata.generated.schema.api.data.createGlossary import CreateGlossaryRequest
from metadata.generated.schema.api.data.createGlossaryTerm import CreateGlossaryTermRequest
from metadata.generated.schema.api.domains.createDomain import CreateDomainRequest
from metadata.generated.schema.api.domains.createDataProduct import CreateDataProductRequest
from metadata.generated.schema.type.entityReference import EntityReference
from metadata.generated.schema.type.tagLabel import TagLabel
ometa = client().ometa
table = ometa.get_by_name(Table, table_fqn, fields=["tags", "domains"])
reference = EntityReference(id=table.id, type="table")
"""
DOMAIN = """
domain = ometa.create_or_update(CreateDomainRequest(name="Care", domainType="Aggregate", description="d"))
product = ometa.create_or_update(CreateDataProductRequest(name="Calls", domains=["Care"], description="d"))
ometa.client.put("/domains/Care/assets/add", data='{"assets": [{"id": "%s", "type": "table"}]}' % table.id.root)
"""


@pytest.fixture
def governed(admin_sdk: Session) -> Session:
    """The SDK with all that is needed to speak of tags and domains, and a table."""
    admin_sdk.run(f"table_fqn = {facts.TABLE_FQN!r}")
    admin_sdk.run(IMPORTS)
    return admin_sdk


@both_profiles
def test_a_new_tag_is_put_on_a_table_and_finds_it(governed: Session) -> None:
    governed.run("ometa.create_or_update(CreateClassificationRequest(name='Use', description='d'))")
    governed.run("tag = ometa.create_or_update(CreateTagRequest(classification='Use', name='Daily', description='d'))")
    assert_contains(governed.value("tag"), {"fullyQualifiedName": "Use.Daily", "provider": "user", "version": 0.1})
    governed.run("label = TagLabel(tagFQN='Use.Daily', source='Classification', labelType='Manual', state='Confirmed')")
    governed.run("ometa.patch_tag(entity=Table, source=table, tag_label=label)")
    governed.run("tagged = ometa.get_by_name(Table, table_fqn, fields=['tags'])")
    assert_contains(governed.value("tagged.tags"), [{"tagFQN": "Use.Daily", "name": "Daily", "description": "d"}])
    found = {"data": [{"id": facts.TABLE, "type": "table"}], "paging": {"total": 1}}
    assert_contains(governed.value("ometa.get_tag_assets('Use.Daily')"), found)
    assert_contains(governed.value("ometa.get_tag_assets('PII.None')"), {"data": [], "paging": {"total": 0}})


@both_profiles
def test_a_term_below_a_term_is_put_on_a_table_and_finds_it(governed: Session) -> None:
    governed.run("ometa.create_or_update(CreateGlossaryRequest(name='Words', description='d'))")
    governed.run("ometa.create_or_update(CreateGlossaryTermRequest(glossary='Words', name='Call', description='d'))")
    governed.run(
        "term = ometa.create_or_update(CreateGlossaryTermRequest("
        "glossary='Words', parent='Words.Call', name='Lost', description='d', relatedTerms=['Words.Call']))"
    )
    assert_contains(
        governed.value("term"),
        {
            "fullyQualifiedName": "Words.Call.Lost",
            "parent": {"name": "Call"},
            "relatedTerms": [{"relationType": "relatedTo", "term": {"name": "Call"}}],
        },
    )
    governed.run("label = TagLabel(tagFQN='Words.Call.Lost', source='Glossary', labelType='Manual', state='Confirmed')")
    governed.run("ometa.patch_tag(entity=Table, source=table, tag_label=label)")
    found = {"data": [{"id": facts.TABLE}], "paging": {"total": 1}}
    assert_contains(governed.value("ometa.get_glossary_term_assets('Words.Call.Lost')"), found)


@both_profiles
def test_assets_come_to_a_data_product_and_go(governed: Session) -> None:
    governed.run(DOMAIN)
    assert_contains(governed.value("ometa.get_domain_assets('Care')"), {"data": [{"id": facts.TABLE}]})
    added = governed.value("ometa.add_assets_to_data_product('Calls', [reference])")
    assert_contains(added, {"status": "success", "numberOfRowsPassed": 1})
    assert_contains(governed.value("ometa.get_data_product_assets('Calls')"), {"data": [{"id": facts.TABLE}]})
    governed.run("owned = ometa.get_by_name(Table, table_fqn, fields=['dataProducts', 'domains'])")
    assert governed.value("[each.name for each in owned.dataProducts.root]") == ["Calls"]
    assert governed.value("[each.name for each in owned.domains.root]") == ["Care"]
    governed.run("ometa.remove_assets_from_data_product('Calls', [reference])")
    assert_contains(governed.value("ometa.get_data_product_assets('Calls')"), {"data": [], "paging": {"total": 0}})


@both_profiles
def test_ports_of_a_data_product_come_and_go(governed: Session) -> None:
    governed.run(DOMAIN)
    assert_contains(
        governed.value("ometa.add_input_ports_to_data_product('Calls', [reference])"), {"status": "success"}
    )
    failed = governed.failure("ometa.add_output_ports_to_data_product('Calls', [reference])")
    assert failed.text.startswith("400 Client Error")
    governed.run("ometa.remove_input_ports_from_data_product('Calls', [reference])")
    governed.run("ometa.add_assets_to_data_product('Calls', [reference])")
    added = governed.value("ometa.add_output_ports_to_data_product('Calls', [reference])")
    assert_contains(added, {"status": "success", "numberOfRowsPassed": 1})
    removed = governed.value("ometa.remove_output_ports_from_data_product('Calls', [reference])")
    assert_contains(removed, {"status": "success"})
