"""Embedding: words to vectors of unit length, on this machine.

``protocol`` says what an embedder is, ``spec`` what a model wants to be told, ``onnx`` runs any such model, ``bundled``
opens the one that comes with the package, ``offers`` are those that can be fetched, ``opening`` opens and tests these,
and ``salvage`` embeds a batch although some of it cannot be embedded.

onnxruntime's builds report their use to its makers unless the environment forbids it before they are loaded
(https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md). Nothing leaves this machine unasked, so it is
forbidden here, where whatever loads the library comes by first.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
