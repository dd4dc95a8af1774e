"""Posters from the folder, else from TMDB: asked for once however many wait, and not at all while there is no answer.

A page asks for a hundred posters at a time. When the image service is away they must fail at once and not one after the
other, so after two requests in a row that nobody answered all rest for a minute; a picture that cannot be had rests for
a minute by itself.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from doublebill.errors import DoublebillError, NotFound, SourceError, SourceUnknown, SourceUnreachable, StoreError
from doublebill.model import PictureKey
from doublebill.sources.tmdb_images import PACE, Picture, TmdbImages, image_type_of
from doublebill.store.pictures import PictureFolder
from doublebill.sync.progress import Clock

log = logging.getLogger(__name__)

REST = timedelta(minutes=1)
AWAY_AFTER = 2
"""How many requests in a row bring no answer before nobody asks any more; one may be a stray."""

MOST_REMEMBERED = 2_000


class Gallery:
    """Give pictures of TMDB to all who ask; it belongs to the event loop of its first request."""

    def __init__(self, open_images: Callable[[], TmdbImages], folder: PictureFolder, clock: Clock) -> None:
        """Open nothing yet; ``open_images`` may raise ConfigError, each time a picture is asked for."""
        self._open_images = open_images
        self._folder = folder
        self._clock = clock
        self._images: TmdbImages | None = None
        self._slots = asyncio.Semaphore(PACE.connections)
        self._under_way: dict[PictureKey, asyncio.Task[Picture]] = {}
        self._failures: dict[PictureKey, tuple[datetime, DoublebillError]] = {}
        self._silences = 0
        self._away: tuple[datetime, DoublebillError] | None = None

    async def picture(self, key: PictureKey) -> Picture:
        """Give a picture; whoever goes away meanwhile does not stop it for the others.

        Raises: NotFound if TMDB does not have it; SourceError, ConfigError.
        """
        task = self._under_way.get(key)
        if task is None:
            task = self._under_way[key] = asyncio.create_task(self._find(key), name=f"picture {key}")
            task.add_done_callback(lambda done: self._clear(key, done))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Stop what is under way and close the connections."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._images:
            await self._images.close()

    def _clear(self, key: PictureKey, done: "asyncio.Task[Picture]") -> None:
        del self._under_way[key]
        if not done.cancelled():
            done.exception()  # looked at, so that asyncio does not complain where everybody has gone away

    async def _find(self, key: PictureKey) -> Picture:
        content = await asyncio.to_thread(self._kept, key)
        image_type = image_type_of(content) if content else None
        if content and image_type:
            return Picture(image_type, content)
        picture = await self._fetch(key)
        await asyncio.to_thread(self._keep, key, picture.content)
        return picture

    async def _fetch(self, key: PictureKey) -> Picture:
        """Ask TMDB, when it is this one's turn and there is hope."""
        self._images = self._images or self._open_images()
        async with self._slots:
            self._raise_remembered(key)
            try:
                picture = await self._images.picture(key)
            except SourceError as error:
                raise self._remembered(key, error) from error
            self._silences = 0
            return picture

    def _raise_remembered(self, key: PictureKey) -> None:
        for found in (self._away, self._failures.get(key)):
            if found and self._clock() - found[0] < REST:
                raise found[1].with_traceback(None)  # raised again and again, it would collect a trace each time

    def _remembered(self, key: PictureKey, error: SourceError) -> DoublebillError:
        now = self._clock()
        failure = NotFound(f"TMDB has no picture {key}") if isinstance(error, SourceUnknown) else error
        self._silences = self._silences + 1 if isinstance(error, SourceUnreachable) else 0
        if self._silences >= AWAY_AFTER:
            self._away = now, failure
            log.info("%s; no more pictures are asked for in the next minute", error.message)
        if len(self._failures) >= MOST_REMEMBERED:
            self._failures.clear()
        self._failures[key] = now, failure
        return failure

    def _kept(self, key: PictureKey) -> bytes | None:
        try:
            return self._folder.get(key)
        except StoreError as error:
            log.warning("A picture cannot be read: %s", error.message)
            return None

    def _keep(self, key: PictureKey, content: bytes) -> None:
        try:
            self._folder.put(key, content)
        except StoreError as error:  # it is shown all the same
            log.warning("A picture cannot be kept: %s", error.message)
