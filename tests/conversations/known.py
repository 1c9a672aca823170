"""Names that every conversation may use: ids of the records that are there from the start, and one that is nobody's."""

from __future__ import annotations

KNOWN = {
    "unknown": "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
    "name_of_256": "n" * 256,
    "name_of_257": "n" * 257,
    # People and bots.
    "admin": "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4",
    "bot_user": "7266e139-9edf-46f4-9ac8-5512395cb3f8",
    "consumer": "6bd32c8e-ddd5-4451-8b41-c2546a35e376",
    "guest": "5d6e1742-3f88-43ea-9f30-a0ea38b376e4",
    "aaron": "77655e6e-ad33-49da-bbca-db4ba4d4e2cd",
    "andrew": "2c4036a5-27d5-4d47-949f-3e8666e9d371",
    "maya": "61fadc6d-875b-4eff-b759-629ab6cfe835",
    "lars": "e41c70db-4f3f-407c-a8ec-3450159840ea",
    "priya": "3756d89d-88d1-452c-8f79-d7a2c98406b7",
    "bot": "5d6a1f0e-2b4c-4e7a-8c95-7f3b0a9d1e24",
    # Teams.
    "organization": "4819dab3-e928-41d5-aa83-fb1d9c7c489a",
    "finance": "4f87a3ea-d798-4509-8c64-5b11f8a96f89",
    "accounting": "449b5f25-4cbb-42db-8f71-3be2c5cd888a",
    "sales": "7a2b921b-f623-4eb5-9736-649788ad842c",
    "platform": "7e974317-3a94-4f7a-b8d7-35a57767929d",
    # Roles and policies.
    "steward_role": "761c2bb2-0b77-4bc5-9af9-cf89536d6a12",
    "consumer_role": "c958a792-4e9a-430c-bcfd-c56a522162b3",
    "reader_role": "d84ae56d-b93b-4169-a144-c4eecf3c3005",
    "guest_role": "f9c21567-2ac3-4adf-81b0-79157a6d7ff3",
    "read_only_policy": "6754614c-64ff-4604-9b70-e7695b05816f",
    "consumer_policy": "3c1b8f5e-6d0a-4f83-9b27-0e4d7a5c1f62",
    # Tests of data.
    "suite": "5f0ee3c2-7d0b-5f9f-9a1b-3b0f4b2d4c11",
    "case": "456f1534-3664-5142-9da6-0cb82ca35bde",
    # Services, databases, schemas, tables.
    "service": "fd2193af-fe09-4366-92b7-1e0d01cd8c09",
    "database": "0be090de-0941-48c4-af49-a6157c91cda0",
    "schema": "4dd30184-009c-4792-b296-9562eaed651f",
    "support": "be6e5d4f-0234-4f17-ac68-d4a019ee685f",
    "table": "455e3d9d-dbbf-455e-b3be-7191daa825f3",
    "dim_agent": "6dd9de7b-8e1a-4cc7-bcc3-b28706028b3e",
    "dim_customer": "347a6ea7-93cd-4e6f-aa5c-e5e498d48663",
    "dim_product": "b3e729f2-40a3-4c60-b2ec-940dcb12b6cc",
    "fact_order": "f87db32f-7c86-45ae-ad92-4e06d10ad589",
    "fact_sale": "5a176daa-6c37-4307-acde-257b379cf45f",
    "raw_order": "d335427f-cd7d-41d4-a993-74b83e88aa32",
    "raw_order_old": "802ae68b-cd8c-47d8-ac1d-0bf8d49aa335",
    "ticket": "dd343334-1c82-44fb-a33b-ff68610464bf",
    "archive": "a894a44b-5fbd-4cc9-b74a-fa8f38fcee42",
    # Types of records and of custom properties.
    "table_type": "7f3a8a8d-30bb-5e9e-8c5a-6cfa1a7107ba",
    "database_type": "f2d921fb-b7a3-5e68-b5e6-95b6d04e3740",
    "string_type": "1ad822e6-4fb9-5277-a7c2-70f3ad974b58",
    "integer_type": "8a5e4525-18d2-5c3b-bb7e-d430bf4432ff",
    "enum_type": "b92f7c93-4c05-5ae2-80e9-a4cc7a03ece0",
    "date_type": "b8025833-fdd1-5327-9a89-04f413414fb4",
    "time_type": "fecfaeba-968f-52d7-9f88-f56dc1e40f52",
    "interval_type": "8a87698a-bb92-55d4-920d-ecd349d008ee",
    "grid_type": "0dfab533-15be-597d-9a61-b8187abd9f44",
    "link_type": "d29f1579-ae2f-57eb-a92a-792acfb5b2a4",
    "reference_type": "2a0f4261-b5a2-5932-a2af-f0793857d022",
    "references_type": "fcc7b9a3-dc8e-52c1-a056-04a3b332a7b8",
}
