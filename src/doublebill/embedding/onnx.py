"""Sentence vectors from an ONNX graph and its tokenizer, on a graphics card where onnxruntime has one, else here.

It leaves to others which model (``spec``), where its files come from and whether they are the right ones (``opening``).

The decision a reader would question: on a processor texts run one at a time. A padded batch of 32 has less than half
the speed there and needs more than twice the memory (``benchmarks/embedding.py``); a graphics card wants batches.
"""

import logging
import os
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Protocol, Self

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as ort_state
from tokenizers import Encoding, Tokenizer

from doublebill.core.text import Document
from doublebill.embedding.protocol import Vectors
from doublebill.embedding.spec import ModelSpec
from doublebill.errors import EmbeddingError

MAX_THREADS = 2
"""The other cores belong to the web server, and often to a media server on the same machine."""

GPU = "CUDAExecutionProvider"
PROVIDERS = (GPU, "CPUExecutionProvider")
GPU_BATCH = 32

MAX_CHARS_PER_TOKEN = 32
"""Bounds what is tokenized of an endless text; prose has about 4."""

MIN_LENGTH = 1e-6
"""A vector shorter than this before it is scaled points nowhere."""

ONNX_ERRORS = (
    # onnxruntime's own errors share no base but Exception and have no public home.
    ort_state.EPFail,
    ort_state.Fail,
    ort_state.InvalidArgument,
    ort_state.InvalidGraph,
    ort_state.InvalidProtobuf,
    ort_state.NoModel,
    ort_state.NoSuchFile,
    ort_state.NotImplemented,
    ort_state.RuntimeException,
    RuntimeError,
    ValueError,
)

REINSTALL_HINT = "The model's files are missing or damaged: install or fetch them again."
UNUSABLE_HINT = "If this happens to every text, the model's files are damaged or made for another program."

log = logging.getLogger("doublebill.embedding")


class OnnxEmbedder:
    """An ``Embedder`` that runs any ``ModelSpec``; making one loads it and runs it once.

    There is no lock: session and tokenizer may be used by many threads at once, and so a query never waits for a job.
    """

    def __init__(
        self,
        spec: ModelSpec,
        graph_path: Path,
        tokenizer_path: Path,
        revision: str,
        *,
        threads: int | None = None,
        batch_size: int | None = None,
    ) -> None:
        """Load a model.

        Args:
            spec: how to speak to it.
            graph_path: the ONNX file; weights in a file of their own lie beside it and are no symbolic link.
            tokenizer_path: the ``tokenizer.json`` of the model.
            revision: which version of the files this is, for the identity.
            threads: at most this many, between 1 and ``MAX_THREADS``; None: as many as this process has cores.
            batch_size: how many texts run at once; None: what suits the device.
        Raises: EmbeddingError if a file is missing or damaged, or the model gives no usable vector.
        """
        used_threads = max(1, min(MAX_THREADS, _core_count() if threads is None else threads))
        self._spec = spec
        self._revision = revision
        self._session = _open_session(spec, graph_path, used_threads)
        self._input_names = frozenset(node.name for node in self._session.get_inputs())
        self._tokenizer = _open_tokenizer(spec, tokenizer_path)
        self._batch_size = batch_size or (GPU_BATCH if self._session.get_providers()[0] == GPU else 1)
        self.embed_query("probe")  # a graph that does not fit its spec fails here and not in the middle of a job
        log.info("text model %s is loaded, threads: %d", self.model_id, used_threads)

    @property
    def model_id(self) -> str:
        """Identify what made a vector, ``name@revision/dDIM/tTEMPLATE``."""
        return self._spec.model_id(self._revision)

    @property
    def dimensions(self) -> int:
        """Say how long the vectors are."""
        return self._spec.dimensions

    @property
    def batch_size(self) -> int:
        """Say how many texts run at once."""
        return self._batch_size

    def resized(self, dimensions: int) -> Self:
        """Give the same loaded model with vectors of another length."""
        other = copy(self)
        other._spec = replace(self._spec, dimensions=dimensions)
        return other

    def embed_documents(self, documents: Sequence[Document]) -> Vectors:
        """Embed n documents, (n, d) unit rows; EmbeddingError names the first that has no usable vector."""
        vectors = np.empty((len(documents), self.dimensions), np.float32)
        for start in range(0, len(documents), self._batch_size):
            batch = documents[start : start + self._batch_size]
            try:
                vectors[start : start + len(batch)] = self._embed([self._spec.document_text(each) for each in batch])
            except EmbeddingError as error:
                end = f" to {start + len(batch) - 1}" if len(batch) > 1 else ""
                raise EmbeddingError(f"document with index {start}{end}: {error.message}", hint=error.hint) from error
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """Embed what somebody looks for, (d,) of unit length; EmbeddingError if it has no usable vector."""
        vector: Vectors = self._embed([self._spec.query_text(text)])[0]
        return vector

    def _embed(self, texts: Sequence[str]) -> Vectors:
        """Run some texts at once, (n, d)."""
        most = self._spec.max_tokens * MAX_CHARS_PER_TOKEN
        encodings = [self._tokenizer.encode(_readable(text[:most])) for text in texts]
        if not all(encoding.ids for encoding in encodings):
            raise EmbeddingError(f"{self._spec.name} finds no words in the text")
        answer = self._run(encodings)
        pooled = (self._pooled(row, encoding) for row, encoding in zip(answer, encodings, strict=True))
        return np.array([unit_head(vector, self._spec) for vector in pooled], np.float32)

    def _pooled(self, row: NDArray[np.floating], encoding: Encoding) -> NDArray[np.floating]:
        """Give the one vector (D,) of a text from its part of the answer: that vector, or token states (s, D)."""
        if self._spec.sentence_output is not None:
            return row
        states: NDArray[np.floating] = row[: len(encoding.ids)]
        return states[0] if self._spec.pooling == "first" else _masked_mean(states, encoding)

    def _run(self, encodings: Sequence[Encoding]) -> NDArray[np.floating]:
        """Give the graph's answer to n texts: (n, s, D), or (n, D) for a graph with a sentence output."""
        ids, mask = _padded([each.ids for each in encodings]), _padded([each.attention_mask for each in encodings])
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        outputs = None if self._spec.sentence_output is None else [self._spec.sentence_output]
        try:
            answer = self._session.run(outputs, {name: feed[name] for name in feed.keys() & self._input_names})[0]
        except ONNX_ERRORS as error:
            raise EmbeddingError(f"{self._spec.name} failed on a text: {error}", hint=UNUSABLE_HINT) from error
        return answer


