"""When meaning joins the words, what both find together, and that without a model words alone answer."""

from dataclasses import replace

import numpy as np
import pytest

from doublebill.errors import EmbeddingError
from doublebill.model import SearchHit, Title, TitleDetails
from doublebill.sync.embed import Model
from doublebill.sync.engine import Engine
from doublebill.sync.query_model import LoadedModels, QueryModel
from doublebill.sync.search import POOL, joins_in, search
from hashing_embedder import HashingEmbedder
from store.values import NOW, listed, movie

EMBEDDER = HashingEmbedder()
BODIES = {
    1: ("Blue", "a quiet drama about grief and loss"),
    2: ("Grief Street", "a comedy of errors"),
    3: ("Ice", "loss and a slow sad winter"),
    4: ("Sun", "robbers empty a casino"),
}


def refuse():
    raise AssertionError("a search asks nobody")


def house(store, model: Model | None = None) -> Engine:
    """Give an engine over the titles above, all with vectors but the last."""
    titles = [Title(movie(number), name, overview=plot) for number, (name, plot) in BODIES.items()]
    store.save_details([TitleDetails(title) for title in titles], NOW)
    vectors = np.array([EMBEDDER.embed_query(plot) for _, plot in BODIES.values()], np.float32)[:-1]
    keys = [title.key for title in titles[:-1]]
    store.save_vectors(EMBEDDER.model_id, keys, [b""] * len(keys), vectors)
    engine = Engine(store, model or Model(EMBEDDER.model_id, lambda: EMBEDDER), refuse, clock=lambda: NOW)
    engine.query_model = QueryModel(LoadedModels(), start_timer=lambda *_: None)
    return engine


def via(findings):
    return {found.key.tmdb_id: found.via for found in findings.found}


def hit(*, fuzzy: bool = False, in_name: bool = False) -> SearchHit:
    return SearchHit(movie(1), 1.0, fuzzy, in_name)


@pytest.mark.parametrize(
    ("words", "hits", "joins"),
    [
        ("grief", [], False),
        ("grief", [hit()], False),
        ("toy sto", [hit(in_name=True)], False),
        ("lord of the ri", [hit(in_name=True), hit()], False),
        ("jurasic prak", [hit(fuzzy=True)], False),
        ("chemistry teacher", [hit()], False),
        ("dinosaurs escape", [], True),
        ("slow sad film", [], True),
        ("chemistry teacher drugs", [hit()], True),
        ("lord of teh rings", [hit(fuzzy=True)], True),
        ("", [], False),
    ],
)
def test_meaning_joins_in_where_a_title_is_described_and_not_named(words, hits, joins):
    assert joins_in(words.split(), hits) is joins


def test_a_description_finds_what_its_words_do_not(store):
    found = search(house(store), "slow sad drama about grief", 20)
    assert found.method == "bm25+meaning"
    assert (via(found)[1], search(house(store), "slow sad drama about grief", 20, "words").found) == ("meaning", ())
    assert [each.similarity for each in found.found] == sorted((each.similarity for each in found.found), reverse=True)


def test_one_word_is_answered_by_words_and_loads_no_model(store):
    engine = house(store)
    assert search(engine, "grief", 20) == search(engine, "grief", 20, "words")
    assert not engine.query_model.is_loaded


def test_what_both_find_comes_first_and_says_that_it_has_the_words(store):
    found = search(house(store), "loss and a winter", 20)
    assert (found.found[0].key, found.found[0].via) == (movie(3), "words")
    assert found.found[0].similarity is not None


def test_by_meaning_alone_the_nearest_come_and_words_do_not_matter(store):
    found = search(house(store), "grief", 2, "meaning")
    assert (found.method, found.found[0].key) == ("meaning", movie(1))
    assert {each.via for each in found.found} == {"meaning"}


def test_a_title_without_a_vector_is_found_by_words_and_has_no_similarity(store):
    found = search(house(store), "robbers empty a casino", 20)
    own = next(each for each in found.found if each.key == movie(4))
    assert (own.via, own.similarity) == ("words", None)


def test_a_name_with_a_typing_error_stays_ahead_of_what_is_near(store):
    found = search(house(store), "a greif street", 20)
    assert (found.found[0].key, found.found[0].via) == (movie(2), "likeness")


def test_the_words_in_a_name_are_told(store):
    assert via(search(house(store), "grief", 20)) == {2: "title", 1: "words"}


@pytest.mark.parametrize("mode", ["auto", "meaning"])
def test_the_same_words_find_the_same_and_a_longer_answer_begins_like_a_shorter_one(store, mode):
    engine = house(store)
    whole = search(engine, "sad loss and grief", POOL, mode).found
    assert whole == search(engine, "sad loss and grief", POOL, mode).found
    for limit in range(1, len(whole)):
        assert search(engine, "sad loss and grief", limit, mode).found == whole[:limit]


@pytest.mark.parametrize("query", ["", "   ", "%", "💥 !"])
@pytest.mark.parametrize("mode", ["auto", "words", "meaning"])
def test_what_has_no_word_finds_nothing(store, query, mode):
    assert search(house(store), query, 20, mode).found == ()


@pytest.mark.parametrize("mode", ["auto", "meaning"])
def test_without_vectors_words_answer_and_it_is_said(store, mode):
    store.save_details([TitleDetails(listed(movie(1)))], NOW)
    engine = Engine(store, Model(EMBEDDER.model_id, refuse), refuse, clock=lambda: NOW)
    found = search(engine, "a slow sad film", 20, mode)
    assert (found.method, found.hint) == (
        "bm25",
        "Only words were searched. No plot has a vector yet. A full sync makes them.",
    )


@pytest.mark.parametrize("mode", ["auto", "meaning"])
def test_a_model_that_cannot_be_loaded_leaves_the_words_and_it_is_said(store, mode):
    def broken():
        raise EmbeddingError("model.onnx cannot be read")

    found = search(house(store, Model(EMBEDDER.model_id, broken)), "robbers empty a casino", 20, mode)
    assert (via(found), found.hint) == ({4: "words"}, "Only words were searched. model.onnx cannot be read.")


def test_a_query_is_never_held_against_the_vectors_of_another_model(store):
    engine = house(store)
    assert engine.edition.model_id == EMBEDDER.model_id
    engine.model = replace(engine.model, model_id="other@1/d64/t1", open=refuse)
    found = search(engine, "slow sad drama about grief", 20)
    assert (found.method, found.hint) == (
        "bm25",
        "Only words were searched. The text model is being changed. Search again in a moment.",
    )
