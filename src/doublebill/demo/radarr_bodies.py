"""The JSON of Radarr's films, in and outside its library."""

from dataclasses import dataclass
from datetime import datetime

from doublebill.demo.catalogue import CatalogueTitle
from doublebill.demo.ids import stable_id
from doublebill.demo.search import fold
from doublebill.demo.servarr import NEVER_ADDED, folder_name, midnight, moment
from doublebill.demo.service import Json

_BYTES_PER_MIN = 40_000_000


@dataclass(frozen=True, slots=True)
class HeldMovie:
    """A film that Radarr has, wanted or with a file."""

    movie_id: int
    title: CatalogueTitle
    path: str
    added_at: datetime
    profile_id: int = 4
    monitored: bool = True
    minimum_availability: str = "released"
    tags: tuple[int, ...] = ()
    has_file: bool = False

    @property
    def full_size(self) -> int:
        """The bytes that its file has, or will have."""
        return (self.title.runtime_min or 90) * _BYTES_PER_MIN


def held_body(movie: HeldMovie) -> Json:
    """Give a film of the library."""
    size = movie.full_size if movie.has_file else 0
    return _film_body(movie.title) | {
        "path": movie.path,
        "rootFolderPath": movie.path.rpartition("/")[0] + "/",
        "qualityProfileId": movie.profile_id,
        "monitored": movie.monitored,
        "minimumAvailability": movie.minimum_availability,
        "hasFile": movie.has_file,
        "sizeOnDisk": size,
        "tags": list(movie.tags),
        "added": moment(movie.added_at),
        "statistics": {"movieFileCount": int(movie.has_file), "sizeOnDisk": size, "releaseGroups": []},
        "id": movie.movie_id,
    }


def unheld_body(film: CatalogueTitle) -> Json:
    """Give a film as a look-up finds it outside the library: without an id."""
    return _film_body(film) | {
        "folder": folder_name(film.title, film.year),
        "qualityProfileId": 0,
        "monitored": False,
        "minimumAvailability": "tba",
        "hasFile": False,
        "sizeOnDisk": 0,
        "tags": [],
        "added": NEVER_ADDED,
    }


def _film_body(film: CatalogueTitle) -> Json:
    body: Json = {
        "title": film.title,
        "originalTitle": film.original_title or film.title,
        "sortTitle": fold(film.title),
        "cleanTitle": fold(film.title).replace(" ", ""),
        "titleSlug": str(film.key.tmdb_id),
        "status": "released",
        "isAvailable": True,
        "overview": film.overview,
        "images": [],
        "year": film.year or 0,
        "runtime": film.runtime_min or 0,
        "tmdbId": film.key.tmdb_id,
        "genres": list(film.genres),
        "ratings": {"tmdb": {"votes": film.vote_count, "value": film.vote_average, "type": "user"}},
        "popularity": film.popularity,
        "inCinemas": midnight(film.released),
        "imdbId": film.imdb_id,
        "collection": _collection(film.collection),
    }
    return {name: value for name, value in body.items() if value is not None}


def _collection(name: str | None) -> Json | None:
    return None if name is None else {"title": name, "tmdbId": stable_id("collection", name)}
