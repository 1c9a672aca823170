"""What the names of datasets may mean."""

from __future__ import annotations

import pytest

from mockserver.dialects.openmetadata.datasets import columns, meanings


@pytest.mark.parametrize(
    ("namespace", "name", "parts"),
    [
        ("postgres://db:5432", "shop.public.orders", ("shop", "public", "orders")),
        ("postgres://db:5432", "orders", None),
        ("postgres://db:5432", "shop..orders", None),
        ("arn:aws:glue:eu:1", "table/shop/orders", ("shop", "orders")),
        ("file", "/spark/shop.db/orders", ("shop", "orders")),
        ("file", "/spark/old.db/shop.db/orders/part", ("shop", "orders")),
        ("file", "/spark/.db/orders", None),
        ("hive", "shop/orders", ("shop", "orders")),
        ("hive", "one/two/three/four", None),
        ("hive", "shop/orders.csv", None),
        ("s3://bucket", "shop/orders", None),
        ("S3://bucket", "warehouse/shop.db/orders", ("shop", "orders")),
        ("", "", None),
        ("", "/", None),
    ],
)
def test_a_name_has_the_parts_that_its_form_gives_it(namespace: str, name: str, parts: tuple[str, ...] | None) -> None:
    assert meanings({"namespace": namespace, "name": name}) == ([parts] if parts else [])


def test_other_names_come_before_a_dataset_s_own_and_each_once() -> None:
    others = [{"name": "a.b"}, {"name": "nothing"}, {"name": "c/d"}]
    dataset = {"namespace": "", "name": "a.b", "facets": {"symlinks": {"identifiers": others}}}

    assert meanings(dataset) == [("a", "b"), ("c", "d")]


@pytest.mark.parametrize(
    ("told", "kind"),
    [("bigint", "INT"), ("timestamp", "TIMESTAMP"), ("datetime", "DATE"), ("text", "UNKNOWN"), ("boolean", "BOOLEAN")],
)
def test_a_column_s_type_is_the_first_whose_word_is_in_what_is_told(told: str, kind: str) -> None:
    dataset = {"facets": {"schema": {"fields": [{"name": "a", "type": told}]}}}

    assert columns(dataset) == [{"name": "a", "dataType": kind, "dataTypeDisplay": told}]
