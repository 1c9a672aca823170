"""YAML in, Contract out."""
