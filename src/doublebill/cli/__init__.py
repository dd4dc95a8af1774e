"""The command line: it opens an engine, asks it, and prints for a person or (``--json``) for a program.

Each group of commands stands in a file of its own and is imported here, which is what adds it to the app.
"""

from doublebill.cli import commands as commands
from doublebill.cli import doctor as doctor
from doublebill.cli import evaluating as evaluating
from doublebill.cli import models as models
from doublebill.cli import moving as moving
from doublebill.cli import safekeeping as safekeeping
from doublebill.cli.shell import app, main

__all__ = ["app", "main"]
