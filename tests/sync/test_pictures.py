"""Posters for all: asked for once, kept, and given up at once while the service is away."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.responses import Response

from doublebill.demo.images import IMAGES_URL, DemoImages, drawn
from doublebill.errors import NotFound, SourceBroken, SourceError, SourceUnreachable, StoreError
from doublebill.model import PictureKey
from doublebill.sources.http import in_process
from doublebill.sources.tmdb_images import PACE, open_tmdb_images
from doublebill.store.pictures import PictureFolder
from doublebill.sync.pictures import AWAY_AFTER, MOST_REMEMBERED, Gallery
from sync.house import Clock, Line, answer, dead_line

pytestmark = pytest.mark.anyio

NAMES = [f"poster{number:06}.jpg" for number in range(100)]
KEYS = [PictureKey("w342", name) for name in NAMES]


class Service:
    """The played image service with a line to it, and galleries on it."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.line = Line(DemoImages(NAMES))
        self.folder = PictureFolder(folder, 10_000_000, self.clock)

    def gallery(self, folder=None) -> Gallery:
        def opened():
            return open_tmdb_images(url=IMAGES_URL, transport=in_process(self.line))

        return Gallery(opened, folder or self.folder, self.clock)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path)


async def failing(gallery: Gallery, key: PictureKey, kind: type[Exception] = SourceError) -> Exception:
    with pytest.raises(kind) as error:
        await gallery.picture(key)
    return error.value


async def test_a_picture_is_fetched_once_and_then_comes_from_the_folder(service):
    for gallery in (service.gallery(), service.gallery()):
        for _ in range(2):
            picture = await gallery.picture(KEYS[0])
            assert (picture.image_type, picture.content) == ("image/png", drawn(342, NAMES[0]))
        await gallery.close()
    assert service.line.calls == [f"/t/p/w342/{NAMES[0]}"]


async def test_however_many_ask_at_the_same_time_the_service_is_asked_once(service):
    gallery = service.gallery()
    pictures = await asyncio.gather(*(gallery.picture(KEYS[0]) for _ in range(50)))
    assert len(set(pictures)) == 1
    assert len(service.line.calls) == 1


async def test_only_a_few_are_fetched_at_the_same_time(service):
    under_way, most = 0, 0

    async def slow(scope, receive, send):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1
        await Response(drawn(92, "x"), media_type="image/png")(scope, receive, send)

    service.line.fault = lambda _: slow
    gallery = service.gallery()
    await asyncio.gather(*map(gallery.picture, KEYS))
    assert 1 < most <= PACE.connections


async def test_while_the_service_is_away_a_page_of_posters_fails_at_once(service):
    service.line.fault = lambda _: dead_line
    gallery = service.gallery()
    failures = await asyncio.gather(*map(gallery.picture, KEYS), return_exceptions=True)
    assert {type(failure) for failure in failures} == {SourceUnreachable}
    assert len(service.line.calls) <= PACE.connections
    service.line.fault = lambda _: None
    await failing(gallery, PictureKey("w92", NAMES[0]), SourceUnreachable)
    service.clock.pass_time(seconds=60)
    assert await gallery.picture(KEYS[0])


async def test_one_stray_failure_does_not_stop_the_others(service):
    assert AWAY_AFTER == 2
    gallery = service.gallery()
    for key, other in zip(KEYS[0:6:2], KEYS[1:6:2], strict=True):
        service.line.fault = lambda _: dead_line
        await failing(gallery, key, SourceUnreachable)
        service.line.fault = lambda _: None
        assert await gallery.picture(other)


@pytest.mark.parametrize(("status", "kind"), [(404, NotFound), (500, SourceBroken), (403, SourceError)])
async def test_a_picture_that_cannot_be_had_is_not_asked_for_again_in_the_next_minute(service, status, kind):
    service.line.fault = lambda _: answer(status, {})
    gallery = service.gallery()
    for _ in range(3):
        await failing(gallery, KEYS[0], kind)
    assert len(service.line.calls) == 1
    service.line.fault = lambda _: None
    assert await gallery.picture(KEYS[1])
    service.clock.now += timedelta(minutes=1)
    assert await gallery.picture(KEYS[0])


async def test_failures_are_not_remembered_without_end(service):
    service.line.fault = lambda _: answer(404, {})
    gallery = service.gallery()
    keys = [PictureKey("w92", f"missing{number:07}.jpg") for number in range(MOST_REMEMBERED + 1)]
    await asyncio.gather(*map(gallery.picture, keys), return_exceptions=True)
    await failing(gallery, keys[0], NotFound)
    assert len(service.line.calls) == MOST_REMEMBERED + 2


class BrokenFolder(PictureFolder):
    def get(self, key):
        raise StoreError("the disk cannot be read")

    def put(self, key, content):
        raise StoreError("the disk is full")


async def test_a_folder_that_fails_does_not_take_the_picture_away(service, tmp_path, caplog):
    gallery = service.gallery(BrokenFolder(tmp_path, 1, service.clock))
    assert (await gallery.picture(KEYS[0])).content == drawn(342, NAMES[0])
    assert "cannot be read" in caplog.text
    assert "disk is full" in caplog.text


async def test_a_spoilt_file_is_fetched_again(service):
    service.folder.put(KEYS[0], b"")
    assert (await service.gallery().picture(KEYS[0])).content == drawn(342, NAMES[0])
    assert service.folder.get(KEYS[0]) == drawn(342, NAMES[0])


async def test_whoever_goes_away_does_not_stop_the_picture_for_the_others(service):
    gallery = service.gallery()
    leaving, staying = (asyncio.create_task(gallery.picture(KEYS[0])) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).content
    assert leaving.cancelled()
    assert len(service.line.calls) == 1


async def test_a_failure_that_nobody_waits_for_any_more_is_no_complaint(service, caplog):
    service.line.fault = lambda _: dead_line
    gallery = service.gallery()
    alone = asyncio.create_task(gallery.picture(KEYS[0]))
    await asyncio.sleep(0)
    alone.cancel()
    await asyncio.wait([alone])
    await failing(gallery, KEYS[0], SourceUnreachable)
    assert "never retrieved" not in caplog.text


async def test_at_the_end_nothing_stays_under_way(service):
    is_asked = asyncio.Event()

    async def hold(scope, receive, send):
        is_asked.set()
        await asyncio.Event().wait()

    service.line.fault = lambda _: hold
    gallery = service.gallery()
    waiting = asyncio.create_task(gallery.picture(KEYS[0]))
    await is_asked.wait()
    await gallery.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("picture")]
