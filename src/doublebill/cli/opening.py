"""Engines for the commands: the real household's from its settings, the demo's in a folder that is thrown away."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from doublebill.config import Settings, load_configuration
from doublebill.demo.upstreams import DemoUpstreams, demo_upstreams
from doublebill.embedding.bundled import bundled_model_id, open_bundled
from doublebill.embedding.offers import BUNDLED, Offer
from doublebill.logs import setup_logging
from doublebill.sources.hub import open_hub
from doublebill.sources.model_folder import LocalModels
from doublebill.sources.tmdb_images import open_tmdb_images
from doublebill.store.model_files import ModelFolder
from doublebill.store.occupancy import used
from doublebill.store.pictures import PictureFolder
from doublebill.store.protocol import Store
from doublebill.store.sqlite import open_store
from doublebill.sync.embed import Model
from doublebill.sync.engine import Engine, utc_now
from doublebill.sync.fetching import ModelSource
from doublebill.sync.health import find_in_demo
from doublebill.sync.model_choice import ModelChoice
from doublebill.sync.models import Models
from doublebill.sync.pictures import Gallery
from doublebill.sync.scheduler import Start
from doublebill.sync.setup import Connections
from doublebill.sync.upstreams import open_demo, open_demo_services, open_services, open_upstreams
from doublebill.web.context import BARE, Surroundings, surroundings
from doublebill.web.setup_code import SetUp

DATABASE = "doublebill.db"
FORCE_SYNC = "force_sync"
"""A file of this name in the data folder makes the next start begin a full sync."""

MEGABYTE = 1_000_000


def bundled_model() -> Model:
    """Give the text model that comes with the package; it is loaded when a sync first needs it."""
    return Model(bundled_model_id(), open_bundled)


def model_source(settings: Settings, offer: Offer) -> ModelSource:
    """Give where a model comes from; nothing is asked yet. Raises ConfigError."""
    return LocalModels() if offer.is_local else open_hub(settings.hf_token, url=settings.hf_endpoint)


@dataclass(frozen=True, slots=True)
class Parts:
    """What engines are made with; the app's context object, so that tests run the commands with smaller ones."""

    model: Callable[[], Model] = bundled_model
    demo: Callable[[datetime], DemoUpstreams] = demo_upstreams
    source: Callable[[Settings, Offer], ModelSource] = model_source


@contextmanager
def real_engine(parts: Parts) -> Iterator[tuple[Engine, Settings]]:
    """Open the household that the settings describe. Raises ConfigError, StoreError."""
    with real_house(parts) as (engine, connections):
        yield engine, connections.settings


@contextmanager
def real_house(parts: Parts) -> Iterator[tuple[Engine, Connections]]:
    """Open the same, with its settings as the page may change them; whatever is opened later follows them."""
    connections = Connections(load_configuration())
    settings = connections.settings
    data_dir = settings.prepare_data_dir()
    setup_logging(settings.log_level, data_dir, settings.secrets, console=settings.log_format)
    with used(data_dir / DATABASE), closing(open_store(data_dir / DATABASE)) as store:
        services = open_services(lambda: connections.settings)
        model = choice_of(store, settings, parts).serving()
        yield Engine(store, model, lambda: open_upstreams(connections.settings), services), connections


def choice_of(store: Store, settings: Settings, parts: Parts) -> ModelChoice:
    """Give the text models of an installation."""
    folder = ModelFolder(settings.data_dir.absolute() / "models")
    return ModelChoice(store, folder, settings.embedding, parts.model())


def models_of(engine: Engine, settings: Settings, parts: Parts) -> Models:
    """Give what brings text models into use; nothing is begun yet."""
    return Models(engine, choice_of(engine.store, settings, parts), partial(parts.source, settings))


def surroundings_of(connections: Connections) -> Surroundings:
    """Give what an installation with these settings has around its engine; nothing is opened yet."""
    settings = connections.settings
    folder = settings.data_dir.absolute() / "cache" / "images"
    pictures = PictureFolder(folder, settings.image_cache_mb * MEGABYTE, utc_now)
    gallery = Gallery(partial(open_tmdb_images, url=settings.tmdb_image_url), pictures, utc_now)
    start = Start(marker=settings.data_dir.absolute() / FORCE_SYNC)
    return replace(surroundings(lambda: connections.settings, gallery), setup=SetUp(connections), start=start)


@contextmanager
def demo_engine(parts: Parts) -> Iterator[tuple[Engine, Surroundings]]:
    """Open the demo household in an empty folder that is removed at the end; no key and no network is needed."""
    setup_logging("WARNING", None, ())
    upstreams = parts.demo(utc_now())
    with tempfile.TemporaryDirectory(prefix="doublebill-demo-") as folder:
        store = open_store(Path(folder) / DATABASE)
        try:
            engine = Engine(store, parts.model(), partial(open_demo, upstreams), open_demo_services(upstreams))
            choice = ModelChoice(store, ModelFolder(Path(folder) / "models"), BUNDLED, engine.model)
            models = Models(engine, choice, partial(parts.source, BARE.settings()))
            yield engine, replace(BARE, find=find_in_demo(upstreams), models=models)
        finally:
            store.close()
