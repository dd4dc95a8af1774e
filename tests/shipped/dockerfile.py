"""Reading a Dockerfile: its stages, and in each the instructions that somebody without Docker can follow.

It knows what our own file uses and refuses the rest, so that nothing in it goes unread.
"""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLLOWED = {"RUN", "COPY", "WORKDIR", "ENV", "USER"}
TOLD = {"LABEL", "EXPOSE", "VOLUME", "HEALTHCHECK", "STOPSIGNAL", "ENTRYPOINT", "CMD"}


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its word in capitals, and all that stands behind it in one line."""

    word: str
    rest: str

    @property
    def words(self) -> list[str]:
        """The rest as words; a list in JSON, whose options before it are left out, as its items."""
        start = self.rest.find("[")
        return json.loads(self.rest[start:]) if self.rest.endswith("]") and start >= 0 else shlex.split(self.rest)

    @property
    def pairs(self) -> dict[str, str]:
        """The rest as ``NAME=value`` pairs."""
        return dict(pair.split("=", 1) for pair in shlex.split(self.rest))


@dataclass(frozen=True, slots=True)
class Stage:
    """What begins with a FROM: the image below, the name for later stages, and the instructions."""

    base: str
    name: str
    instructions: tuple[Instruction, ...]

    def last(self, word: str) -> Instruction:
        """Give the instruction that counts of those with a word. Raises: LookupError."""
        return next(each for each in reversed(self.instructions) if each.word == word)

    def all(self, word: str) -> list[Instruction]:
        """Give all instructions with a word."""
        return [each for each in self.instructions if each.word == word]


def read_stages(path: Path) -> list[Stage]:
    """Read all stages of a file. Raises: ValueError at an instruction that is not known here."""
    stages: list[Stage] = []
    for instruction in _instructions(path.read_text(encoding="utf-8")):
        if instruction.word == "FROM":
            base, _, name = re.fullmatch(r"(\S+)( AS (\S+))?", instruction.rest).groups()
            stages.append(Stage(base, name or str(len(stages)), ()))
        elif instruction.word in FOLLOWED | TOLD:
            stage = stages[-1]
            stages[-1] = Stage(stage.base, stage.name, (*stage.instructions, instruction))
        else:
            raise ValueError(f"{path.name} has a {instruction.word}, which is not known here")
    return stages


def _instructions(text: str) -> Iterator[Instruction]:
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in re.sub(r"\\\n\s*", "", lines).splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield Instruction(word, rest.strip())