def unit_head(vector: NDArray[np.floating], spec: ModelSpec) -> Vectors:
    """Cut a vector (D,) to the dimensions that are kept and scale it back to unit length, (d,).

    Raises: EmbeddingError if it is too short, not finite, or has no direction.
    """
    if vector.ndim != 1 or len(vector) < spec.dimensions:
        message = f"{spec.name} gave an answer of shape {vector.shape}, {spec.dimensions} numbers are needed"
        raise EmbeddingError(message, hint=UNUSABLE_HINT)
    if not np.isfinite(vector).all():
        raise EmbeddingError(f"{spec.name} gave numbers that are not finite", hint=UNUSABLE_HINT)
    head = vector[: spec.dimensions].astype(np.float64)  # squares of float32 could overflow
    length = np.linalg.norm(head)
    if length < MIN_LENGTH:
        raise EmbeddingError(f"{spec.name} gave a vector without a direction", hint=UNUSABLE_HINT)
    return (head / length).astype(np.float32)


class _Node(Protocol):
    name: str


class _Session(Protocol):
    """The part of ``onnxruntime.InferenceSession``, which has no types, that is used here."""

    def get_inputs(self) -> list[_Node]: ...

    def get_providers(self) -> list[str]: ...

    def run(
        self, output_names: Sequence[str] | None, input_feed: Mapping[str, NDArray[np.int64]]
    ) -> list[NDArray[np.floating]]: ...


def _core_count() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows know no affinity
        return os.cpu_count() or 1


def _open_session(spec: ModelSpec, graph_path: Path, threads: int) -> _Session:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Without an arena the memory of a text is given back after it: the machine is often small and shared.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    # Waiting threads would otherwise spin and burn the cores that answer requests.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    providers = [name for name in PROVIDERS if name in ort.get_available_providers()]
    try:
        session: _Session = ort.InferenceSession(str(graph_path), options, providers=providers)
    except ONNX_ERRORS as error:
        raise EmbeddingError(f"{spec.name} cannot be loaded: {error}", hint=REINSTALL_HINT) from error
    return session


def _open_tokenizer(spec: ModelSpec, path: Path) -> Tokenizer:
    try:
        # Not from_file, which raises a bare Exception.
        tokenizer: Tokenizer = Tokenizer.from_buffer(path.read_bytes())
    except (OSError, ValueError) as error:
        raise EmbeddingError(f"the tokenizer of {spec.name} cannot be loaded: {error}", hint=REINSTALL_HINT) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=spec.max_tokens)
    tokenizer.encode_special_tokens = True  # an overview that holds the letters "[SEP]" does not end the text
    return tokenizer


def _readable(text: str) -> str:
    """Replace what the tokenizer refuses (half a surrogate pair) or glues words by (NUL)."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")


def _padded(rows: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """Put rows of any length into one array, with zeros behind the shorter ones."""
    padded = np.zeros((len(rows), max(map(len, rows))), np.int64)
    for place, row in zip(padded, rows, strict=True):
        place[: len(row)] = row
    return padded


def _masked_mean(states: NDArray[np.floating], encoding: Encoding) -> NDArray[np.floating]:
    """Average the token states (s, D) over the tokens that count, (D,)."""
    mean: NDArray[np.floating] = np.average(states.astype(np.float64), axis=0, weights=encoding.attention_mask)
    return mean
