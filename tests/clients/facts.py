"""The records of the documented fixtures that the clients talk about."""

TABLE = "455e3d9d-dbbf-455e-b3be-7191daa825f3"
TABLE_NAME = "agent_performance_summary"
TABLE_FQN = f"sample_data.ecommerce_db.shopify.{TABLE_NAME}"
ADMIN = "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"
TEAM = "449b5f25-4cbb-42db-8f71-3be2c5cd888a"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
TEAM_DESCRIPTION = "Updated: Accounting team handling all financial reporting"

FOLLOWED_TABLE = {
    "id": TABLE,
    "name": TABLE_NAME,
    "fullyQualifiedName": TABLE_FQN,
    "followers": [{"id": ADMIN, "type": "user", "name": "admin"}],
}
FIRST_TEAM = {
    "id": TEAM,
    "name": "Accounting",
    "fullyQualifiedName": "Accounting",
    "teamType": "Group",
    "version": 0.1,
}
SECOND_TEAM = {**FIRST_TEAM, "version": 0.2, "description": TEAM_DESCRIPTION}
