"""Fixtures and generated records in, a first world out."""
