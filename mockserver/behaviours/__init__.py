"""The verbs that operations do: pure functions from a call and a world to an answer."""
