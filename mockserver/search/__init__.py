"""Searching documents: what queries mean, and which documents they find; it knows no world and no HTTP."""
