"""Embedding: words to vectors of unit length, on this machine.

``protocol`` says what an embedder is, ``spec`` what a model wants to be told, ``onnx`` runs any such model, ``bundled``
opens the one that comes with the package, and ``salvage`` embeds a batch although some of it cannot be embedded.
"""
