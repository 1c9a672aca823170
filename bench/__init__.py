"""Measures the server beside others, in one run, as ratios."""
