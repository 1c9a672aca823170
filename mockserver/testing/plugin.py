"""Registers the `mockserver` fixture with pytest."""
