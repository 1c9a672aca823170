"""Call in, Reply out: route, authenticate, validate, behave, render."""
