"""TMDB's genres and their ids, from /3/genre/movie/list and /3/genre/tv/list; a client may know them by heart."""

from collections.abc import Iterable
from typing import Final

from doublebill.model import Kind

GENRES: Final[dict[Kind, dict[str, int]]] = {
    Kind.MOVIE: {
        "Action": 28,
        "Adventure": 12,
        "Animation": 16,
        "Comedy": 35,
        "Crime": 80,
        "Documentary": 99,
        "Drama": 18,
        "Family": 10751,
        "Fantasy": 14,
        "History": 36,
        "Horror": 27,
        "Music": 10402,
        "Mystery": 9648,
        "Romance": 10749,
        "Science Fiction": 878,
        "TV Movie": 10770,
        "Thriller": 53,
        "War": 10752,
        "Western": 37,
    },
    Kind.TV: {
        "Action & Adventure": 10759,
        "Animation": 16,
        "Comedy": 35,
        "Crime": 80,
        "Documentary": 99,
        "Drama": 18,
        "Family": 10751,
        "Kids": 10762,
        "Mystery": 9648,
        "News": 10763,
        "Reality": 10764,
        "Sci-Fi & Fantasy": 10765,
        "Soap": 10766,
        "Talk": 10767,
        "War & Politics": 10768,
        "Western": 37,
    },
}


def genre_ids(kind: Kind, names: Iterable[str]) -> list[int]:
    """Give the ids of genres in the order given; a name that TMDB does not have is left out."""
    known = GENRES[kind]
    return [known[name] for name in names if name in known]
