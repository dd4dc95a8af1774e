"""The text model while somebody searches by meaning: loaded when it is first needed, let go when nobody asks any more.

A request never loads it: a thread of its own does, and a request waits for that only a moment. Whoever has the same
model loaded at the same time, such as the embedding job of a sync, shares it, so that it stands in memory once.

The decision a reader would question: the memory of a loaded model is guarded by references, not by counting who uses
it. Here it is held for some idle minutes, a job holds it while it runs, and with the last of them it goes.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from weakref import WeakValueDictionary

from doublebill.embedding.protocol import Embedder, Vectors
from doublebill.errors import EmbeddingError
from doublebill.sync.embed import Model
from doublebill.sync.memory import give_back_memory
from doublebill.sync.priority import yield_to_others

IDLE_S = 300.0
"""How long after the last new query the model stays loaded."""

WAIT_S = 2.0
"""How long a request waits for the model; the bundled one takes about half a second."""

MOST_WAITING = 16
"""So many requests may wait at once; the server has 40 threads, and the others are for those that need no model."""

REMEMBERED = 256
"""Vectors of the last queries, half a megabyte: going back in what was typed costs nothing."""

log = logging.getLogger(__name__)

StartTimer = Callable[[float, Callable[[], None]], object]
"""Have something done in so many seconds."""


def start_timer(after_s: float, work: Callable[[], None]) -> None:
    """Have something done in so many seconds, on a thread that does not keep the process from ending."""
    timer = threading.Timer(after_s, work)
    timer.daemon = True
    timer.start()


class LoadedModels:
    """The text models that somebody holds loaded, each once, whoever asks; all methods from any thread."""

    def __init__(self) -> None:
        self._alive: WeakValueDictionary[str, Embedder] = WeakValueDictionary()
        self._loading = threading.Lock()

    def open(self, model: Model) -> Embedder:
        """Give a model that is loaded already, else load it. Raises EmbeddingError if it cannot be."""
        with self._loading:
            embedder = self._alive.get(model.model_id)
            if embedder is None:
                give_back_memory()  # what a sync left behind would else add to the peak
                embedder = self._alive[model.model_id] = model.open()
                give_back_memory()
            return embedder

    def shared(self, model: Model) -> Model:
        """Give the same model, which opens as the one that is loaded already."""
        return replace(model, open=partial(self.open, model))


class QueryModel:
    """Vectors of what people look for; all methods from any thread."""

    def __init__(
        self,
        models: LoadedModels,
        *,
        wait_s: float = WAIT_S,
        clock_s: Callable[[], float] = time.monotonic,
        start_timer: StartTimer = start_timer,
    ) -> None:
        self._models = models
        self._wait_s = wait_s
        self._clock_s = clock_s
        self._start_timer = start_timer
        self._lock = threading.Lock()
        self._waiting = threading.Semaphore(MOST_WAITING)
        self._opening: tuple[str, Future[Embedder]] | None = None
        self._used_at_s = 0.0
        self._is_timed = False
        self._vectors: OrderedDict[tuple[str, str], Vectors] = OrderedDict()

    @property
    def is_loaded(self) -> bool:
        """Whether a model is held, or being loaded, for searches."""
        return self._opening is not None

    def vector(self, model: Model, text: str) -> Vectors:
        """Embed what somebody looks for, (d,) of unit length.

        Raises: EmbeddingError if the text has no vector, if the model cannot be loaded (that is tried again after
            ``IDLE_S``), or if it is still being loaded after a moment; the loading goes on.
        """
        name = (model.model_id, text)
        with self._lock:
            if name in self._vectors:
                self._vectors.move_to_end(name)
                return self._vectors[name]
        vector = self._loaded(model).embed_query(text)
        with self._lock:
            self._used_at_s = self._clock_s()
            self._vectors[name] = vector
            if len(self._vectors) > REMEMBERED:
                self._vectors.popitem(last=False)
        return vector

    def _loaded(self, model: Model) -> Embedder:
        opening = self._opening_of(model)
        if opening.done():
            return opening.result()
        if not self._waiting.acquire(blocking=False):
            raise _still_loading()
        try:
            return opening.result(self._wait_s)
        except TimeoutError as error:
            raise _still_loading() from error
        finally:
            self._waiting.release()

    def _opening_of(self, model: Model) -> Future[Embedder]:
        """Give the model as it is loaded or being loaded, and begin with that if it is not."""
        with self._lock:
            if self._opening is None or self._opening[0] != model.model_id:
                self._opening = (model.model_id, self._begin(model))
                self._used_at_s = self._clock_s()
            if not self._is_timed:
                self._is_timed = True
                self._start_timer(IDLE_S, self._release_if_idle)
            return self._opening[1]

    def _begin(self, model: Model) -> Future[Embedder]:
        """Load on a thread that yields, as all threads will that the model starts: a job may come to share it."""
        thread = ThreadPoolExecutor(1, "query model", initializer=yield_to_others)
        opening = thread.submit(self._models.open, model)
        thread.shutdown(wait=False)
        return opening

    def _release_if_idle(self) -> None:
        """Let go of a model that nobody asked for long enough, else look again when that could be so."""
        with self._lock:
            left_s = self._used_at_s + IDLE_S - self._clock_s()
            self._is_timed = left_s > 0
            if self._is_timed:
                self._start_timer(left_s, self._release_if_idle)
            else:
                self._opening = None
                give_back_memory()
                log.info("no search by meaning for %d minutes: the text model is let go", IDLE_S // 60)


def _still_loading() -> EmbeddingError:
    return EmbeddingError("The text model is being loaded", hint="Search again in a moment.")
