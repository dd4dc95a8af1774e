"""What is asked of TMDB: details with neighbours, ids from elsewhere, searches and lists of what is new.

One details call carries all that is wanted of a title (``append_to_response``). Lists name genres by number only; the
names are fetched once for each client and kind. The answers are never kept here: age limits are the store's business.
"""

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote

from doublebill.errors import SourceBroken, SourceUnknown
from doublebill.model import Kind, Title, TitleDetails, TitleKey
from doublebill.sources import tmdb_titles as titles
from doublebill.sources import tmdb_wire as wire
from doublebill.sources.address import clean_key
from doublebill.sources.http import ApiClient, KeyInQuery, Params, Transport, network
from doublebill.sources.pace import Pace
from doublebill.sources.tmdb_titles import Images
from doublebill.sources.tmdb_videos import languages_of
from doublebill.sources.wire import read

SOURCE = "TMDB"
URL = "https://api.themoviedb.org"
KEY_HINT = (
    "TMDB_API_KEY takes the API key (32 letters and digits) or the API read access token of your TMDB account: "
    "www.themoviedb.org/settings/api"
)
APPENDED = "keywords,credits,external_ids,recommendations,similar,videos"
LAST_PAGE = 500
"""TMDB counts far more pages than it gives (error 22 beyond this one)."""


DIRECTING = frozenset({"Director", "Creator"})


@dataclass(frozen=True, slots=True)
class TmdbPerson:
    """Somebody of the film world, by TMDB's id."""

    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Works:
    """The titles that somebody played in, and those that they directed (of a series: created)."""

    played: tuple[Title, ...]
    directed: tuple[Title, ...]


