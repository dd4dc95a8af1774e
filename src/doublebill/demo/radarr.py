"""Radarr v3, played: a library of films, look-ups, and a POST that checks what the real one checks.

Metadata comes from the demo's catalogue. A film that is added with a search goes straight to the queue; whether it
arrives is for the owner of the state to say (`finish_download`).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from doublebill.demo.catalogue import CatalogueTitle
from doublebill.demo.radarr_bodies import HeldMovie, held_body, unheld_body
from doublebill.demo.search import TitleSearch
from doublebill.demo.servarr import DemoServarr, Download, ServarrSettings, Wish, folder_name
from doublebill.demo.servarr_input import ReadBody, failure, plain_refusal, read_body, refuse_if, unreadable
from doublebill.demo.service import Json, Refusal
from doublebill.model import Kind

RADARR_KEY: Final = "demo00000000000000000000000radarr"
"""The API key of the played Radarr."""

_AVAILABILITIES = ("tba", "announced", "inCinemas", "released", "deleted")
_MONITORS = ("movieOnly", "movieAndCollection", "none")
_LOOKUP_LENGTH = 20


class DemoRadarr(DemoServarr):
    """Play Radarr; an ASGI app.

    Args:
        titles: What its metadata service knows; series are passed over.
        settings: Root folders, profiles and tags.
        clock: Gives the moment at which something is added, aware.
        key: The API key that is let in.
    """

    app_name = "Radarr"
    version = "6.0.3.10101"
    exclusions_path = "/api/v3/exclusions"

    def __init__(
        self,
        titles: Sequence[CatalogueTitle],
        settings: ServarrSettings,
        clock: Callable[[], datetime],
        *,
        key: str = RADARR_KEY,
    ) -> None:
        super().__init__(self._own_routes(), settings, clock, key)
        films = [title for title in titles if title.key.kind is Kind.MOVIE]
        self._films = {film.key.tmdb_id: film for film in films}
        self._by_imdb_id = {film.imdb_id: film for film in films if film.imdb_id}
        self._search = TitleSearch(films)
        self.movies: dict[int, HeldMovie] = {}

    def hold(self, tmdb_id: int, *, has_file: bool = True, path: str | None = None) -> HeldMovie:
        """Put a film of the catalogue into the library, by default with its file."""
        film = self._films[tmdb_id]
        folder = path or f"{next(iter(self.settings.root_folders))}/{folder_name(film.title, film.year)}"
        return self._keep(HeldMovie(self._next_id(), film, folder, self.clock(), has_file=has_file))

    def start_download(self, tmdb_id: int, *, done: float = 0.0) -> None:
        """Put a film of the library into the queue, of which the share `done` (0..1) has come."""
        movie = self.held(tmdb_id)
        left = round(movie.full_size * (1 - done))
        self.downloads[movie.movie_id] = Download(movie.movie_id, movie.title.title, movie.full_size, left)

    def finish_download(self, tmdb_id: int) -> None:
        """Let a film arrive: out of the queue, with a file."""
        movie = self.held(tmdb_id)
        self.downloads.pop(movie.movie_id, None)
        self._keep(replace(movie, has_file=True))

    def held(self, tmdb_id: int) -> HeldMovie:
        """Give a film of the library.

        Raises: KeyError if it is not there.
        """
        return {movie.title.key.tmdb_id: movie for movie in self.movies.values()}[tmdb_id]

    def excluded_body(self, body: ReadBody) -> tuple[int, Json]:
        """Read an exclusion: {tmdbId, movieTitle, movieYear}."""
        tmdb_id, title = body.integer("tmdbId"), body.text("movieTitle")
        if tmdb_id <= 0 or not title:
            raise Refusal(400, [failure("TmdbId", "'Tmdb Id' must not be empty.", tmdb_id, "NotEmptyValidator")])
        return tmdb_id, {"tmdbId": tmdb_id, "movieTitle": title, "movieYear": body.integer("movieYear")}

    def queue_body(self, queue_id: int, download: Download) -> Json:
        """Give an entry of the queue."""
        return {"movieId": download.held_id} | download.body(queue_id)

    def _own_routes(self) -> list[Route]:
        return [
            Route("/api/v3/movie", self._list),
            Route("/api/v3/movie", self._add, methods=["POST"]),
            Route("/api/v3/movie/lookup", self._lookup),
            Route("/api/v3/movie/lookup/tmdb", self._lookup_tmdb),
            Route("/api/v3/movie/{movie_id:int}", self._show),
            Route("/api/v3/movie/{movie_id:int}", self._delete, methods=["DELETE"]),
        ]

    async def _list(self, request: Request) -> Response:
        wanted = request.query_params.get("tmdbId")
        found = [movie for movie in self.movies.values() if wanted in (None, "", str(movie.title.key.tmdb_id))]
        return JSONResponse([held_body(movie) for movie in found])

    async def _show(self, request: Request) -> Response:
        movie = self.movies.get(request.path_params["movie_id"])
        if movie is None:
            raise Refusal(404, {"type": "about:blank", "title": "Not Found", "status": 404})
        return JSONResponse(held_body(movie))

    async def _delete(self, request: Request) -> Response:
        movie_id = request.path_params["movie_id"]
        if movie_id not in self.movies:
            raise plain_refusal(404, f"Movie with ID {movie_id} does not exist")
        film = self.movies.pop(movie_id).title
        self.downloads.pop(movie_id, None)
        if request.query_params.get("addImportExclusion", "").lower() == "true":
            body: Json = {"tmdbId": film.key.tmdb_id, "movieTitle": film.title, "movieYear": film.year or 0}
            self.exclude(film.key.tmdb_id, body)
        return Response()

    async def _lookup(self, request: Request) -> Response:
        found = self._films_for(request.query_params.get("term", ""))
        return JSONResponse([self._lookup_body(film) for film in found[:_LOOKUP_LENGTH]])

    async def _lookup_tmdb(self, request: Request) -> Response:
        wanted = request.query_params.get("tmdbId", "")
        if not wanted.isdecimal():
            raise unreadable("tmdbId", f"The value '{wanted}' is not valid.")
        if int(wanted) not in self._films:
            # The real one does not map this error either: it should be a 404 and is a 500.
            raise plain_refusal(500, f"Movie with tmdbId {wanted} was not found, it may have been removed from TMDb.")
        return JSONResponse(self._lookup_body(self._films[int(wanted)]))

    def _films_for(self, term: str) -> list[CatalogueTitle]:
        prefix, _, wanted = term.strip().partition(":")
        if prefix.lower() in ("tmdb", "tmdbid"):
            film = self._films.get(int(wanted)) if wanted.strip().isdecimal() else None
        elif prefix.lower() in ("imdb", "imdbid"):
            film = self._by_imdb_id.get(wanted.strip())
        else:
            return self._search.find(term)
        return [film] if film else []

    def _lookup_body(self, film: CatalogueTitle) -> Json:
        held = next((movie for movie in self.movies.values() if movie.title is film), None)
        body = held_body(held) if held else unheld_body(film)
        return body | {"isExcluded": True} if film.key.tmdb_id in self.exclusions else body

    async def _add(self, request: Request) -> Response:
        body = await read_body(request)
        wish, tmdb_id = self.read_wish(body, monitored=True), body.integer("tmdbId")
        availability = body.choice("minimumAvailability", _AVAILABILITIES, "released")
        options = body.inner("addOptions")
        monitored = options.choice("monitor", _MONITORS, "movieOnly") != "none" and wish.monitored
        refuse_if([*self.wish_failures(wish), *self._id_failures(tmdb_id, body.text("title"))])
        movie = self._wished(wish, tmdb_id)
        movie = self._keep(replace(movie, minimum_availability=availability, monitored=monitored))
        if options.boolean("searchForMovie", absent=False):
            self.start_download(tmdb_id)
        return JSONResponse(held_body(movie), 201, {"Location": f"/api/v3/movie/{movie.movie_id}"})

    def _id_failures(self, tmdb_id: int, title: str) -> list[Json]:
        if tmdb_id <= 0:
            untitled = [] if title else [failure("Title", "'Title' must not be empty.", title, "NotEmptyValidator")]
            return [*untitled, failure("TmdbId", "'Tmdb Id' must not be empty.", tmdb_id, "NotEmptyValidator")]
        if any(movie.title.key.tmdb_id == tmdb_id for movie in self.movies.values()):
            return [failure("TmdbId", "This movie has already been added", tmdb_id, "MovieExistsValidator")]
        return []

    def _wished(self, wish: Wish, tmdb_id: int) -> HeldMovie:
        film = self._films.get(tmdb_id)
        if film is None:
            message = f"A movie with this ID was not found. Path: {wish.path}"
            raise Refusal(400, [failure("TmdbId", message, tmdb_id)])
        path = wish.path or f"{wish.root_folder.rstrip('/')}/{folder_name(film.title, film.year)}"
        if any(movie.path == path for movie in self.movies.values()):
            message = f"Path '{path}' is already configured for an existing movie"
            refuse_if([failure("Path", message, path, "MoviePathValidator")])
        return HeldMovie(self._next_id(), film, path, self.clock(), wish.profile_id, tags=wish.tags)

    def _next_id(self) -> int:
        return max(self.movies, default=0) + 1

    def _keep(self, movie: HeldMovie) -> HeldMovie:
        self.movies[movie.movie_id] = movie
        return movie
