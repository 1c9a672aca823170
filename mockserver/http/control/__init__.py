"""The control plane under /__mock__/: what a tester does to the world from outside the API."""
