"""The pytest plugin and the handle that tests hold."""
