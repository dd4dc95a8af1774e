"""TMDB v3, played from a catalogue: details, lists, search, discovery, and its refusals.

It keeps no state but the moments that the optional rate limit needs, so one instance can serve a benchmark. What a
reader may question: `trending`, `now_playing` and `on_the_air` are computed for one day given at the start, because a
catalogue that stands still has no news of its own.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from doublebill.demo import tmdb_bodies as bodies
from doublebill.demo.catalogue import CatalogueTitle
from doublebill.demo.genres import GENRES
from doublebill.demo.neighbours import CatalogueNeighbours, NeighbourSource
from doublebill.demo.rate_limit import RateLimit
from doublebill.demo.service import DemoService, Json, Refusal
from doublebill.demo.tmdb_discover import discover
from doublebill.demo.tmdb_index import PersonFound, TmdbIndex
from doublebill.model import Kind, TitleKey

TMDB_KEY: Final = "demo0000000000000000000000000000"
"""The key of the played TMDB, in the form of a v3 key; as a bearer token it works too."""

Found = TypeVar("Found")

_MAX_PAGE = 500
_MAX_APPENDED = 20
_EXTERNAL_SOURCES = ("imdb_id", "tvdb_id", "wikidata_id", "facebook_id", "instagram_id", "twitter_id")
_TRENDING_HALF_LIFE_DAYS = {"day": 1000, "week": 3000}


class DemoTmdb(DemoService):
    """Play TMDB with a catalogue; an ASGI app.

    Args:
        titles: What TMDB knows; 11,000 titles are fine.
        neighbours: Gives the lists of a title (a mapping's `__getitem__`, say); None computes them from the catalogue.
        today: The day of `trending` and the new releases; None takes the newest day of the catalogue.
        key: The v3 key or read token that is let in.
        rate_limit: Answers 429, as TMDB's edge does without Retry-After, to what exceeds it; None lets all through.
    """

    def __init__(
        self,
        titles: Sequence[CatalogueTitle],
        neighbours: NeighbourSource | None = None,
        *,
        today: date | None = None,
        key: str = TMDB_KEY,
        rate_limit: RateLimit | None = None,
    ) -> None:
        super().__init__(self._routes())
        self._index = TmdbIndex(titles, today)
        self._neighbours = neighbours or CatalogueNeighbours(titles)
        self._key = key
        self._rate_limit = rate_limit

    def gate(self, request: Request) -> Refusal | None:
        """Refuse a wrong key, then too many requests; what a path is, is only told to who has a key."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        given = token.strip() if scheme.lower() == "bearer" else request.query_params.get("api_key")
        if given != self._key:
            return _refusal(401, 7, "Invalid API key: You must be granted a valid key.")
        if self._rate_limit and not self._rate_limit.passes():
            limit = self._rate_limit.per_second
            return _refusal(429, 25, f"Your request count ({limit + 1}) is over the allowed limit of {limit}.")
        return None

    def missing(self) -> Refusal:
        """Give TMDB's answer to what it does not have."""
        return _refusal(404, 34, "The resource you requested could not be found.")

    def _routes(self) -> list[Route]:
        return [
            Route("/3/authentication", self._authentication),
            Route("/3/configuration", self._configuration),
            Route("/3/genre/{kind}/list", self._genre_list),
            Route("/3/find/{external_id}", self._find),
            Route("/3/search/person", self._search_people),
            Route("/3/search/multi", self._search_multi),
            Route("/3/search/{kind}", self._search_titles),
            Route("/3/person/{person_id:int}/combined_credits", self._combined_credits),
            Route("/3/trending/{kind}/{window}", self._trending),
            Route("/3/movie/now_playing", self._now_playing),
            Route("/3/tv/on_the_air", self._on_the_air),
            Route("/3/discover/{kind}", self._discover),
            Route("/3/{kind}/{title_id}", self._details),
            Route("/3/{kind}/{title_id}/{part}", self._part),
        ]

    async def _authentication(self, _request: Request) -> JSONResponse:
        return JSONResponse({"success": True})

    async def _configuration(self, _request: Request) -> JSONResponse:
        return JSONResponse(bodies.CONFIGURATION)

    async def _genre_list(self, request: Request) -> JSONResponse:
        names = GENRES[self._kind(request)]
        return JSONResponse({"genres": [{"id": genre_id, "name": name} for name, genre_id in names.items()]})

    async def _find(self, request: Request) -> JSONResponse:
        source = request.query_params.get("external_source", "")
        if source not in _EXTERNAL_SOURCES:
            raise _invalid_parameters()
        found = self._index.by_external_id(source, request.path_params["external_id"])
        body: Json = {f"{group}_results": [] for group in ("movie", "person", "tv", "tv_episode", "tv_season")}
        for kind in Kind:
            body[f"{kind}_results"] = [bodies.typed_entry(title) for title in found if title.key.kind is kind]
        return JSONResponse(body)

    async def _search_people(self, request: Request) -> JSONResponse:
        return _page(request, self._index.people_named(_query(request)), bodies.person_found)

    async def _search_multi(self, request: Request) -> JSONResponse:
        query = _query(request)
        found: list[CatalogueTitle | PersonFound] = [
            *self._index.named(query, kind=None),
            *self._index.people_named(query),
        ]
        return _page(request, found, bodies.multi_entry)

    async def _search_titles(self, request: Request) -> JSONResponse:
        titles = _of_year(self._index.named(_query(request), self._kind(request)), request)
        return _page(request, titles, _entry_of(request))

    async def _combined_credits(self, request: Request) -> JSONResponse:
        wanted = request.path_params["person_id"]
        person = self._index.people.get(wanted)
        if person is None:
            raise self.missing()
        parts = [bodies.credit_entries(title, person.name) for title in person.titles]
        cast = [entry for entries, _ in parts for entry in entries]
        crew = [entry for _, entries in parts for entry in entries]
        return JSONResponse({"cast": cast, "crew": crew, "id": wanted})

    async def _trending(self, request: Request) -> JSONResponse:
        half_life_days = _TRENDING_HALF_LIFE_DAYS.get(request.path_params["window"])
        if half_life_days is None:
            raise self.missing()
        kind = None if request.path_params["kind"] == "all" else self._kind(request)
        return _page(request, self._index.trending(kind, half_life_days), _entry_of(request, typed=True))

    async def _now_playing(self, request: Request) -> JSONResponse:
        titles = self._index.newest(Kind.MOVIE)
        days = [title.released.isoformat() for title in titles if title.released]
        dates = {"maximum": max(days, default=""), "minimum": min(days, default="")}
        return _page(request, titles, _entry_of(request), {"dates": dates})

    async def _on_the_air(self, request: Request) -> JSONResponse:
        airing = [title for title in self._index.newest(Kind.TV) if title.status == "Returning Series"]
        return _page(request, airing, _entry_of(request))

    async def _discover(self, request: Request) -> JSONResponse:
        titles = self._index.of_kind(self._kind(request))
        try:
            found = discover(titles, request.query_params)
        except ValueError as error:
            raise _invalid_parameters() from error
        return _page(request, found, _entry_of(request))

    async def _details(self, request: Request) -> JSONResponse:
        title = self._title(request)
        parts = [part for part in request.query_params.get("append_to_response", "").split(",") if part]
        if len(parts) > _MAX_APPENDED:
            limit = f"The maximum number of remote calls is {_MAX_APPENDED}."
            raise _refusal(400, 27, f"Too many append to response objects: {limit}")
        appended = {part: self._part_body(request, title, part) for part in parts}
        body = bodies.details(title, translated=_translated(request))
        return JSONResponse(body | {part: value for part, value in appended.items() if value is not None})

    async def _part(self, request: Request) -> JSONResponse:
        title, part = self._title(request), request.path_params["part"]
        body = self._part_body(request, title, part)
        if body is None:
            raise self.missing()
        return JSONResponse(body if "page" in body else {"id": title.key.tmdb_id} | body)

    def _part_body(self, request: Request, title: CatalogueTitle, part: str) -> Json | None:
        """Give one part of a title, which stands alone or appended to its details; None if there is no such part."""
        match part:
            case "keywords":
                return bodies.keywords_body(title)
            case "credits":
                return bodies.credits_body(title)
            case "external_ids":
                return bodies.external_ids_body(title)
            case "videos":
                return bodies.videos_body(title, _video_languages(request))
            case "recommendations":
                known = self._index.known(self._neighbours(title.key).recommendations)
                return bodies.page_body(known, _page_number(request), _entry_of(request, typed=True))
            case "similar":
                known = self._index.known(self._neighbours(title.key).similar)
                return bodies.page_body(known, _page_number(request), _entry_of(request))
            case _:
                return None

    def _title(self, request: Request) -> CatalogueTitle:
        kind, wanted = self._kind(request), request.path_params["title_id"]
        if wanted.isdecimal():
            found = self._index.known([TitleKey(kind, int(wanted))])
        elif kind is Kind.MOVIE and wanted.startswith("tt"):
            found = self._index.by_external_id("imdb_id", wanted)
        else:
            raise _refusal(404, 6, "Invalid id: The pre-requisite id is invalid or not found.")
        if not found:
            raise self.missing()
        return found[0]

    def _kind(self, request: Request) -> Kind:
        try:
            return Kind(request.path_params["kind"])
        except ValueError as error:
            raise self.missing() from error


def _refusal(status: int, code: int, message: str) -> Refusal:
    return Refusal(status, {"success": False, "status_code": code, "status_message": message})


def _invalid_parameters() -> Refusal:
    return _refusal(422, 5, "Invalid parameters: Your request parameters are incorrect.")


def _page(
    request: Request, found: Sequence[Found], shape: Callable[[Found], Json], extra: Json | None = None
) -> JSONResponse:
    return JSONResponse(bodies.page_body(found, _page_number(request), shape) | (extra or {}))


def _page_number(request: Request) -> int:
    text = request.query_params.get("page", "1")
    if not text.isdecimal() or not 1 <= int(text) <= _MAX_PAGE:
        reason = f"Pages start at 1 and max at {_MAX_PAGE}. They are expected to be an integer."
        raise _refusal(400, 22, f"Invalid page: {reason}")
    return int(text)


def _entry_of(request: Request, *, typed: bool = False) -> Callable[[CatalogueTitle], Json]:
    translated = _translated(request)
    shape = bodies.typed_entry if typed else bodies.list_entry
    return lambda title: shape(title, translated=translated)


def _translated(request: Request) -> bool:
    return request.query_params.get("language", "en-US").lower().startswith("en")


def _video_languages(request: Request) -> set[str]:
    """Give the languages in which videos are asked for: those listed, else the one that all is asked for in."""
    listed = request.query_params.get("include_video_language")
    wanted = listed or request.query_params.get("language", "en-US").partition("-")[0]
    return {language.strip().lower() for language in wanted.split(",")}


def _query(request: Request) -> str:
    query = request.query_params.get("query", "")
    if not query.strip():
        raise _invalid_parameters()
    return query


def _of_year(titles: list[CatalogueTitle], request: Request) -> list[CatalogueTitle]:
    names = ("year", "primary_release_year", "first_air_date_year")
    year = next((request.query_params[name] for name in names if request.query_params.get(name)), None)
    return titles if year is None else [title for title in titles if str(title.year) == year]
