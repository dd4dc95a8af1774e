"""The bundled model itself: what it understands, what it withstands, and that it is the file that was tested."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from doublebill.core.text import Document, document_of
from doublebill.embedding.bundled import bundled_model_id, check_sha256
from doublebill.embedding.onnx import OnnxEmbedder
from doublebill.embedding.protocol import Vectors
from doublebill.errors import EmbeddingError
from doublebill.model import Kind, Title, TitleKey


def described(name: str, genres: str, keywords: str, overview: str, kind: Kind = Kind.MOVIE) -> Document:
    key = TitleKey(kind, 1)
    return document_of(
        Title(key, name, genres=tuple(genres.split(", ")), keywords=tuple(keywords.split(", ")), overview=overview)
    )


MANCHESTER = described(
    "Manchester by the Sea",
    "Drama",
    "grief, guilt, uncle nephew relationship",
    "After his brother's death a withdrawn caretaker is asked to raise his nephew in the town he once fled.",
)
OCEANS = described(
    "Ocean's Eleven",
    "Crime, Comedy",
    "heist, casino, con artist",
    "A thief fresh from prison gathers ten specialists to empty the vaults of three casinos in one night.",
)
ALIEN = described(
    "Alien",
    "Science Fiction, Horror",
    "spaceship, alien, survival",
    "The crew of a freighter answers a signal and brings something hungry aboard.",
)
TOYS = described(
    "Toy Story",
    "Family, Animation",
    "toys, friendship, rivalry",
    "A boy's favourite toy is jealous of the newcomer, and both are lost far from home.",
)
BEAR = described(
    "The Bear",
    "Comedy, Drama",
    "restaurant, chef, family business",
    "A gifted cook comes home to run the sandwich shop that his brother left behind.",
    Kind.TV,
)
TRENCHES = described(
    "1917",
    "War",
    "world war one, soldiers, trenches",
    "Two young soldiers must cross enemy ground to stop an attack that would cost hundreds of lives.",
)

PAIRS = [
    ("a slow sad film about grief", MANCHESTER, OCEANS),
    ("clever robbers steal from a casino", OCEANS, MANCHESTER),
    ("scary monster on a spacecraft", ALIEN, TOYS),
    ("cartoon for small children", TOYS, TRENCHES),
    ("cooking and running a restaurant", BEAR, ALIEN),
    ("soldiers at the front in 1917", TRENCHES, BEAR),
]
ODD = ["", " \n\t", "\0", "a\0b", "a\ud800b", "x" * 200_000, "🎬" * 500, "映画" * 300, "[SEP] [PAD] [CLS]"]


def unit_rows(vectors: Vectors) -> bool:
    return bool(np.isfinite(vectors).all() and np.allclose(np.linalg.norm(vectors, axis=-1), 1, atol=1e-6))


@pytest.mark.parametrize(("query", "meant", "other"), PAIRS)
def test_a_query_is_nearer_to_what_it_means(
    bundled: OnnxEmbedder, query: str, meant: Document, other: Document
) -> None:
    near, far = bundled.embed_documents([meant, other]) @ bundled.embed_query(query)
    assert near > far + 0.1


def test_the_identity_names_model_revision_dimensions_and_template(bundled: OnnxEmbedder) -> None:
    assert bundled.model_id == "all-MiniLM-L6-v2-int8@8199be6f699a/d384/t1"
    assert bundled.dimensions == 384


def test_the_identity_is_known_before_the_model_is_loaded(bundled: OnnxEmbedder) -> None:
    assert bundled_model_id() == bundled.model_id


def test_the_title_does_not_matter_to_the_bundled_model(bundled: OnnxEmbedder) -> None:
    one, other = bundled.embed_documents([ALIEN, replace(ALIEN, title="Toy Story")])
    np.testing.assert_array_equal(one, other)


def test_no_documents_give_an_empty_array(bundled: OnnxEmbedder) -> None:
    vectors = bundled.embed_documents([])
    assert vectors.shape == (0, 384)
    assert vectors.dtype == np.float32


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_text_has_a_unit_vector(bundled: OnnxEmbedder, text: str) -> None:
    vectors = bundled.embed_documents([Document(text[:50], text)])
    assert vectors.dtype == np.float32
    assert unit_rows(vectors)
    assert unit_rows(bundled.embed_query(text))


def test_a_nul_parts_words(bundled: OnnxEmbedder) -> None:
    np.testing.assert_array_equal(bundled.embed_query("space\0ship"), bundled.embed_query("space ship"))


def test_what_is_past_the_window_does_not_count(bundled: OnnxEmbedder) -> None:
    window = "grief " * 254  # two of the 256 tokens mark begin and end
    np.testing.assert_array_equal(bundled.embed_query(window), bundled.embed_query(window + "heist"))


def test_the_letters_of_a_marker_are_only_letters(bundled: OnnxEmbedder) -> None:
    assert bundled.embed_query("a film [SEP] about grief") @ bundled.embed_query("a film about grief") < 0.9999


def test_a_vector_depends_on_neither_batch_nor_order(bundled: OnnxEmbedder) -> None:
    documents = [MANCHESTER, Document("", "heist"), ALIEN, Document("", ""), TOYS]
    together = bundled.embed_documents(documents)
    reverse = bundled.embed_documents(documents[::-1])
    alone = np.vstack([bundled.embed_documents([document]) for document in documents])
    np.testing.assert_array_equal(together, reverse[::-1])
    np.testing.assert_array_equal(together, alone)


def test_eight_threads_get_the_same_vectors(bundled: OnnxEmbedder) -> None:
    texts = ["grief", "heist", "spaceship", "toys"] * 8
    expected = np.vstack([bundled.embed_query(text) for text in texts])
    with ThreadPoolExecutor(8) as pool:
        found = np.vstack(list(pool.map(bundled.embed_query, texts)))
    np.testing.assert_array_equal(found, expected)


def test_the_right_file_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"the model")
    check_sha256(path, hashlib.sha256(b"the model").hexdigest())


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"another model")
    with pytest.raises(EmbeddingError, match=r"model\.onnx is not the file that was tested") as caught:
        check_sha256(path, hashlib.sha256(b"the model").hexdigest())
    assert caught.value.hint is not None


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match=r"model\.onnx cannot be read: No such file") as caught:
        check_sha256(tmp_path / "model.onnx", "")
    assert caught.value.hint is not None
