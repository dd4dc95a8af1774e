"""Fetching a model into its folder: one revision, room looked at first, each file checked, nothing fetched twice.

It can be cut anywhere. What is whole stays, what is not goes on at the byte where it stopped, and the manifest comes
last; with it there, nobody asks the network again.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from doublebill.embedding.offers import Offer
from doublebill.errors import SourceBroken, SourceUnknown, StoreError
from doublebill.model import ModelFile, ModelSnapshot
from doublebill.store.model_files import ModelFolder
from doublebill.sync.gauge import Gauge
from doublebill.sync.progress import Clock

log = logging.getLogger(__name__)

SPARE_BYTES = 500_000_000
"""What a fetch leaves free: the database grows, and a full disk stops more than this."""

Tell = Callable[[Gauge], None]


class ModelSource(Protocol):
    """Where models come from; every method raises SourceError."""

    piece_bytes: int

    async def snapshot(self, place: str, revision: str) -> ModelSnapshot:
        """Say which commit a revision is, and which files it has."""

    async def piece(self, place: str, revision: str, path: str, start: int, stop: int) -> bytes:
        """Give the bytes of a file from ``start`` up to ``stop``."""

    async def close(self) -> None:
        """Close what is open."""


class Fetch:
    """One try to fetch one model."""

    def __init__(self, offer: Offer, source: ModelSource, folder: ModelFolder, clock: Clock, tell: Tell) -> None:
        self._offer = offer
        self._source = source
        self._folder = folder
        self._clock = clock
        self._tell = tell

    async def run(self) -> ModelSnapshot:
        """Fetch what is missing.

        Raises: SourceError if it cannot be had; EmbeddingError if it is no model; StoreError if it cannot be kept.
        """
        published = await self._published()
        snapshot = ModelSnapshot(published.revision, self._offer.chosen(published.files))
        await asyncio.to_thread(self._folder.pin, self._offer.name, snapshot.revision)
        gauge = await asyncio.to_thread(self._begin, snapshot)
        self._tell(gauge)
        for file in snapshot.files:
            await self._bring(snapshot.revision, file, gauge)
        await asyncio.to_thread(self._folder.seal, self._offer.name, snapshot)
        log.info("%s is here: revision %s of %s", self._offer.name, snapshot.revision[:12], self._offer.place)
        return snapshot

    async def _published(self) -> ModelSnapshot:
        """Ask for the revision whose parts are here; if it is gone, or there are none, for the one that is offered."""
        place, pinned = self._offer.place, await asyncio.to_thread(self._folder.pinned, self._offer.name)
        if pinned and not self._offer.is_local:
            try:
                return await self._source.snapshot(place, pinned)
            except SourceUnknown:
                log.info("revision %s of %s is gone, the present one is fetched", pinned[:12], place)
        return await self._source.snapshot(place, self._offer.revision)

    def _begin(self, snapshot: ModelSnapshot) -> Gauge:
        """Count what is here. Raises StoreError if there is no room for the rest."""
        have = sum(self._folder.part_size(self._offer.name, file) for file in snapshot.files)
        missing, free = snapshot.size_bytes - have, self._folder.free_bytes()
        if missing and missing + SPARE_BYTES > free:
            raise StoreError(
                f"{self._offer.name} does not fit: {_megabytes(missing)} are missing, {_megabytes(free)} are free",
                hint=f"Make room on the disk of the data folder, {_megabytes(SPARE_BYTES)} more than is missing.",
            )
        return Gauge("bytes", snapshot.size_bytes, have, self._clock())

    async def _bring(self, revision: str, file: ModelFile, gauge: Gauge) -> None:
        """Make sure of one file; one that turns out to be damaged is fetched a second time."""
        name, before = self._offer.name, await self._here(file)
        if await asyncio.to_thread(self._folder.keep_if_sound, name, file):
            return
        gauge.done -= before - await self._here(file)
        for _ in range(2):
            await self._pieces(revision, file, gauge)
            if await asyncio.to_thread(self._folder.finish, name, file):
                return
            gauge.done -= file.size_bytes
            log.warning("%s of %s came damaged", file.path, self._offer.place)
        raise SourceBroken(
            self._offer.place, f"gives a damaged {file.path}", hint="A proxy may change what it passes on; try again."
        )

    async def _here(self, file: ModelFile) -> int:
        return await asyncio.to_thread(self._folder.part_size, self._offer.name, file)

    async def _pieces(self, revision: str, file: ModelFile, gauge: Gauge) -> None:
        """Fetch the rest of a file, piece by piece."""
        start = await self._here(file)
        while start < file.size_bytes:
            stop = min(file.size_bytes, start + self._source.piece_bytes)
            content = await self._source.piece(self._offer.place, revision, file.path, start, stop)
            await asyncio.to_thread(self._folder.append, self._offer.name, file, content)
            start, gauge.done = stop, gauge.done + len(content)
            self._tell(gauge)


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.0f} MB"