class Tmdb:
    """Ask TMDB, in one language. Every method raises SourceError of the kind that fits."""

    def __init__(
        self, client: ApiClient, language: str, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.client = client
        self._language = language
        self._clock = clock
        self._genres: dict[Kind, dict[int, str]] = {}
        self._genre_locks = {kind: asyncio.Lock() for kind in Kind}

    async def check(self) -> None:
        """Make sure that the key is taken.

        Raises: SourceRefused if it is not.
        """
        answer = await self.client.get("/3/authentication")
        if not isinstance(answer, dict) or answer.get("success") is False:
            raise SourceBroken(SOURCE, "does not say that the key is good", hint=KEY_HINT)

    async def details(self, key: TitleKey) -> TitleDetails:
        """Give all that is known of a title, and its neighbours, in one call.

        Raises: SourceUnknown if there is no such title, SourceBroken if the title itself comes without id or name.
        """
        params: Params = {
            "append_to_response": APPENDED,
            "language": self._language,
            "include_video_language": ",".join(languages_of(self._language)),
        }
        path = f"/3/{key.kind}/{key.tmdb_id}"
        answer = read(SOURCE, wire.Details, await self.client.get(path, params))
        await self._learn_genres([*answer.recommendations.results, *answer.similar.results], key.kind)
        return titles.details(key, answer, self._genres, self._clock(), language=self._language)

    async def find(self, kind: Kind, *, imdb_id: str | None = None, tvdb_id: int | None = None) -> TitleKey | None:
        """Give the title of that kind that has one of these ids, the IMDb id first; None where TMDB knows neither."""
        if imdb_id and (key := await self._find(imdb_id, "imdb_id", kind)):
            return key
        return await self._find(str(tvdb_id), "tvdb_id", kind) if tvdb_id else None

    async def search(self, query: str, kind: Kind, year: int | None = None) -> list[Title]:
        """Give the first page of titles whose name fits, best first; a blank query finds nothing and asks nothing."""
        if not query.strip():
            return []
        year_name = "year" if kind is Kind.MOVIE else "first_air_date_year"
        params: Params = {"query": query, year_name: year, "include_adult": False}
        return await self._list(f"/3/search/{kind}", kind, params)

    async def search_titles(self, query: str, *, pages: int = 1) -> list[Title]:
        """Give films and series whose name fits, best first; a blank query finds nothing and asks nothing."""
        params: Params = {"query": query, "include_adult": False}
        return await self._list("/3/search/multi", Kind.MOVIE, params, pages=pages) if query.strip() else []

    async def search_people(self, query: str) -> list[TmdbPerson]:
        """Give people whose name fits, the best known first."""
        params: Params = {"query": query, "include_adult": False, "language": self._language}
        answer = read(SOURCE, wire.People, await self.client.get("/3/search/person", params))
        return [TmdbPerson(one.id, one.name) for one in answer.results if one.id and one.name]

    async def works(self, person: TmdbPerson) -> Works:
        """Give what somebody played in and what they directed or created."""
        path = f"/3/person/{person.person_id}/combined_credits"
        answer = read(SOURCE, wire.Works, await self.client.get(path, {"language": self._language}))
        directed = [work for work in answer.crew if work.job in DIRECTING]
        await self._learn_genres([*answer.cast, *directed], Kind.MOVIE)
        played, made = (tuple(titles.listed(part, Kind.MOVIE, self._genres)) for part in (answer.cast, directed))
        return Works(played, made)

    async def trending(self, kind: Kind) -> list[Title]:
        """Give what is most watched and looked up this week."""
        return await self._list(f"/3/trending/{kind}/week", kind, {})

    async def now_playing(self, *, pages: int = 1) -> list[Title]:
        """Give the films that are in cinemas now."""
        return await self._list("/3/movie/now_playing", Kind.MOVIE, {}, pages=pages)

    async def on_the_air(self, *, pages: int = 1) -> list[Title]:
        """Give the series that have an episode this week."""
        return await self._list("/3/tv/on_the_air", Kind.TV, {}, pages=pages)

    async def discover(self, kind: Kind, since: date, until: date, *, pages: int = 1) -> list[Title]:
        """Give titles first released from one day to another, both included, most popular first."""
        released = "primary_release_date" if kind is Kind.MOVIE else "first_air_date"
        params: Params = {
            f"{released}.gte": since.isoformat(),
            f"{released}.lte": until.isoformat(),
            "sort_by": "popularity.desc",
            "include_adult": False,
        }
        return await self._list(f"/3/discover/{kind}", kind, params, pages=pages)

    async def configuration(self) -> Images:
        """Give where pictures are and in which sizes."""
        return titles.images(read(SOURCE, wire.ConfigurationAnswer, await self.client.get("/3/configuration")))

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def _find(self, external_id: str, source: str, kind: Kind) -> TitleKey | None:
        path = f"/3/find/{quote(external_id, safe='')}"
        try:
            answer = await self.client.get(path, {"external_source": source, "language": self._language})
        # An id that cannot be one is a 404 rather than an empty list; to the caller both say "not there".
        except SourceUnknown:
            return None
        return titles.found(read(SOURCE, wire.Found, answer), kind)

    async def _list(self, path: str, kind: Kind, params: Params, *, pages: int = 1) -> list[Title]:
        """Read a list page by page, up to ``pages``, its end, or the last page that TMDB gives."""
        entries: list[wire.Entry] = []
        for page in range(1, min(pages, LAST_PAGE) + 1):
            # The first page is asked for without a number: /trending has no such parameter in the specification.
            query = {**params, "language": self._language, "page": page if page > 1 else None}
            listing = read(SOURCE, wire.Listing, await self.client.get(path, query))
            entries += listing.entries
            if page >= (listing.total_pages or 1):
                break
        await self._learn_genres(entries, kind)
        return titles.listed(entries, kind, self._genres)

    async def _learn_genres(self, entries: Iterable[wire.Entry], kind: Kind) -> None:
        """Fetch the genre names that a list needs and we lack; callers at the same time share one fetch."""
        for needed in sorted(titles.kinds(entries, kind)):
            async with self._genre_locks[needed]:
                if needed not in self._genres:
                    answer = await self.client.get(f"/3/genre/{needed}/list", {"language": self._language})
                    self._genres[needed] = read(SOURCE, wire.GenreList, answer).names


def open_tmdb(
    key: str,
    *,
    url: str = URL,
    language: str = "en-US",
    rate_per_s: float | None = 35.0,
    transport: Transport | None = None,
    pace: Pace | None = None,
) -> Tmdb:
    """Give a client for a key of either kind; ``url`` is another address for mirrors and tests, with or without /3.

    ``pace`` is another one than that of a sync, with a rate of its own.

    A v4 read token travels in a header. A v3 key has to be a query parameter, the one exception to keys in headers:
    TMDB knows no header for it. It joins the request below all that logs or reports, see ``KeyInQuery``.

    Raises: ConfigError if key or address cannot be right.
    """
    key, base = clean_key(key.strip().removeprefix("Bearer "), SOURCE), url.strip().rstrip("/").removesuffix("/3")
    pace = pace or Pace(rate_per_s=rate_per_s, connections=16, timeout_s=20.0, attempts=5, max_wait_s=300.0)
    headers = {}
    if re.fullmatch(r"[0-9a-fA-F]{32}", key):
        transport = KeyInQuery(transport or network(SOURCE, base, pace), "api_key", key)
    else:
        headers = {"Authorization": f"Bearer {key}"}
    return Tmdb(ApiClient(SOURCE, base, headers=headers, pace=pace, transport=transport, key_hint=KEY_HINT), language)
