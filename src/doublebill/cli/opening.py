"""Engines for the commands: the real household's from its settings, the demo's in a folder that is thrown away."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from doublebill.config import Settings, load_settings
from doublebill.demo.upstreams import DemoUpstreams, demo_upstreams
from doublebill.embedding.bundled import bundled_model_id, open_bundled
from doublebill.logs import setup_logging
from doublebill.store.sqlite import open_store
from doublebill.sync.embed import Model
from doublebill.sync.engine import Engine, utc_now
from doublebill.sync.upstreams import open_demo, open_demo_services, open_services, open_upstreams

DATABASE = "doublebill.db"


def bundled_model() -> Model:
    """Give the text model that comes with the package; it is loaded when a sync first needs it."""
    return Model(bundled_model_id(), open_bundled)


@dataclass(frozen=True, slots=True)
class Parts:
    """What engines are made with; the app's context object, so that tests run the commands with smaller ones."""

    model: Callable[[], Model] = bundled_model
    demo: Callable[[datetime], DemoUpstreams] = demo_upstreams


@contextmanager
def real_engine(parts: Parts) -> Iterator[tuple[Engine, Settings]]:
    """Open the household that the settings describe. Raises ConfigError, StoreError."""
    settings = load_settings()
    data_dir = settings.prepare_data_dir()
    setup_logging(settings.log_level, data_dir, settings.secrets)
    store = open_store(data_dir / DATABASE)
    try:
        yield Engine(store, parts.model(), partial(open_upstreams, settings), open_services(settings)), settings
    finally:
        store.close()


@contextmanager
def demo_engine(parts: Parts) -> Iterator[Engine]:
    """Open the demo household in an empty folder that is removed at the end; no key and no network is needed."""
    setup_logging("WARNING", None, ())
    upstreams = parts.demo(utc_now())
    with tempfile.TemporaryDirectory(prefix="doublebill-demo-") as folder:
        store = open_store(Path(folder) / DATABASE)
        try:
            yield Engine(store, parts.model(), partial(open_demo, upstreams), open_demo_services(upstreams))
        finally:
            store.close()
