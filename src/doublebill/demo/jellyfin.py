"""Jellyfin 12, played from the state of a `JellyfinWorld`: its strict sign-in, its people, and its items.

Left out is what no client of ours asks for: pictures, streams, sessions, and box sets (into which the real server folds
films when it is asked without a user).
"""

from typing import Final
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from doublebill.demo import jellyfin_bodies as bodies
from doublebill.demo.jellyfin_query import ItemQuery, read_query
from doublebill.demo.jellyfin_world import JellyfinItem, JellyfinWorld, UserData
from doublebill.demo.service import DemoService, Json, Refusal

JELLYFIN_KEY: Final = "demo00000000000000000000jellyfin"
"""The API key of the played Jellyfin."""

_OPEN_PATHS = ("/System/Info/Public",)


class DemoJellyfin(DemoService):
    """Play Jellyfin; an ASGI app. What happens to `world` is seen by the next request."""

    def __init__(self, world: JellyfinWorld, *, key: str = JELLYFIN_KEY) -> None:
        super().__init__(self._routes())
        self.world = world
        self._key = key

    def gate(self, request: Request) -> Refusal | None:
        """Let in by `Authorization: MediaBrowser Token=...` or `?ApiKey=`; every older way is off in 12."""
        is_open = request.url.path in _OPEN_PATHS or self._key in (_token(request), _query_key(request))
        return None if is_open else Refusal(401)

    def _routes(self) -> list[Route]:
        return [
            Route("/System/Info/Public", self._public_info),
            Route("/System/Info", self._info),
            Route("/Users", self._users),
            Route("/Users/Me", self._me),
            Route("/Library/VirtualFolders", self._virtual_folders),
            Route("/Items", self._items),
        ]

    async def _public_info(self, _request: Request) -> Response:
        return JSONResponse(bodies.PUBLIC_INFO)

    async def _info(self, _request: Request) -> Response:
        return JSONResponse(bodies.PRIVATE_INFO)

    async def _users(self, _request: Request) -> Response:
        return JSONResponse([bodies.user_body(person_id, name) for person_id, name in self.world.people.items()])

    async def _me(self, _request: Request) -> Response:
        # An API key has no user of its own.
        return _error(400)

    async def _virtual_folders(self, _request: Request) -> Response:
        return JSONResponse(bodies.virtual_folders())

    async def _items(self, request: Request) -> Response:
        query = read_query(request)
        if query.user_id is not None and query.user_id not in self.world.people:
            return _error(404)
        if query.filters and query.user_id is None:
            # The real server dereferences the missing user.
            return _error(500)
        if not query.is_recursive and query.parent_id is None and not query.item_ids:
            folders = bodies.library_items() if not query.item_types else []
            return _answer(query.page(folders), len(folders), query)
        rows = query.sorted(self._rows(query))
        shown = [self._body(item, data, query) for item, data in query.page(rows)]
        return _answer(shown, len(rows), query)

    def _rows(self, query: ItemQuery) -> list[tuple[JellyfinItem, UserData]]:
        items = [item for item in self.world.items.values() if query.allows(item) and _lies_in(item, query.parent_id)]
        rows = [(item, self._data(item, query)) for item in items]
        return [row for row in rows if query.wants(row[1])]

    def _data(self, item: JellyfinItem, query: ItemQuery) -> UserData:
        return UserData() if query.user_id is None else self.world.user_data(query.user_id, item.item_id)

    def _body(self, item: JellyfinItem, data: UserData, query: ItemQuery) -> Json:
        is_shown = query.user_id is not None and query.shows_user_data
        return bodies.item_body(item, data if is_shown else None, query.fields)


def _token(request: Request) -> str | None:
    """Read the token out of `MediaBrowser Token="..", Client=".."`; quotes are optional and values URL-encoded."""
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "mediabrowser":
        return None
    pairs = (part.partition("=") for part in rest.split(","))
    return {name.strip(): unquote_plus(value.strip().strip('"')) for name, _, value in pairs}.get("Token")


def _query_key(request: Request) -> str | None:
    return next((value for name, value in request.query_params.multi_items() if name.lower() == "apikey"), None)


def _error(status: int) -> Response:
    return PlainTextResponse("Error processing request.", status_code=status)


def _lies_in(item: JellyfinItem, parent_id: str | None) -> bool:
    if parent_id in bodies.LIBRARIES:
        return (bodies.LIBRARIES[parent_id][1] == "movies") == (item.item_type == "Movie")
    return parent_id in (None, item.series_id)


def _answer(shown: list[Json], total: int, query: ItemQuery) -> Response:
    counted = total if query.counts_total else 0
    return JSONResponse({"Items": shown, "TotalRecordCount": counted, "StartIndex": query.start_index})
