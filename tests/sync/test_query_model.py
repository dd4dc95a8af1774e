"""The text model while somebody searches: loaded once, shared, never waited for too long, let go when idle."""

import gc
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import numpy as np
import pytest

from doublebill.errors import EmbeddingError
from doublebill.sync.embed import Model
from doublebill.sync.query_model import IDLE_S, MOST_WAITING, REMEMBERED, LoadedModels, QueryModel
from hashing_embedder import HashingEmbedder


class Shelf:
    """Where models are loaded from; it counts, and loads when it is let to."""

    def __init__(self) -> None:
        self.loaded = 0
        self.embedded: list[str] = []
        self.is_open = threading.Event()
        self.is_open.set()
        self.is_broken = False

    def model(self, name: str = "one") -> Model:
        return Model(name, self.load)

    def load(self) -> HashingEmbedder:
        self.is_open.wait(5)
        self.loaded += 1
        if self.is_broken:
            raise EmbeddingError("the file is gone", hint="Install it again.")
        return Noting(self.embedded)


class Noting(HashingEmbedder):
    def __init__(self, embedded: list[str]) -> None:
        super().__init__()
        self._embedded = embedded

    def embed_query(self, text):
        self._embedded.append(text)
        return super().embed_query(text)


class Time:
    """A clock and a timer that move when they are told to."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.timers: list[tuple[float, object]] = []

    def start_timer(self, after_s, work) -> None:
        self.timers.append((self.now_s + after_s, work))

    def pass_time(self, seconds: float) -> None:
        self.now_s += seconds
        due = [timer for timer in self.timers if timer[0] <= self.now_s]
        self.timers = [timer for timer in self.timers if timer[0] > self.now_s]
        for _, work in due:
            work()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def queries(time: Time) -> QueryModel:
    return opened(time)


def opened(time: Time, wait_s: float = 5) -> QueryModel:
    return QueryModel(LoadedModels(), wait_s=wait_s, clock_s=lambda: time.now_s, start_timer=time.start_timer)


def test_the_model_is_loaded_by_the_first_query_and_no_other(queries, shelf):
    assert (queries.is_loaded, shelf.loaded) == (False, 0)
    vectors = [queries.vector(shelf.model(), text) for text in ("grief", "heist")]
    assert (queries.is_loaded, shelf.loaded) == (True, 1)
    np.testing.assert_array_equal(vectors, [HashingEmbedder().embed_query(text) for text in ("grief", "heist")])


def test_many_at_once_load_it_once(queries, shelf):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda text: queries.vector(shelf.model(), text), "abcdefgh"))
    assert shelf.loaded == 1


def test_the_same_words_are_embedded_once(queries, shelf):
    for text in ("grief", "heist", "grief"):
        queries.vector(shelf.model(), text)
    assert shelf.embedded == ["grief", "heist"]


def test_only_the_last_queries_are_remembered(queries, shelf):
    for text in (*map(str, range(REMEMBERED)), "0", "new", "0", "1"):
        queries.vector(shelf.model(), text)
    assert shelf.embedded[REMEMBERED:] == ["new", "1"]


def test_another_model_has_other_vectors(queries, shelf):
    for name in ("one", "other"):
        queries.vector(shelf.model(name), "grief")
    assert (shelf.loaded, shelf.embedded) == (2, ["grief", "grief"])


def test_a_request_does_not_wait_for_a_slow_model_and_the_loading_goes_on(shelf):
    models = LoadedModels()
    shelf.is_open.clear()
    impatient = QueryModel(models, wait_s=0, start_timer=lambda *_: None)
    with pytest.raises(EmbeddingError, match="is being loaded") as caught:
        impatient.vector(shelf.model(), "grief")
    assert caught.value.hint is not None
    shelf.is_open.set()
    QueryModel(models, wait_s=5, start_timer=lambda *_: None).vector(shelf.model(), "grief")
    assert shelf.loaded == 1


def test_no_more_requests_wait_than_leave_room_for_others(queries, shelf):
    shelf.is_open.clear()
    with ThreadPoolExecutor(MOST_WAITING + 1) as pool:
        asked = [pool.submit(queries.vector, shelf.model(), str(number)) for number in range(MOST_WAITING + 1)]
        refused, waiting = wait(asked, timeout=5, return_when=FIRST_COMPLETED)
        shelf.is_open.set()
    assert [str(each.exception()) for each in refused] == ["The text model is being loaded"]
    assert [each.exception() for each in waiting] == [None] * MOST_WAITING


def test_after_idle_minutes_it_is_let_go_and_comes_back_when_needed(queries, shelf, time):
    queries.vector(shelf.model(), "grief")
    time.pass_time(IDLE_S)
    assert not queries.is_loaded
    queries.vector(shelf.model(), "heist")
    assert (queries.is_loaded, shelf.loaded) == (True, 2)


def test_what_is_remembered_needs_no_model(queries, shelf, time):
    queries.vector(shelf.model(), "grief")
    time.pass_time(IDLE_S)
    queries.vector(shelf.model(), "grief")
    assert (queries.is_loaded, shelf.loaded) == (False, 1)


def test_who_asks_keeps_it_with_one_timer(queries, shelf, time):
    for number in range(5):
        queries.vector(shelf.model(), str(number))
        assert len(time.timers) == 1
        time.pass_time(IDLE_S * 0.6)
    assert (queries.is_loaded, shelf.loaded) == (True, 1)
    time.pass_time(IDLE_S)
    assert (queries.is_loaded, time.timers) == (False, [])


def test_one_that_cannot_be_loaded_says_so_and_is_tried_again_later(queries, shelf, time):
    shelf.is_broken = True
    for _ in range(3):
        with pytest.raises(EmbeddingError, match="the file is gone"):
            queries.vector(shelf.model(), "grief")
    assert shelf.loaded == 1
    shelf.is_broken = False
    time.pass_time(IDLE_S)
    queries.vector(shelf.model(), "grief")
    assert shelf.loaded == 2


def test_a_job_and_a_query_share_one_model(shelf, time):
    models = LoadedModels()
    queries = QueryModel(models, clock_s=lambda: time.now_s, start_timer=time.start_timer)
    job = models.shared(shelf.model()).open()
    queries.vector(shelf.model(), "grief")
    assert (models.open(shelf.model()) is job, shelf.loaded) == (True, 1)


def test_with_the_last_who_holds_it_a_model_goes(shelf):
    models = LoadedModels()
    held = models.open(shelf.model())
    assert models.open(shelf.model()) is held
    del held
    gc.collect()
    models.open(shelf.model())
    assert shelf.loaded == 2
