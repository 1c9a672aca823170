"""Models that the contract says in its own words: what stands for each of them."""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
REFERENCES = {"$ref": "#/components/schemas/EntityReferenceList"}
KNOWN: dict[str, str] = {
    "type.basic:Uuid": "Uuid",
    "type.basic:EntityName": "EntityName",
    "type.basic:TestCaseEntityName": "EntityName",
    "type.basic:FullyQualifiedEntityName": "FullyQualifiedName",
    "type.basic:Href": "Href",
    "type.basic:Timestamp": "Timestamp",
    "type.basic:Email": "Email",
    "type.basic:Duration": "Duration",
    "type.basic:EntityExtension": "Extension",
    "type.basic:ProviderType": "ProviderType",
    "type.basic:Style": "Style",
    "type.basic:EntityLink": "EntityLink",
    "api.tests.createTestSuite:TestSuiteEntityName": "EntityName",
    "entity.data.table:EntityName": "EntityName",
    "entity.data.table:ColumnName": "EntityName",
    "type.entityHistory:EntityVersion": "EntityVersion",
    "type.entityHistory:ChangeDescription": "ChangeDescription",
    "type.entityHistory:FieldChange": "FieldChange",
    "type.entityReference:EntityReference": "EntityReference",
    "type.entityReferenceList:EntityReferenceList": "EntityReferenceList",
    "type.tagLabel:TagLabel": "TagLabel",
    "type.votes:Votes": "Votes",
    "type.lifeCycle:LifeCycle": "LifeCycle",
    "type.lifeCycle:AccessDetails": "AccessDetails",
    "type.assetCertification:AssetCertification": "Certification",
    "type.status:EntityStatus": "EntityStatus",
    "type.usageDetails:UsageDetails": "UsageSummary",
    "type.usageDetails:UsageStats": "UsageStats",
    "type.profile:Profile": "Profile",
    "entity.data.table:Column": "Column",
    "entity.data.table:TableData": "TableData",
    "entity.data.table:DataType": "ColumnDataType",
    "entity.data.table:TableConstraint": "TableConstraint",
    "entity.data.table:TablePartition": "TablePartition",
    "entity.data.table:DataModel": "DataModel",
    "entity.data.table:TableType": "TableType",
    "entity.data.table:FileFormat": "FileFormat",
    "entity.services.databaseService:DatabaseServiceType": "DatabaseServiceType",
    "entity.services.databaseService:DatabaseConnection": "DatabaseConnection",
}
# By the name of the field and what its model says of it: what the contract knows better.
FIELDS: dict[str, tuple[tuple[dict[str, Any], str], ...]] = {
    "owners": ((REFERENCES, "Owners"),),
    "reviewers": ((REFERENCES, "Reviewers"),),
    "domains": ((TEXTS, "FullyQualifiedNames"),),
    "experts": ((TEXTS, "FullyQualifiedNames"),),
    "parent": ((TEXT, "FullyQualifiedName"),),
}
LISTS = {
    "TagLabel": "TagLabels",
    "EntityReference": "EntityReferenceList",
    "FullyQualifiedName": "FullyQualifiedNames",
}
# What every answer about a record holds, where its model knows the field.
ALWAYS = ("fullyQualifiedName", "version", "updatedAt", "updatedBy", "href", "deleted")
