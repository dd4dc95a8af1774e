"""EmbeddingGemma's architecture with random weights: sentence-transformers and both of our ways give the same vectors.

It runs where the extra ``torch`` is installed, the part about the export where ``onnx`` and ``onnxscript`` are too.
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from doublebill.core.text import Document
from doublebill.embedding.offers import GEMMA_TORCH
from doublebill.embedding.onnx import OnnxEmbedder
from doublebill.embedding.opening import check_runtime
from doublebill.embedding.protocol import Vectors
from doublebill.embedding.sentence_folder import graph_in
from doublebill.embedding.spec import EMBEDDING_GEMMA, EMBEDDING_GEMMA_TORCH
from doublebill.embedding.torch_weights import TorchEmbedder, open_torch
from tiny_gemma import answers_of

random_gemma3 = (
    None if find_spec("sentence_transformers") is None else pytest.importorskip("random_gemma3", exc_type=ImportError)
)
pytestmark = [
    pytest.mark.skipif(random_gemma3 is None, reason="the extra `torch` is not installed"),
    pytest.mark.filterwarnings("default"),  # what torch and its kin warn of is theirs
]
needs_export = pytest.mark.skipif(find_spec("onnxscript") is None, reason="`onnx` and `onnxscript` are not installed")

TEXTS = ["A drama film about grief. A widower sails.", "x", "Heist, twice. " * 60]
QUERY = "a slow sad film about grief"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return random_gemma3.write_gemma3(tmp_path_factory.mktemp("gemma3"))


@pytest.fixture(scope="module")
def expected(source: Path) -> tuple[Vectors, Vectors]:
    """What sentence-transformers itself says of the texts and the query, cut to 384 and scaled again."""
    model = random_gemma3.SentenceTransformer(str(source), device="cpu")
    model.max_seq_length = EMBEDDING_GEMMA.max_tokens
    rows = model.encode(TEXTS, prompt_name="document"), model.encode([QUERY], prompt_name="query")
    cut = [row[:, :384] / np.linalg.norm(row[:, :384], axis=1, keepdims=True) for row in rows]
    return cut[0], cut[1][0]


@pytest.fixture(scope="module")
def embedder(source: Path) -> TorchEmbedder:
    return open_torch(EMBEDDING_GEMMA_TORCH, source, "1")


def agree(embedder: TorchEmbedder | OnnxEmbedder, expected: tuple[Vectors, Vectors]) -> None:
    documents = embedder.embed_documents([Document("", text) for text in TEXTS])
    np.testing.assert_allclose(documents, expected[0], atol=1e-5)
    np.testing.assert_allclose(embedder.embed_query(QUERY), expected[1], atol=1e-5)


def test_our_prompts_and_cut_are_those_of_sentence_transformers(embedder: TorchEmbedder, expected) -> None:
    agree(embedder, expected)
    assert embedder.model_id == "embeddinggemma-300m-torch@1/d384/t" + embedder.model_id[-1]


def test_a_text_is_embedded_alike_in_any_company(embedder: TorchEmbedder) -> None:
    documents = [Document("", text) for text in TEXTS]
    alone = np.vstack([embedder.embed_documents([document]) for document in documents])
    np.testing.assert_allclose(embedder.embed_documents(documents), alone, atol=1e-5)
    assert embedder.embed_documents([]).shape == (0, 384)


def test_it_takes_the_self_test(embedder: TorchEmbedder) -> None:
    assert answers_of(embedder).dimensions == 768
    check_runtime(GEMMA_TORCH)


@needs_export
def test_an_export_gives_the_same_vectors(source: Path, expected, tmp_path: Path) -> None:
    folder = random_gemma3.export_onnx(source, tmp_path / "export")
    agree(OnnxEmbedder(EMBEDDING_GEMMA, graph_in(folder), folder / "tokenizer.json", "1"), expected)
