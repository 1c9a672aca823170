"""Measures other mock servers beside this one, each at a pinned version."""
