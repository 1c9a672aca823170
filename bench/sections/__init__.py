"""The measurements of the server itself, one module each."""
