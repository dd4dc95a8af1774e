"""Writes a data folder of the earlier system, to the letter of its description, sound or with every damage it names.

All values are made up. ``sound`` is a small household's folder; ``damaged`` is the same folder with broken rows among
the good ones, which must come to the same; the functions below it spoil one file in one way.
"""

import json
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ANNA, BEN = "0f" * 16, "be" * 16
LOCAL = "Europe/Berlin"

FILM, SERIES, LOST = "a1" * 16, "b2" * 16, "c3" * 16
EPISODES = ("d4" * 16, "e5" * 16, "f6" * 16)

Row = dict[str, Any]


def entry(item_id: str, name: str, kind: str, **changes: Any) -> Row:
    """One row of a history, with every key of the description."""
    return {
        "item_id": item_id,
        "name": name,
        "type": kind,
        "overview": f"What happens in {name}.",
        "year": 1999,
        "genres": ["Action", "Science Fiction"],
        "tags": ["dystopia"],
        "community_rating": 8.2,
        "official_rating": "FSK-16",
        "studios": ["A Studio"],
        "runtime_minutes": 100,
        "date_created": "2024-01-02T03:04:05.0000000Z",
        "provider_ids": {},
        "play_count": 1,
        "playback_position": 0,
        "last_played": "2025-11-02T20:15:30.1234567Z",
        "is_favorite": False,
        "is_watched": True,
        "played_percentage": 100.0,
        "user_rating": None,
        "actors": ["Ann Actor"],
        "directors": ["Dee Rector"],
        **changes,
    }


def item(item_id: str, name: str, kind: str, **changes: Any) -> Row:
    """One row of the library."""
    return {
        "id": item_id,
        "name": name,
        "type": kind,
        "year": 1999,
        "genres": ["Drama"],
        "community_rating": 7.5,
        "official_rating": None,
        "studios": [],
        "tags": [],
        "overview": "Plain words.",
        "runtime_minutes": 50,
        "actors": ["Ann Actor"],
        "directors": [],
        "imdb_id": None,
        "tmdb_id": None,
        "tvdb_id": None,
        **changes,
    }


def title(tmdb_id: int, name: str, kind: str = "movie", **changes: Any) -> Row:
    """One candidate."""
    length = {"runtime": 120, "directors": ["Dee Rector"]} if kind == "movie" else {"episode_run_time": [45, 50]}
    return {
        "tmdb_id": tmdb_id,
        "title": name,
        "type": kind,
        "year": "2010",
        "genres": ["Drama"],
        "keywords": ["sea", "night"],
        "overview": f"All about {name}.",
        "tagline": "",
        "vote_average": 7.4,
        "vote_count": 1234,
        "popularity": 12.5,
        **length,
        "cast": [{"name": "Ann Actor", "popularity": 1.5, "character": "Herself"}],
        "production_companies": [{"name": "A Studio", "id": 7}],
        "original_language": "en",
        "poster_path": "/abcdefghijkl.jpg",
        "recommended_because": ["The Loop"],
        "recommendation_strength": 1,
        **changes,
    }


def episode(number: int, item_id: str) -> Row:
    """An episode of the one series."""
    place = {"series_id": SERIES, "series_name": "The Harbour", "season_number": 1, "episode_number": number}
    return item(item_id, f"Part {number}", "Episode", tmdb_id=str(9000 + number), **place)


def watched_episode(number: int, item_id: str, **changes: Any) -> Row:
    """A watched episode; its TMDB id is its own, and happens to be that of a film."""
    place = {"series_id": SERIES, "series_name": "The Harbour"}
    return entry(item_id, f"Part {number}", "Episode", **{"provider_ids": {"Tmdb": "603"}, **place, **changes})


