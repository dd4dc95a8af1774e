"""The image service that is played, asked by the client of the real one."""

import pytest

from doublebill.demo.images import IMAGES_URL, DemoImages, drawn
from doublebill.errors import SourceUnknown
from doublebill.model import PICTURE_SIZES, PictureKey
from doublebill.sources.http import in_process
from doublebill.sources.tmdb_images import Picture, open_tmdb_images

pytestmark = pytest.mark.anyio

NAME = "abcDEF0123456789.jpg"


@pytest.mark.parametrize("size", PICTURE_SIZES)
async def test_a_picture_that_it_knows_comes_in_every_size(size):
    images = open_tmdb_images(url=IMAGES_URL, transport=in_process(DemoImages([NAME])))
    assert await images.picture(PictureKey(size, NAME)) == Picture("image/png", drawn(int(size[1:]), NAME))


async def test_a_picture_that_it_does_not_know_is_refused():
    images = open_tmdb_images(url=IMAGES_URL, transport=in_process(DemoImages([NAME])))
    with pytest.raises(SourceUnknown):
        await images.picture(PictureKey("w342", "unknown000.jpg"))


def test_each_picture_is_its_own():
    assert drawn(92, "one") == drawn(92, "one") != drawn(92, "another")
