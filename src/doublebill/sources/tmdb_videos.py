"""Which of a title's videos is its trailer.

TMDB lists videos by language and from several sites, clips and interviews among them. ``include_video_language`` allows
for more languages than the one that is asked in; its changelog of 28 July 2021 names it for all calls that give videos,
its specification only for those of series.
"""

import re
from collections.abc import Sequence

from doublebill.sources import tmdb_wire as wire

FALLBACK = "en"
KINDS = ("Trailer", "Teaser")
YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")


def languages_of(language: str) -> list[str]:
    """Give the languages in which a trailer will do, the best first: that of the operator, then English."""
    return list(dict.fromkeys([language.partition("-")[0].lower(), FALLBACK]))


def trailer_id(videos: Sequence[wire.Video], language: str) -> str | None:
    """Give the YouTube id of the best trailer: one before a teaser, the nearer language, then an official one.

    Where these are equal TMDB's order stands. What does not look like an id is passed over: it becomes part of an
    address.
    """
    languages = languages_of(language)

    def place(video: wire.Video) -> tuple[int, int, bool]:
        return KINDS.index(video.type or ""), languages.index(video.iso_639_1 or ""), not video.official

    fitting = [video for video in videos if _is_trailer(video) and video.iso_639_1 in languages]
    return min(fitting, key=place).key if fitting else None


def _is_trailer(video: wire.Video) -> bool:
    is_id = video.key is not None and YOUTUBE_ID.fullmatch(video.key) is not None
    return video.site == "YouTube" and video.type in KINDS and is_id
