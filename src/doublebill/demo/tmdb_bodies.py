"""The JSON of TMDB v3, made from catalogue titles.

Key by key as recorded in 2026 (`softcore` is new that year). Pictures are always null: the demo draws its posters. A
language other than English finds no translation, and TMDB then gives the original title and an empty overview.
"""

from collections.abc import Callable, Container, Sequence
from math import ceil
from typing import Final, TypeVar

from doublebill.demo.catalogue import CatalogueTitle
from doublebill.demo.genres import GENRES, genre_ids
from doublebill.demo.ids import guid, keyword_id, person_id, stable_id
from doublebill.demo.service import Json
from doublebill.demo.tmdb_index import PersonFound
from doublebill.model import Kind

Found = TypeVar("Found")

PAGE_SIZE: Final = 20
TRAILER_LANGUAGE: Final = "en"

CONFIGURATION: Final[Json] = {
    "change_keys": ["adult", "overview", "title"],
    "images": {
        "base_url": "http://image.tmdb.org/t/p/",
        "secure_base_url": "https://image.tmdb.org/t/p/",
        "backdrop_sizes": ["w300", "w780", "w1280", "original"],
        "logo_sizes": ["w45", "w92", "w154", "w185", "w300", "w500", "original"],
        "poster_sizes": ["w92", "w154", "w185", "w342", "w500", "w780", "original"],
        "profile_sizes": ["w45", "w185", "h632", "original"],
        "still_sizes": ["w92", "w185", "w300", "original"],
    },
}


def page_body(found: Sequence[Found], page: int, shape: Callable[[Found], Json]) -> Json:
    """Cut one page of 20 out of a whole list and shape only that; beyond the end it is empty."""
    start = (page - 1) * PAGE_SIZE
    return {
        "page": page,
        "results": [shape(each) for each in found[start : start + PAGE_SIZE]],
        "total_pages": ceil(len(found) / PAGE_SIZE),
        "total_results": len(found),
    }


def list_entry(title: CatalogueTitle, *, translated: bool = True) -> Json:
    """Give a title as lists show it: no keywords, people, runtime or external ids."""
    original = title.original_title or title.title
    shown = title.title if translated else original
    released = title.released.isoformat() if title.released else ""
    common: Json = {
        "adult": False,
        "backdrop_path": None,
        "genre_ids": genre_ids(title.key.kind, title.genres),
        "id": title.key.tmdb_id,
        "original_language": title.language,
        "overview": title.overview if translated else "",
        "popularity": title.popularity,
        "poster_path": None,
        "softcore": False,
        "vote_average": title.vote_average,
        "vote_count": title.vote_count,
    }
    if title.key.kind is Kind.MOVIE:
        return common | {"title": shown, "original_title": original, "release_date": released, "video": False}
    countries = list(title.countries)
    return common | {"name": shown, "original_name": original, "first_air_date": released, "origin_country": countries}


def typed_entry(title: CatalogueTitle, *, translated: bool = True) -> Json:
    """Give a title as those lists show it that mix kinds, and `recommendations`."""
    return list_entry(title, translated=translated) | {"media_type": str(title.key.kind)}


def details(title: CatalogueTitle, *, translated: bool = True) -> Json:
    """Give the body of /movie/{id} or /tv/{id} without anything appended."""
    body = {key: value for key, value in list_entry(title, translated=translated).items() if key != "genre_ids"}
    known = GENRES[title.key.kind]
    body |= {
        "genres": [{"id": known[name], "name": name} for name in title.genres if name in known],
        "homepage": "",
        "origin_country": list(title.countries),
        "production_companies": [],
        "production_countries": [{"iso_3166_1": code} for code in title.countries],
        "spoken_languages": [{"iso_639_1": title.language}],
        "tagline": "",
    }
    return body | (_film_facts(title) if title.key.kind is Kind.MOVIE else _series_facts(title))


def _film_facts(title: CatalogueTitle) -> Json:
    return {
        "belongs_to_collection": _collection(title.collection),
        "budget": 0,
        "imdb_id": title.imdb_id,
        "revenue": 0,
        "runtime": title.runtime_min or 0,
        "status": "Released",
    }


def _collection(name: str | None) -> Json | None:
    if name is None:
        return None
    return {"id": stable_id("collection", name), "name": name, "poster_path": None, "backdrop_path": None}


