"""Opening a model that was fetched: how it identifies itself, and that it answers as its authors say.

The self-test runs at every opening. It costs five short texts, and finds a file that went bad on the disk as well as a
runtime that was upgraded to one that reads it otherwise.
"""

import logging
from pathlib import Path

from doublebill.embedding.known_answers import Resizable, check_answers
from doublebill.embedding.offers import Offer
from doublebill.embedding.onnx import OnnxEmbedder
from doublebill.embedding.protocol import Embedder
from doublebill.embedding.sentence_folder import graph_in, read_spec
from doublebill.embedding.spec import ModelSpec
from doublebill.embedding.torch_weights import check_installed, open_torch

log = logging.getLogger(__name__)

REVISION_LENGTH = 12


def model_id_of(offer: Offer, folder: Path, revision: str) -> str:
    """Identify the vectors of a fetched model without loading it.

    Raises: EmbeddingError if it does not describe itself.
    """
    return _spec_of(offer, folder).model_id(revision[:REVISION_LENGTH])


def open_fetched(offer: Offer, folder: Path, revision: str) -> Embedder:
    """Load the model in a folder and test it.

    Raises: EmbeddingError if a file is missing or damaged, an extra is not installed, or it fails its self-test.
    """
    spec, short = _spec_of(offer, folder), revision[:REVISION_LENGTH]
    embedder: Resizable
    if offer.runtime == "torch":
        embedder = open_torch(spec, folder, short)
    else:
        embedder = OnnxEmbedder(spec, graph_in(folder), folder / "tokenizer.json", short)
    if offer.answers:
        log.info("%s passes its self-test, off by %.3f", embedder.model_id, check_answers(embedder, offer.answers))
    return embedder


def check_runtime(offer: Offer) -> None:
    """See that what runs a model is installed, before it is fetched. Raises EmbeddingError that says what is not."""
    if offer.runtime == "torch":
        check_installed()


def _spec_of(offer: Offer, folder: Path) -> ModelSpec:
    return offer.spec or read_spec(offer.name, folder)
