from importlib.resources import files

from doublebill.demo.catalogue import load_catalogue
from doublebill.demo.genres import GENRES, genre_ids
from doublebill.demo.ids import guid, stable_id
from doublebill.demo.search import fold
from doublebill.model import Kind
from doublebill.sources.tmdb_videos import YOUTUBE_ID


def test_the_shipped_catalogue_holds_hundreds_of_both_kinds() -> None:
    titles = load_catalogue()
    films = sum(title.key.kind is Kind.MOVIE for title in titles)
    assert films >= 300
    assert len(titles) - films >= 90


def test_no_title_stands_in_the_catalogue_twice() -> None:
    keys = [title.key for title in load_catalogue()]
    assert keys == sorted(set(keys))


def test_every_title_can_be_described() -> None:
    for title in load_catalogue():
        assert title.overview, title
        assert title.keywords, title
        assert title.makers or title.key.kind is Kind.TV, title
        assert len(genre_ids(title.key.kind, title.genres)) == len(title.genres), title


def test_every_trailer_has_the_form_of_an_id_and_is_of_one_title() -> None:
    trailers = [title.trailer_id for title in load_catalogue() if title.trailer_id]
    assert trailers
    assert len(trailers) == len(set(trailers))
    assert all(YOUTUBE_ID.fullmatch(trailer) for trailer in trailers)


def test_every_film_genre_occurs() -> None:
    found = {genre for title in load_catalogue() if title.key.kind is Kind.MOVIE for genre in title.genres}
    assert found >= GENRES[Kind.MOVIE].keys() - {"TV Movie"}


def test_every_line_of_the_shipped_files_is_a_title() -> None:
    folder = files("doublebill.demo") / "catalogue"
    lines = [line for file in folder.iterdir() for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == len(load_catalogue())


def test_ids_made_from_names_never_change() -> None:
    assert stable_id("keyword", "space") == 1545267065
    assert guid("jellyfin", "server") == "3c7ad0fd0ec1b09e2411c697218e964b"


def test_folding_leaves_plain_words() -> None:
    assert fold("L'Été — en  Pente Douce!") == "lete en pente douce"
