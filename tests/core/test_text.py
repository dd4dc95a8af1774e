import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.toys import film, series, title
from doublebill.core.text import MAX_KEYWORDS, document_of


def test_a_title_is_said_in_a_sentence():
    arrival = title(
        film(1),
        title="Arrival",
        genres=("Drama", "Science Fiction"),
        keywords=("aliens", "language"),
        overview="Ships land.",
    )
    document = document_of(arrival)
    assert document.title == "Arrival"
    assert document.body == "A drama science fiction film about aliens, language. Ships land."


@pytest.mark.parametrize(
    ("facts", "body"),
    [({}, "A series."), ({"genres": ("Crime",)}, "A crime series."), ({"overview": "A case."}, "A series. A case.")],
)
def test_what_is_unknown_is_not_spoken_of(facts, body):
    assert document_of(title(series(1), **facts)).body == body


def test_only_so_many_keywords_are_read():
    many = title(film(1), keywords=tuple(f"word{n}" for n in range(50)))
    assert f"word{MAX_KEYWORDS - 1}." in document_of(many).body


@given(st.text(), st.text())
def test_equal_words_have_equal_hashes_and_others_do_not(one, other):
    first, second = (document_of(title(film(1), overview=text)) for text in (one, other))
    assert (first.text_hash == second.text_hash) == (first == second)
    assert len(first.text_hash) == 16


def test_title_and_body_do_not_run_together():
    assert document_of(title(film(1), title="A")).text_hash != document_of(title(film(1), title="")).text_hash
