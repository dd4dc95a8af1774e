"""Our values as the rows of an earlier system's files, under the names that scripts of its users rely on.

Fields that the earlier system did not have stand at the end of a row; what it had and we do not keep is null or empty.
Its times have no zone: they are local, as they were.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from doublebill.core.history import HAND_PREFIX
from doublebill.model import (
    Hide,
    Kind,
    LibraryItem,
    Neighbour,
    NeighbourSource,
    Observation,
    Pick,
    Scores,
    Title,
    TitleKey,
    Weights,
)
from doublebill.sources.jellyfin_wire import TICKS_PER_MIN

Row = dict[str, object]

TYPES = {"movie": "Movie", "series": "Series", "episode": "Episode"}


def local_text(moment: datetime) -> str:
    """Write a moment as this machine's local time, without a zone."""
    return moment.astimezone().replace(tzinfo=None).isoformat()


def title_row(title: Title) -> Row:
    """Give a title as a row of ``candidates.json``, without why it is one."""
    is_movie = title.key.kind is Kind.MOVIE
    cast = [credit for credit in title.credits if credit.role == "cast"]
    collection = title.collection
    return {
        "tmdb_id": title.key.tmdb_id,
        "title": title.title,
        "type": title.key.kind,
        "year": str(title.year) if title.year else "",
        "genres": title.genres,
        "keywords": title.keywords,
        "overview": title.overview or "",
        "tagline": title.tagline or "",
        "vote_average": title.vote_average,
        "vote_count": title.vote_count,
        "popularity": title.popularity,
        "runtime" if is_movie else "episode_run_time": title.runtime_min,
        "cast": [{"name": each.name, "popularity": None, "character": each.character} for each in cast],
        "directors": _names(title, "director"),
        "creators": _names(title, "creator"),
        "production_companies" if is_movie else "networks": [],
        "original_language": title.original_language,
        "poster_path": title.poster_path,
        "release_date": title.released.isoformat() if title.released else None,
        "original_title": title.original_title,
        "backdrop_path": title.backdrop_path,
        "adult": title.is_adult,
        "collection": {"id": collection.collection_id, "name": collection.name} if collection else None,
        "number_of_episodes": title.episode_count,
        "imdb_id": title.imdb_id,
        "tvdb_id": title.tvdb_id,
        "trailer_id": title.trailer_id,
        "only_listed": title.detailed_at is None,
    }


def candidate_row(title: Title, because_of: Sequence[str]) -> Row:
    """Give a title as a row of ``candidates.json``, with the names of the watched titles whose lists name it."""
    return {**title_row(title), "recommended_because": because_of, "recommendation_strength": len(because_of)}


def scores_row(scores: Scores) -> Row:
    """Give scores as ``all_scores.json`` has them."""
    return {"hybrid": scores.hybrid, **scores.components}


def pick_row(pick: Pick) -> Row:
    """Give a pick as a row of ``recommendations.json``."""
    because = [reason.text for reason in pick.reasons]
    return {**title_row(pick.title), "scores": scores_row(pick.scores), "recommended_because": because}


def hide_row(hide: Hide, name: str) -> Row:
    """Give a hide as a row of ``disliked_items.json``; ``user_id`` says whose it is."""
    return {
        "tmdb_id": hide.key.tmdb_id,
        "title": name,
        "type": hide.key.kind,
        "timestamp": local_text(hide.hidden_at),
        "expires_at": local_text(hide.until),
        "user_id": hide.person_id,
    }


def weights_row(weights: Weights) -> Row:
    """Give weights as they are, as ``tuner_settings.json`` has them."""
    names = ("content_weight", "collaborative_weight", "quality_weight", "confidence_weight")
    return dict(zip(names, weights.parts, strict=True))


def list_rows(neighbours: Iterable[Neighbour], names: Mapping[TitleKey, str]) -> list[Row]:
    """Give a title's neighbours as ``tmdb_fetch_cache.json`` has them: similar ones first, then recommendations."""
    order = (NeighbourSource.SIMILAR, NeighbourSource.RECOMMENDATIONS)
    return [
        {
            "type": each.key.kind,
            "tmdb_id": each.key.tmdb_id,
            "title": names.get(each.key),
            "source": source,
        }
        for source in order
        for each in neighbours
        if each.source is source
    ]


def item_row(item: LibraryItem, title: Title | None) -> Row:
    """Give a library item as a row of ``items.json``; of an episode, ``title`` is not the one that it is."""
    is_episode = item.item_kind == "episode"
    row = {
        "id": item.item_id,
        **_said_of(item, title),
        "imdb_id": item.imdb_id,
        "tmdb_id": _tmdb_id(item),
        "tvdb_id": str(item.tvdb_id) if item.tvdb_id else None,
        "found_by_us": item.key is not None and item.tmdb_id is None,
    }
    return {**row, **_place(item)} if is_episode else row


def entry_row(told: Observation, item: LibraryItem, title: Title | None) -> Row:
    """Give what a person did with an item as a row of ``watch_history.json``."""
    by_hand = told.item_id.startswith(HAND_PREFIX)
    is_episode = item.item_kind == "episode"
    ids = {"Tmdb": _tmdb_id(item), "Imdb": item.imdb_id, "Tvdb": str(item.tvdb_id) if item.tvdb_id else None}
    ticks = told.position * item.runtime_min * TICKS_PER_MIN if told.position and item.runtime_min else 0
    return {
        "item_id": told.item_id,
        **_said_of(item, title),
        "date_created": None,
        "provider_ids": {} if is_episode else {name: value for name, value in ids.items() if value},
        "play_count": told.play_count,
        "playback_position": round(ticks),
        "last_played": told.last_played_at.isoformat() if told.last_played_at else None,
        "is_favorite": told.is_favorite,
        "is_watched": told.finished,
        "played_percentage": 100.0 if told.finished else 100 * (told.position or 0.0),
        "user_rating": told.rating,
        **(_place(item) if is_episode else {}),
        **({"manual": True, "tmdb_id": item.tmdb_id} if by_hand else {}),
        "likes": told.likes,
    }


def _said_of(item: LibraryItem, title: Title | None) -> Row:
    """Give what both files say of an item."""
    about = title if title and item.item_kind != "episode" else Title(TitleKey(Kind.TV, 1), "")
    return {
        "name": item.name,
        "type": TYPES[item.item_kind],
        "year": item.year,
        "genres": about.genres,
        "community_rating": about.vote_average,
        "official_rating": None,
        "studios": [],
        "tags": about.keywords,
        "overview": (about.overview or "")[:500],
        "runtime_minutes": item.runtime_min,
        "actors": _names(about, "cast"),
        "directors": _names(about, "director"),
    }


def _names(title: Title, role: str) -> list[str]:
    return [credit.name for credit in title.credits if credit.role == role]


def _place(item: LibraryItem) -> Row:
    return {
        "series_id": item.series_item_id,
        "series_name": item.series_name,
        "season_number": item.season,
        "episode_number": item.episode,
    }


def _tmdb_id(item: LibraryItem) -> str | None:
    """Give the TMDB id of a film or series; an episode's key is that of its series."""
    number = None if item.item_kind == "episode" else item.key.tmdb_id if item.key else item.tmdb_id
    return str(number) if number else None
