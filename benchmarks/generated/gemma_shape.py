"""Build EmbeddingGemma's true architecture with random weights, as its ONNX export has it: 1.2 GB, in a few minutes.

    python benchmarks/generated/gemma_shape.py FOLDER

It wants the extra ``torch``, ``onnx`` and ``onnxscript``, and some 6 GB of memory; ``benchmarks/embedding.py`` measures
what it wrote without them.
"""

import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "tests"))

from random_gemma3 import TRUE_SHAPE, export_onnx, write_gemma3

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        export_onnx(write_gemma3(Path(scratch), TRUE_SHAPE), Path(sys.argv[1]))