def sound_files() -> dict[str, Any]:
    """What every JSON file of a small household holds."""
    by_hand = {"manual": True, "tmdb_id": 605, "provider_ids": {}, "last_played": "2025-10-26T02:30:00"}
    return {
        "watch_history.json": {
            f"{ANNA[:8]}-{ANNA[8:12]}-{ANNA[12:16]}-{ANNA[16:20]}-{ANNA[20:]}": {
                "user_name": "Anna",
                "history": [
                    entry(
                        FILM, "The Loop", "Movie", provider_ids={"Tmdb": "603", "Imdb": "tt0133093"}, is_favorite=True
                    ),
                    watched_episode(1, EPISODES[0]),
                    watched_episode(
                        2, EPISODES[1], is_watched=False, playback_position=15_000_000_000, runtime_minutes=50
                    ),
                    watched_episode(3, EPISODES[2], series_id=None, series_name="THE HARBOUR", last_played=None),
                    entry("manual_1730000000", "Film of the same number", "Movie", **by_hand),
                ],
            },
            BEN: {
                "user_name": "Bén",
                "history": [
                    entry("manual_2", "Series of the same number", "Series", **by_hand),
                    entry(LOST, "Deleted since", "Movie", provider_ids={"Tmdb": "77"}, user_rating=9.0, play_count=3),
                ],
            },
        },
        "items.json": {
            "movies": [
                item(FILM, "The Loop", "Movie", tmdb_id="603"),
                item("12" * 16, "Unseen", "Movie", tmdb_id="88"),
            ],
            "series": [item(SERIES, "The Harbour", "Series", tmdb_id="1399", tvdb_id="121361")],
            "episodes": [episode(1, EPISODES[0]), episode(2, EPISODES[1])],
        },
        "candidates.json": {
            "generated_at": "2026-02-20T04:00:00",
            "total_candidates": 3,
            "api_requests_made": 17,
            "candidates": [
                title(605, "Film 605"),
                title(606, "Second"),
                title(605, "Series 605", "tv", creators=["Cy Ator"]),
            ],
        },
        "all_scores.json": {
            "605": {"hybrid": 0.9, "content": 0.9, "collaborative": 1, "quality": 0.8, "confidence": 0.7}
        },
        "recommendations.json": {"count": 1, "recommendations": [{**title(606, "Second"), "scores": {"hybrid": 0.9}}]},
        "disliked_items.json": [
            hidden(606, "movie", "2026-02-01T12:00:00.000001", "2026-06-01T12:00:00.000001"),
            hidden(700, "tv", "2026-01-15T12:00:00", None),
            hidden(701, "movie", "2025-01-15T12:00:00", None),
            hidden(702, "movie", "2025-01-15T12:00:00", "2025-05-15T12:00:00"),
        ],
        "tuner_settings.json": {
            "content_weight": 0.8,
            "collaborative_weight": 0.6,
            "quality_weight": 0.4,
            "confidence_weight": 0.1,
        },
        "tmdb_fetch_cache.json": {
            "movie_603": [
                *({"type": "movie", "tmdb_id": 2000 + n, "title": f"Alike {n}"} for n in range(19)),
                {"type": "movie", "tmdb_id": 606, "title": "Second"},
                {"type": "movie", "tmdb_id": 606, "title": "Second"},
                {"type": "movie", "tmdb_id": 605, "title": "Film 605"},
            ],
            "tv_1399": [{"type": "tv", "tmdb_id": 605, "title": "Series 605"}],
        },
        "library_cache.json": {"last_updated": "2026-02-20T04:00:00", "tmdb_ids": [603, 88]},
        "arr_status_cache.json": {"movie:603": {"status": {"exists": True}, "expires": 1_800_000_000}},
        "update_status.json": {
            "last_update": "2026-02-26T04:20:00",
            "step": "done",
            "status": "success",
            "message": "ok",
            "progress": 100,
        },
    }


def hidden(tmdb_id: int, kind: str, at: str, until: str | None) -> Row:
    """One hidden title; old rows do not say until when."""
    row = {"tmdb_id": tmdb_id, "title": f"Hidden {tmdb_id}", "type": kind, "timestamp": at}
    return {**row, "expires_at": until} if until else row


class Hostile:
    """A value whose pickle runs a command when it is loaded."""

    def __init__(self, trace: Path) -> None:
        self._trace = trace

    def __reduce__(self) -> tuple[object, ...]:
        return (exec, (f"open({str(self._trace)!r}, 'w').close()",))


ASKS_FOR_OS = b"cos\nsystem\n(S'touch trace'\ntR."


def damaged_files() -> dict[str, Any]:
    """Give the sound files with a broken row of every sort among the good ones; nothing else is to come of them."""
    files = sound_files()
    anna = next(iter(files["watch_history.json"].values()))["history"]
    anna[1:1] = [
        *(None, 7, "text", [], {}),
        entry("", "No id", "Movie"),
        entry("99" * 16, "Wrong type", "Song"),
        entry("manual_9", "No title", "Movie", manual=True, tmdb_id="many"),
        entry("98" * 16, "Untouched", "Movie", is_watched=False, play_count=0, played_percentage=0, last_played=None),
        entry(FILM, "The Loop", "Movie", play_count="1", last_played=float("nan"), user_rating=float("inf")),
    ]
    files["watch_history.json"]["nobody"] = "text"
    library = files["items.json"]
    library["movies"] += [None, item("", "No id", "Movie"), item(FILM, "Twice", "Movie", tmdb_id="1")]
    library["episodes"].append({"id": [], "type": 7})
    files["candidates.json"]["candidates"] += [
        *(None, "text"),
        title(605, "Twice"),
        title(-1, "Below"),
        title(10**30, "Huge"),
        title(607, ""),
        title(608, "No kind", "person"),
        {"tmdb_id": {}, "title": [], "type": 1},
    ]
    files["disliked_items.json"] += [
        *(None, 3),
        hidden(606, "movie", "2026-02-01T12:00:00", "2026-05-01T12:00:00"),
        hidden(703, "movie", "yesterday", None),
        {"tmdb_id": 704, "title": "No kind", "timestamp": "2026-02-01T12:00:00"},
        {"tmdb_id": 10**40, "type": "movie", "timestamp": 1e308},
    ]
    files["tmdb_fetch_cache.json"] |= {"person_1": [], "movie_x": [], "movie_0": [None, {"type": "tv"}], "tv_5": "text"}
    return files


def write(folder: Path, files: Mapping[str, Any] | None = None) -> Path:
    """Write a folder; give it."""
    folder.mkdir(exist_ok=True)
    for name, content in (sound_files() if files is None else files).items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    (folder / "last_full_sync.txt").write_text("1772150000\n", encoding="utf-8")
    (folder / "force_sync").touch()
    (folder / "sync.log").write_text("2026-02-26 done\n", encoding="utf-8")
    (folder / "embeddings.pkl").write_bytes(pickle.dumps({"603": [0.5, 0.5]}))
    return folder


def traces(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Give the bytes and the time of change of every file: what must not change."""
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(folder.iterdir())}
