"""The words of the doctor: one line for each thing that was looked at, how it is, and what to do."""

from dataclasses import dataclass
from typing import Literal

from doublebill.errors import DoublebillError

Area = Literal[
    "settings", "folder", "disk", "database", "syncs", "model", "tmdb", "jellyfin", "radarr", "sonarr", "clock"
]
Grade = Literal["ok", "warning", "problem"]
"""A problem keeps doublebill from its work; a warning will, or keeps it from a part of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """What was found in one area; ``hint`` says what to do, and is None where nothing is to be done."""

    area: Area
    grade: Grade
    words: str
    hint: str | None = None


def well(area: Area, words: str) -> Line:
    """Say that something is as it should be."""
    return Line(area, "ok", words)


def warning(area: Area, words: str, hint: str) -> Line:
    """Say that something will keep doublebill from its work, or keeps it from a part of it."""
    return Line(area, "warning", words, hint)


def problem(area: Area, words: str, hint: str) -> Line:
    """Say that something keeps doublebill from its work."""
    return Line(area, "problem", words, hint)


def failed(area: Area, error: DoublebillError) -> Line:
    """Say what an error says."""
    return Line(area, "problem", error.message, error.hint)
