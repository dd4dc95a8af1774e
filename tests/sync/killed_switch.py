"""A process that brings a text model into use and kills itself, as ``kill -9`` would, at a given point.

    python killed_switch.py FOLDER WANTED POINT COUNT

FOLDER holds ``doublebill.db`` of a synced house and a model; POINT is ``piece`` (killed while the COUNT-th piece of a
file is asked for), ``seal`` (killed when the model is whole) or the name of a store's method (killed right after its
COUNT-th call). Each saved vector is told on stdout.
"""

import asyncio
import sys
from pathlib import Path

from doublebill.store import open_store
from doublebill.store.model_files import ModelFolder
from sync.killed_sync import DoomedStore, die
from sync.model_house import ModelHouse, until


class DoomedFolder(ModelFolder):
    """A folder of models whose process does not live to see a model in use."""

    def seal(self, *values):
        super().seal(*values)
        die()


class DoomedHub:
    """A hub that is asked for a number of pieces."""

    def __init__(self, hub, count):
        self._hub = hub
        self._left = count
        self.piece_bytes = hub.piece_bytes

    def __getattr__(self, name):
        return getattr(self._hub, name)

    async def piece(self, *values):
        self._left -= 1
        if not self._left:
            die()
        return await self._hub.piece(*values)


async def bring(folder: Path, wanted: str, point: str, count: int) -> None:
    house = ModelHouse(DoomedStore(open_store(folder / "doublebill.db"), point, count), folder)
    if point == "seal":
        house.folder = DoomedFolder(folder / "models")
    models = house.start(wanted)
    if point == "piece":
        source = models._open_source
        models._open_source = lambda offer: DoomedHub(source(offer), count)
    task = asyncio.create_task(models.run())
    await until(task.done)


if __name__ == "__main__":
    asyncio.run(bring(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])))
