"""GET /images/{size}/{name}: posters and backdrops of TMDB from this server, so that no browser has to ask TMDB.

Size and name come from outside and end up in a path and in an address, so they pass one narrow gate before anything
else happens: known sizes, letters and digits, one ending.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from doublebill.errors import NotFound
from doublebill.model import PICTURE_NAME, PictureKey, PictureSize
from doublebill.store.pictures import KEPT_FOR
from doublebill.sync.pictures import Gallery
from doublebill.web.problems import documented

router = APIRouter(tags=["titles"])

CACHE_CONTROL = f"private, max-age={int(KEPT_FOR.total_seconds())}, immutable"
"""A name of TMDB always means the same picture; private, since a password may stand before it."""

PictureName = Annotated[str, Path(pattern=f"^{PICTURE_NAME.pattern}$", examples=["x2LSRK2Cm7MZhjluni1msVJ3wDF.jpg"])]


class PictureResponse(Response):
    """A picture; of which type is known when it is there."""

    media_type = "image/*"


@router.get("/images/{size}/{name}", response_class=PictureResponse, responses=documented(404, 409, 422, 502, 504))
async def picture(request: Request, size: PictureSize, name: PictureName) -> Response:
    """Give a picture by the `poster_path` or `backdrop_path` of a title, without its slash."""
    key = PictureKey(size, name)
    gallery: Gallery | None = request.app.state.gallery
    if gallery is None:
        raise NotFound("There are no pictures here", hint="The demo fetches nothing; its posters are drawn.")
    found = await gallery.picture(key)
    return Response(found.content, media_type=found.image_type, headers={"Cache-Control": CACHE_CONTROL})
