"""Plain words that describe a title find it, through the whole catalogue of the demo and the model that comes along."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from doublebill.core.text import document_of
from doublebill.demo.catalogue import CatalogueTitle, load_catalogue
from doublebill.embedding.bundled import bundled_model_id, open_bundled
from doublebill.embedding.onnx import OnnxEmbedder
from doublebill.model import Credit, Title, TitleDetails
from doublebill.store import open_store
from doublebill.sync.embed import Model
from doublebill.sync.engine import Engine
from doublebill.web.app import create_app
from sync.house import NOW
from web.asked import got

DESCRIBED = [
    ("slow sad film about grief", "Three Colors: Blue"),
    ("a chef in a stressful kitchen", "The Bear"),
    ("scary video that kills whoever watches it", "Ring"),
    ("marriage falling apart in iran", "A Separation"),
    ("samurai protect a village from bandits", "Seven Samurai"),
    ("toys that come alive when nobody looks", "Toy Story"),
    ("lonely cleaning man writes poetry", "Perfect Days"),
    ("the mob in new jersey sees a therapist", "The Sopranos"),
    ("hopeless love in hong kong", "In the Mood for Love"),
    ("memory erased after a breakup", "Eternal Sunshine of the Spotless Mind"),
]


def title_of(known: CatalogueTitle) -> Title:
    people = [*((name, "cast") for name, _ in known.cast), *((name, "director") for name in known.directors)]
    return Title(
        known.key,
        known.title,
        known.original_title,
        genres=known.genres,
        overview=known.overview,
        vote_count=known.vote_count,
        keywords=known.keywords,
        credits=tuple(Credit(name, role, place) for place, (name, role) in enumerate(people)),
    )


@pytest.fixture(scope="module")
def bundled() -> OnnxEmbedder:
    return open_bundled()


def refuse():
    raise AssertionError("a search asks nobody")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory, bundled: OnnxEmbedder) -> Iterator[Engine]:
    store = open_store(tmp_path_factory.mktemp("meaning") / "doublebill.db")
    titles = [title_of(known) for known in load_catalogue()]
    documents = [document_of(title) for title in titles]
    store.save_details([TitleDetails(title) for title in titles], NOW)
    keys, hashes = [title.key for title in titles], [document.text_hash for document in documents]
    store.save_vectors(bundled.model_id, keys, hashes, bundled.embed_documents(documents))
    yield Engine(store, Model(bundled_model_id(), lambda: bundled), refuse, clock=lambda: NOW)
    store.close()


@pytest.fixture(scope="module")
def client(engine: Engine) -> TestClient:
    return TestClient(create_app(engine, syncs_on_start=False))


def names(found):
    return [each["title"] for each in found["results"]]


@pytest.mark.parametrize("mode", ["auto", "meaning"])
@pytest.mark.parametrize(("words", "meant"), DESCRIBED)
def test_a_description_finds_the_title_among_the_first_five(client, words, meant, mode):
    found = got(client, "/search", query=words, mode=mode)
    assert meant in names(found)[:5]
    assert found["hint"] is None


@pytest.mark.parametrize(("words", "meant"), DESCRIBED)
def test_its_words_alone_do_not_find_it(client, words, meant):
    found = got(client, "/search", query=words, mode="words", limit=50)
    assert meant not in names(found)
    assert found["method"] == "bm25"


@pytest.mark.parametrize("name", ["Ring", "Toy Story", "The Lord of the Ri", "in the mood for lo"])
def test_a_name_that_is_typed_is_answered_by_words_as_before(client, name):
    automatic, by_words = (got(client, "/search", query=name, mode=mode) for mode in ("auto", "words"))
    assert automatic == by_words
    assert automatic["results"][0]["matched_via"] == "title"


def test_an_answer_says_how_each_was_found_and_how_near_it_is(client):
    found = got(client, "/search", query="drug dealer chemistry teacher")
    first, second = found["results"][:2]
    assert (found["method"], first["title"], first["matched_via"]) == ("bm25+meaning", "Breaking Bad", "words")
    assert (first["bm25_score"] is None, second["bm25_score"], second["matched_via"]) == (False, None, "meaning")
    assert 1 > first["similarity_score"] > second["similarity_score"] > 0


def test_by_meaning_the_nearest_come_first(client):
    found = got(client, "/search", query="grief", mode="meaning", limit=50)["results"]
    near = [each["similarity_score"] for each in found]
    assert near == sorted(near, reverse=True)
    assert len(found) == 50


def test_words_alone_load_no_model(engine):
    fresh = Engine(engine.store, Model(bundled_model_id(), refuse), refuse, clock=lambda: NOW)
    client = TestClient(create_app(fresh, syncs_on_start=False))
    assert names(got(client, "/search", query="ring"))
    assert names(got(client, "/search", query="samurai bandits village", mode="words"))
