"""The self-test of a model: what its authors say that it answers, held against what it answers here.

It finds what no checksum can: an export that went wrong, attention that looks only backwards, prompts that got lost. A
model that fails it is never used, since its vectors would be kept for years.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from doublebill.core.text import Document
from doublebill.embedding.protocol import Embedder
from doublebill.errors import EmbeddingError

TOLERANCE = 0.06
"""Half precision and other exports differ by less; a model that attends only backwards is off by more than 0.1."""


@dataclass(frozen=True, slots=True)
class KnownAnswers:
    """The cosines of a query with some passages, for vectors of so many dimensions."""

    query: str
    passages: tuple[str, ...]
    cosines: tuple[float, ...]
    dimensions: int


EMBEDDING_GEMMA_ANSWERS = KnownAnswers(
    # Published with the model: https://huggingface.co/blog/embeddinggemma, "Sentence Transformers"
    query="Which planet is known as the Red Planet?",
    passages=(
        "Venus is often called Earth's twin because of its similar size and proximity.",
        "Mars, known for its reddish appearance, is often referred to as the Red Planet.",
        "Jupiter, the largest planet in our solar system, has a prominent red spot.",
        "Saturn, famous for its rings, is sometimes mistaken for the Red Planet.",
    ),
    cosines=(0.3011, 0.6359, 0.4930, 0.4889),
    dimensions=768,
)


class Resizable(Embedder, Protocol):
    """An embedder that can give its vectors at another length."""

    def resized(self, dimensions: int) -> Embedder:
        """Give the same loaded model with vectors of another length."""


def check_answers(embedder: Resizable, answers: KnownAnswers) -> float:
    """Give the largest difference of a cosine from what it should be.

    Raises: EmbeddingError if it is above ``TOLERANCE``, or a text has no usable vector.
    """
    whole = embedder.resized(answers.dimensions)
    passages = whole.embed_documents([Document("", passage) for passage in answers.passages])
    cosines = passages @ whole.embed_query(answers.query)
    worst = float(np.abs(cosines - np.array(answers.cosines)).max())
    if worst > TOLERANCE:
        raise EmbeddingError(
            f"{embedder.model_id} fails its self-test: a similarity is off by {worst:.3f}",
            hint="It is another model, or a damaged one: remove it and fetch it again.",
        )
    return worst
