"""Derives schemas of the contract from the models of the Python SDK: `make derive`."""
