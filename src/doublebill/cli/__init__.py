"""The command line: it opens an engine, asks it, and prints for a person or (``--json``) for a program."""

from doublebill.cli.commands import app, main

__all__ = ["app", "main"]
