"""A house whose text models come from a played hub: the tiny model with EmbeddingGemma's interface."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from doublebill.embedding.offers import Offer, offer_of
from doublebill.sources.http import in_process
from doublebill.sources.hub import Hub, open_hub
from doublebill.store.model_files import ModelFolder
from doublebill.store.protocol import Store
from doublebill.sync.embed import Model
from doublebill.sync.engine import Engine
from doublebill.sync.model_choice import ModelChoice
from doublebill.sync.models import Models
from hashing_embedder import HashingEmbedder
from model_hub import PlayedHub
from sync.house import House
from tiny_gemma import describe, write_tiny_gemma

PLACE = "owner/tiny"
TINY = offer_of(PLACE)
PIECE_BYTES = 4_000
BUNDLED = Model(HashingEmbedder().model_id, HashingEmbedder)


class ModelHouse:
    """A house, a hub and a folder of models; ``start`` is a start of the program."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.house = House()
        self.store = store
        self.folder = ModelFolder(folder / "models")
        self.hub = PlayedHub(PLACE, describe(write_tiny_gemma(folder / "hub")))
        self.token: str | None = None

    def source(self, _: Offer) -> Hub:
        secret = SecretStr(self.token) if self.token else None
        hub = open_hub(secret, url="https://hub.invalid", transport=in_process(self.hub))
        hub.piece_bytes = PIECE_BYTES
        return hub

    def choice(self, setting: str = PLACE) -> ModelChoice:
        return ModelChoice(self.store, self.folder, setting, BUNDLED)

    def start(self, setting: str = PLACE) -> Models:
        choice = self.choice(setting)
        engine = Engine(self.store, choice.serving(), self.house.open, self.house.services, clock=self.house.clock)
        return Models(engine, choice, self.source)


async def until(is_so: Callable[[], bool]) -> None:
    """Let everything go on until something is so."""
    for _ in range(400):
        if is_so():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never came to that")
