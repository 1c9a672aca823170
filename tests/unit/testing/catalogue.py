"""What the documented fixtures hold, as the tests of the fixture name it."""

import pytest

TABLE = "455e3d9d-dbbf-455e-b3be-7191daa825f3"
TABLE_NAME = "sample_data.ecommerce_db.shopify.agent_performance_summary"
ADMIN = "2e7fc52a-57d3-4c0e-8a90-1b77c5a6b8e4"
FOLLOWERS = f"/v1/tables/{TABLE}/followers"

# For tests of what a server elsewhere does not have, or has in its own way.
only_here = pytest.mark.parametrize("mockserver", ["here"], indirect=True)
# For tests of what only such a server has.
only_elsewhere = pytest.mark.parametrize("mockserver", ["elsewhere"], indirect=True)
