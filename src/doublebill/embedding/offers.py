"""Models that can be had besides the bundled one: where they are published, and which of their files are needed.

Two are known by name; any other sentence model in ONNX format can be named by its place on the hub or by a folder. Of
those ``sentence_folder`` reads how to speak to them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Literal

from doublebill.embedding.known_answers import EMBEDDING_GEMMA_ANSWERS, KnownAnswers
from doublebill.embedding.spec import EMBEDDING_GEMMA, EMBEDDING_GEMMA_TORCH, ModelSpec
from doublebill.errors import EmbeddingError
from doublebill.model import ModelFile

BUNDLED = "bundled"
GRAPHS = ("onnx/model.onnx", "model.onnx")
"""Where a repository has its graph, the likelier place first."""

DESCRIPTIONS = (
    "config.json",
    "config_sentence_transformers.json",
    "modules.json",
    "sentence_bert_config.json",
    "[0-9]_*/config.json",
)
"""What says how a sentence model is to be spoken to."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that can be fetched.

    ``name`` is what people call it and the name of its folder. ``place`` is ``owner/name`` on the hub, or a folder of
    this machine; ``revision`` a branch, tag or commit there. ``files`` are the names that are fetched, as patterns, and
    each has to be there. Without ``spec`` the files themselves say how to speak to the model, and which are needed.
    """

    name: str
    place: str
    words: str
    files: tuple[str, ...] = ()
    spec: ModelSpec | None = None
    answers: KnownAnswers | None = None
    runtime: Literal["onnx", "torch"] = "onnx"
    revision: str = "main"

    @property
    def is_local(self) -> bool:
        """Whether the files are copied from a folder of this machine."""
        return Path(self.place).is_absolute()

    def chosen(self, files: Sequence[ModelFile]) -> tuple[ModelFile, ...]:
        """Choose what to fetch of all that is published. Raises EmbeddingError that names what is missing."""
        patterns, optional = (self.files, ()) if self.files else self._guessed(files)
        missing = [pattern for pattern in patterns if not any(fnmatch(file.path, pattern) for file in files)]
        if missing:
            raise EmbeddingError(
                f"{self.place} has no {missing[0]}",
                hint="A model needs an ONNX graph (onnx/model.onnx or model.onnx) and a tokenizer.json.",
            )
        wanted = (*patterns, *optional)
        return tuple(file for file in files if any(fnmatch(file.path, pattern) for pattern in wanted))

    def _guessed(self, files: Sequence[ModelFile]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give what an unknown model needs, and what it may have."""
        paths = {file.path for file in files}
        graph = next((path for path in GRAPHS if path in paths), GRAPHS[0])
        return (graph, "tokenizer.json"), (f"{graph}_data", f"{graph}.data", *DESCRIPTIONS)


GEMMA = Offer(
    name="embeddinggemma",
    place="onnx-community/embeddinggemma-300m-ONNX",
    words="EmbeddingGemma-300M: understands plots and other languages far better; 1.3 GB, under the Gemma terms",
    files=("onnx/model.onnx", "onnx/model.onnx_data", "tokenizer.json"),
    spec=EMBEDDING_GEMMA,
    answers=EMBEDDING_GEMMA_ANSWERS,
)

GEMMA_TORCH = Offer(
    name="embeddinggemma-torch",
    place="google/embeddinggemma-300m",
    words="The official weights of EmbeddingGemma-300M; needs the extra torch, a token, and the terms accepted",
    files=("config*.json", "modules.json", "sentence_bert_config.json", "model.safetensors", "tokenizer*", "[0-9]_*/*"),
    spec=EMBEDDING_GEMMA_TORCH,
    answers=EMBEDDING_GEMMA_ANSWERS,
    runtime="torch",
)

KNOWN = {offer.name: offer for offer in (GEMMA, GEMMA_TORCH)}


def offer_of(wanted: str) -> Offer:
    """Give the offer that ``NAME``, ``owner/name`` or a folder means, each with or without ``@revision``."""
    if wanted.startswith(("/", "~", "./", "../")):
        return _unknown(f"local--{Path(wanted).name}", str(Path(wanted).expanduser().absolute()), "local")
    place, _, revision = wanted.partition("@")
    if known := KNOWN.get(place):
        return replace(known, revision=revision) if revision else known
    return _unknown(place.replace("/", "--"), place, revision or "main")


def written(offer: Offer | None) -> str:
    """Say which offer is meant so that ``offer_of`` understands it; None is the bundled model."""
    if offer is None or offer.is_local:
        return offer.place if offer else BUNDLED
    place = offer.name if offer.name in KNOWN else offer.place
    return place if offer.revision == "main" else f"{place}@{offer.revision}"


def name_of(offer: Offer | None) -> str:
    """Name an offer; None is the bundled model."""
    return offer.name if offer else BUNDLED


def _unknown(name: str, place: str, revision: str) -> Offer:
    return Offer(name, place, f"The sentence model of {place}", revision=revision)
