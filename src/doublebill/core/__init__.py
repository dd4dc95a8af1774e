"""Thinking: pure functions from arrays and values to arrays and values."""