def _series_facts(title: CatalogueTitle) -> Json:
    status = title.status or "Ended"
    return {
        "created_by": [_creator(title, name) for name in title.creators],
        # Empty in every recorded answer, whatever the series: the length stands with the last episode.
        "episode_run_time": [],
        "in_production": status == "Returning Series",
        "languages": [title.language],
        "last_air_date": title.last_aired.isoformat() if title.last_aired else None,
        "last_episode_to_air": _last_episode(title),
        "next_episode_to_air": None,
        "networks": [_network(name) for name in title.networks],
        "number_of_episodes": title.episodes,
        "number_of_seasons": title.seasons,
        "status": status,
        "type": "Scripted",
    }


def _last_episode(title: CatalogueTitle) -> Json | None:
    if title.last_aired is None or title.runtime_min is None:
        return None
    return {
        "air_date": title.last_aired.isoformat(),
        "runtime": title.runtime_min,
        "season_number": title.seasons,
        "show_id": title.key.tmdb_id,
        "still_path": None,
    }


def _creator(title: CatalogueTitle, name: str) -> Json:
    return {
        "id": person_id(name),
        "credit_id": _credit_id(title, name, "creator"),
        "name": name,
        "original_name": name,
        "gender": 0,
        "profile_path": None,
    }


def _network(name: str) -> Json:
    return {"id": stable_id("network", name), "logo_path": None, "name": name, "origin_country": ""}


def credits_body(title: CatalogueTitle) -> Json:
    """Give the people: the leads and, for a film, its directors; creators of series stand in the details only."""
    cast = [
        person_entry(actor) | {"character": role, "credit_id": _credit_id(title, actor, role), "order": order}
        for order, (actor, role) in enumerate(title.cast)
    ]
    crew = [
        person_entry(name, "Directing")
        | {"credit_id": _credit_id(title, name, "Director"), "department": "Directing", "job": "Director"}
        for name in title.directors
    ]
    return {"cast": cast, "crew": crew}


def person_entry(name: str, department: str = "Acting") -> Json:
    """Give a person as lists show them."""
    return {
        "adult": False,
        "gender": 0,
        "id": person_id(name),
        "known_for_department": department,
        "name": name,
        "original_name": name,
        "popularity": 1.0,
        "profile_path": None,
    }


def person_found(person: PersonFound) -> Json:
    """Give a person as the search for people shows them, with three titles that they are known for."""
    known_for = [typed_entry(title) for title in person.known_for]
    return person_entry(person.name, "Acting" if person.acts else "Directing") | {"known_for": known_for}


def multi_entry(found: CatalogueTitle | PersonFound) -> Json:
    """Give an entry of the search for everything."""
    if isinstance(found, PersonFound):
        return person_found(found) | {"media_type": "person"}
    return typed_entry(found)


def _credit_id(title: CatalogueTitle, *parts: str) -> str:
    return guid("credit", str(title.key), *parts)[:24]


def credit_entries(title: CatalogueTitle, name: str) -> tuple[list[Json], list[Json]]:
    """Give a person's parts in a title as (cast, crew) entries of their combined credits."""
    entry = typed_entry(title)
    cast = [
        entry | {"character": role, "credit_id": _credit_id(title, actor, role), "order": order}
        for order, (actor, role) in enumerate(title.cast)
        if actor == name
    ]
    department, job = ("Directing", "Director") if title.directors else ("Creator", "Creator")
    part = {"credit_id": _credit_id(title, name, job), "department": department, "job": job}
    return cast, [entry | part] if name in title.makers else []


def keywords_body(title: CatalogueTitle) -> Json:
    """Give the keywords, which TMDB lists as `keywords` for films and as `results` for series."""
    words = [{"id": keyword_id(word), "name": word} for word in title.keywords]
    return {"keywords" if title.key.kind is Kind.MOVIE else "results": words}


def videos_body(title: CatalogueTitle, languages: Container[str]) -> Json:
    """Give the trailer, if there is one and its language is asked for."""
    if title.trailer_id is None or TRAILER_LANGUAGE not in languages:
        return {"results": []}
    trailer: Json = {
        "id": guid("video", str(title.key))[:24],
        "iso_3166_1": "US",
        "iso_639_1": TRAILER_LANGUAGE,
        "key": title.trailer_id,
        "name": "Trailer",
        "official": True,
        "published_at": "2020-01-01T12:00:00.000Z",
        "site": "YouTube",
        "size": 1080,
        "type": "Trailer",
    }
    return {"results": [trailer]}


def external_ids_body(title: CatalogueTitle) -> Json:
    """Give the ids elsewhere; only series have one at TheTVDB."""
    ids: Json = {"imdb_id": title.imdb_id}
    return ids if title.key.kind is Kind.MOVIE else ids | {"tvdb_id": title.tvdb_id}
