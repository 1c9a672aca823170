"""The state, and the only thing that changes."""
