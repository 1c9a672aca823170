"""What schemathesis is told to do, so that neither a configuration file nor a cache decides anything."""

from __future__ import annotations

from collections.abc import Sequence

from schemathesis.config import InferenceAlgorithm, SchemathesisConfig

CHAINED = "stateful"
LONGEST_CHAIN = 12
# Only for a document that declares none: between a thousand operations more than ten thousand links are inferred, and
# hypothesis looks at the first 9,997 of a choice, so that no chain would ever begin.
INFERRED_FROM = tuple(str(algorithm) for algorithm in InferenceAlgorithm)
PATIENCE_SECONDS = 20
# Schemathesis does not count what is refused for its size.
REJECTIONS = (
    *("400", "401", "403", "404", "405", "406", "409", "413", "414", "415", "422", "428", "429", "431"),
    "5xx",
)


def config_of(
    base_url: str,
    token: str | None,
    phases: Sequence[str],
    max_examples: int,
    scenarios: int,
    seed: int,
    inferred_from: Sequence[str],
) -> SchemathesisConfig:
    """Everything is said outright."""
    return SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "base-url": base_url,
            "headers": {"Authorization": f"Bearer {token}"} if token else {},
            "continue-on-failure": True,
            "request-timeout": PATIENCE_SECONDS,
            "checks": {"enabled": True, "negative_data_rejection": {"expected-statuses": list(REJECTIONS)}},
            "generation": {"max-examples": max_examples, "database": "none"},
            "phases": {
                "enabled": False,
                **{phase: {"enabled": True} for phase in phases},
                CHAINED: {
                    "enabled": CHAINED in phases,
                    "max-steps": LONGEST_CHAIN,
                    "generation": {"max-examples": scenarios},
                    "inference": {"algorithms": list(inferred_from)},
                },
            },
            # How long a machine takes to make an example says nothing about the server.
            "suppress-health-check": ["all"],
            "cache": {"enabled": False},
            "output": {"sanitization": {"enabled": False}, "truncation": {"enabled": False}},
        }
    )
