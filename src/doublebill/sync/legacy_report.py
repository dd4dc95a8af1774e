"""What became of the files of an earlier system: what was taken, what was skipped and why, file by file."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_PLACES = 5
"""So many places are named for each reason; the rest is only counted."""


@dataclass(slots=True)
class Skipped:
    """How many rows were passed over for one reason, and where the first ones stand."""

    count: int = 0
    places: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        more = self.count - len(self.places)
        return ", ".join(self.places) + (f" and {more:,} more" if more else "")


@dataclass(slots=True)
class Account:
    """What became of one file."""

    file: str
    taken: Counter[str] = field(default_factory=Counter)
    skipped: dict[str, Skipped] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def take(self, what: str, count: int = 1) -> None:
        """Count what could be used."""
        self.taken[what] += count

    def skip(self, reason: str, place: str) -> None:
        """Count a row that could not be used, and say where it stands."""
        entry = self.skipped.setdefault(reason, Skipped())
        entry.count += 1
        if len(entry.places) < MOST_PLACES:
            entry.places.append(place)

    def note(self, words: str) -> None:
        """Say something of the whole file."""
        self.notes.append(words)

    @property
    def lines(self) -> Iterator[str]:
        """Say in words what became of the file, a line for each thing."""
        taken = ", ".join(f"{count:,} {what}" for what, count in self.taken.items() if count)
        yield f"{self.file}: {taken or 'nothing taken'}"
        yield from (f"  {note}" for note in self.notes)
        for reason, entry in self.skipped.items():
            yield f"  skipped: {entry.count:,} {reason} ({entry})"

    @property
    def as_json(self) -> dict[str, object]:
        """Give the same for a program."""
        skipped = [{"reason": why, "count": one.count, "places": one.places} for why, one in self.skipped.items()]
        return {"file": self.file, "taken": dict(self.taken), "skipped": skipped, "notes": self.notes}


@dataclass(slots=True)
class Report:
    """What became of a folder; ``new`` counts what was not known here before."""

    folder: str
    accounts: dict[str, Account] = field(default_factory=dict)
    new: dict[str, int] = field(default_factory=dict)

    def account(self, file: str) -> Account:
        """Give the account of a file, opened when it is first asked for."""
        return self.accounts.setdefault(file, Account(file))

    @property
    def lines(self) -> Iterator[str]:
        """Say in words what became of the folder."""
        for account in self.accounts.values():
            yield from account.lines
        new = ", ".join(f"{count:,} {what}" for what, count in self.new.items() if count)
        yield f"New here: {new or 'nothing, all of it was known'}"

    @property
    def as_json(self) -> dict[str, object]:
        """Give the same for a program."""
        return {"folder": self.folder, "files": [each.as_json for each in self.accounts.values()], "new": self.new}
