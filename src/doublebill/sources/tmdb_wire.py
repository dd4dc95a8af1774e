"""What comes in from TMDB, as it comes.

TMDB's own specification is wrong on nulls and on whole numbers in 4 of 10 recorded answers, so nothing is taken on
trust. What the answers mean stands in ``tmdb_titles``.
"""

from pydantic import JsonValue

from doublebill.sources.wire import Block, Day, Flag, Items, Part, Real, Rows, Text, Whole, Wire


class Named(Wire):
    """A genre, keyword or collection."""

    id: Whole = None
    name: Text = None


class Entry(Wire):
    """A title as every list gives it; films say title and release_date, series name and first_air_date."""

    id: Whole = None
    media_type: Text = None
    title: Text = None
    name: Text = None
    original_title: Text = None
    original_name: Text = None
    release_date: Day = None
    first_air_date: Day = None
    genre_ids: Items[Whole] = ()
    overview: Text = None
    original_language: Text = None
    vote_average: Real = None
    vote_count: Whole = None
    popularity: Real = None
    poster_path: Text = None
    backdrop_path: Text = None
    adult: Flag = False
    softcore: Flag = False


class Listing(Wire):
    """One page of a list."""

    results: list[JsonValue]
    total_pages: Whole = None

    @property
    def entries(self) -> list[Entry]:
        """The rows that are objects."""
        return [Entry.model_validate(row) for row in self.results if isinstance(row, dict)]


class Neighbours(Wire):
    """An appended list, which may be missing."""

    results: Rows[Entry] = ()


class Keywords(Wire):
    """Films have them under ``keywords``, series under ``results``."""

    keywords: Rows[Named] = ()
    results: Rows[Named] = ()


class Member(Wire):
    """Somebody of the cast, of the crew or among the creators."""

    id: Whole = None
    name: Text = None
    character: Text = None
    order: Whole = None
    job: Text = None


class Credits(Wire):
    """Cast and crew."""

    cast: Rows[Member] = ()
    crew: Rows[Member] = ()


class ExternalIds(Wire):
    """Ids elsewhere."""

    imdb_id: Text = None
    tvdb_id: Whole = None


class Video(Wire):
    """A trailer, teaser, clip or the like at some site; ``key`` is its id there."""

    site: Text = None
    key: Text = None
    type: Text = None
    official: Flag = False
    iso_639_1: Text = None


class Videos(Wire):
    """All videos of a title, in the languages asked for."""

    results: Rows[Video] = ()


class LastEpisode(Wire):
    """Part of a series."""

    runtime: Whole = None


class Details(Entry):
    """GET /3/movie/{id} and /3/tv/{id} with all that we append."""

    genres: Rows[Named] = ()
    imdb_id: Text = None
    runtime: Whole = None
    episode_run_time: Items[Whole] = ()
    last_episode_to_air: Block[LastEpisode] = LastEpisode()
    number_of_episodes: Whole = None
    tagline: Text = None
    belongs_to_collection: Part[Named] = None
    created_by: Rows[Member] = ()
    keywords: Block[Keywords] = Keywords()
    credits: Block[Credits] = Credits()
    external_ids: Block[ExternalIds] = ExternalIds()
    recommendations: Block[Neighbours] = Neighbours()
    similar: Block[Neighbours] = Neighbours()
    videos: Block[Videos] = Videos()


class Found(Wire):
    """GET /3/find/{external_id}."""

    movie_results: Rows[Entry] = ()
    tv_results: Rows[Entry] = ()


class Somebody(Wire):
    """One row of GET /3/search/person."""

    id: Whole = None
    name: Text = None


class People(Wire):
    """GET /3/search/person."""

    results: Rows[Somebody] = ()


class Work(Entry):
    """A title that somebody took part in; who plays in it has no job."""

    job: Text = None


class Works(Wire):
    """GET /3/person/{id}/combined_credits."""

    cast: Rows[Work] = ()
    crew: Rows[Work] = ()


class GenreList(Wire):
    """GET /3/genre/{movie,tv}/list."""

    genres: list[JsonValue]

    @property
    def names(self) -> dict[int, str]:
        """The names by id; a genre without a name (one that is not translated) is left out."""
        genres = [Named.model_validate(row) for row in self.genres if isinstance(row, dict)]
        return {genre.id: genre.name for genre in genres if genre.id is not None and genre.name is not None}


class ImagesAnswer(Wire):
    """Part of GET /3/configuration."""

    secure_base_url: Text = None
    poster_sizes: Items[Text] = ()
    backdrop_sizes: Items[Text] = ()


class ConfigurationAnswer(Wire):
    """GET /3/configuration."""

    images: ImagesAnswer
