"""Tests any server against a contract, and says what it found."""
