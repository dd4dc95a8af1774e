"""Vectors of titles, each with the identity of its model and the hash of its text."""

import sqlite3
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from doublebill.core.columns import VectorColumns, code_of, key_of
from doublebill.model import TitleKey
from doublebill.store.connections import Table

_LITTLE_FLOAT32 = np.dtype("<f4")

_SAVE = """
    INSERT INTO vector
    SELECT :code, :model_id, :text_hash, :vector WHERE EXISTS (SELECT 1 FROM title WHERE code = :code)
    ON CONFLICT DO UPDATE SET text_hash = excluded.text_hash, vector = excluded.vector
"""


class VectorTables(Table):
    """Keep vectors."""

    def save_vectors(
        self, model_id: str, keys: Sequence[TitleKey], text_hashes: Sequence[bytes], vectors: NDArray[np.float32]
    ) -> None:
        """Save unit vectors (n, d) of one model with the hashes of their texts; unknown titles are left out.

        Raises: ValueError if the lengths differ, or d is not that of the model's other vectors.
        """
        if vectors.ndim != 2:
            raise ValueError(f"vectors are (n, d), not {vectors.shape}")
        blobs = [vector.tobytes() for vector in vectors.astype(_LITTLE_FLOAT32)]
        with self._database.writing() as connection:
            model = _model_row(connection, model_id, vectors.shape[1])
            rows = [
                {"code": code_of(key), "model_id": model, "text_hash": text_hash, "vector": blob}
                for key, text_hash, blob in zip(keys, text_hashes, blobs, strict=True)
            ]
            connection.executemany(_SAVE, rows)

    def text_hashes(self, model_id: str) -> dict[TitleKey, bytes]:
        """Give for each title with a vector of that model the hash of its text."""
        query = "SELECT code, text_hash FROM vector JOIN model USING (model_id) WHERE name = ?"
        with self._database.reading() as connection:
            return {key_of(code): text_hash for code, text_hash in connection.execute(query, (model_id,))}

    def vector_columns(self, model_id: str) -> VectorColumns:
        """Give the vectors of one model, by code; (0, 0) where there are none."""
        query = "SELECT code, vector FROM vector JOIN model USING (model_id) WHERE name = ?"
        with self._database.reading() as connection:
            rows = connection.execute(query, (model_id,)).fetchall()
        # Sorted here: in the order of the file the table is read from front to back.
        rows.sort()
        codes = np.array([code for code, _ in rows], dtype=np.int64)
        values = np.frombuffer(b"".join(blob for _, blob in rows), dtype=_LITTLE_FLOAT32).astype(np.float32)
        return VectorColumns(codes, values.reshape(len(rows), values.size // max(1, len(rows))))

    def forget_vectors(self, kept: Collection[str]) -> int:
        """Forget the vectors of all models but these; give how many vectors were forgotten."""
        with self._database.writing() as connection:
            names = connection.execute("SELECT model_id, name FROM model").fetchall()
            gone = [(model_id,) for model_id, name in names if name not in kept]
            count = connection.executemany("DELETE FROM vector WHERE model_id = ?", gone).rowcount if gone else 0
            connection.executemany("DELETE FROM model WHERE model_id = ?", gone)
            return count


def _model_row(connection: sqlite3.Connection, name: str, dimensions: int) -> int:
    """Give the row id of a model, written at its first vector."""
    connection.execute("INSERT INTO model (name, dimensions) VALUES (?, ?) ON CONFLICT DO NOTHING", (name, dimensions))
    row = connection.execute("SELECT model_id, dimensions FROM model WHERE name = ?", (name,)).fetchone()
    model_id: int = row[0]
    if row[1] != dimensions:
        raise ValueError(f"vectors of {name} have {row[1]} dimensions, not {dimensions}")
    return model_id
