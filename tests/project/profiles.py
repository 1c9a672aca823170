"""The bundled contract under each of its profiles."""

from __future__ import annotations

from functools import cache

import pytest

from mockserver.contract.load import load_contract, root_of
from mockserver.contract.model import Contract
from mockserver.contract.profiles import profile_names
from mockserver.contract.sources import Sources

PROFILES = profile_names(Sources(root_of("openmetadata")))
every_profile = pytest.mark.parametrize("profile", PROFILES)


@cache
def contract_of(profile: str) -> Contract:
    return load_contract("openmetadata", profile)
