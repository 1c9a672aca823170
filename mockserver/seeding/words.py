"""Faker, seeded, and loaded only when a recipe asks for a word of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

Json = Any
LOCALE = "en_US"


class Words:
    """Faker's providers; the same seed gives the same values in the same order."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    @cached_property
    def _faker(self) -> Any:
        from faker.factory import Factory

        generator = Factory.create(LOCALE)
        generator.seed_instance(self._seed)
        return generator

    @cached_property
    def providers(self) -> list[str]:
        """The names of everything that Faker can make up."""
        return sorted(
            {
                name
                for provider in self._faker.get_providers()
                for name in dir(provider)
                if not name.startswith("_") and callable(getattr(provider, name))
            }
        )

    def make(self, provider: str, arguments: Mapping[str, Json]) -> Json:
        """One value; what JSON has no value for, such as a date, becomes its text."""
        value = getattr(self._faker, provider)(**arguments)
        return value if isinstance(value, str | int | float | bool | dict | list | None) else str(value)
