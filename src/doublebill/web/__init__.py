"""Telling: the HTTP interface, which only translates between requests and the engine."""
