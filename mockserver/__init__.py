"""A stateful stand-in for OpenMetadata, or for any API that an OpenAPI document describes."""
