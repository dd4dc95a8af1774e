"""Which text models there are here, which one is wanted, and which one serves; no model is loaded and none fetched.

What ``DOUBLEBILL_EMBEDDING`` names is wanted. With ``auto`` it is what somebody chose here, and else EmbeddingGemma.
Wanted and serving differ until every title has a vector of the wanted one: the two never mix.
"""

import logging
from functools import partial

from doublebill.embedding.offers import BUNDLED, GEMMA, KNOWN, Offer, name_of, offer_of, written
from doublebill.embedding.opening import model_id_of, open_fetched
from doublebill.embedding.protocol import Embedder
from doublebill.errors import Conflict, EmbeddingError, NotFound
from doublebill.store.model_files import ModelFolder
from doublebill.store.protocol import Store
from doublebill.sync.embed import Model
from doublebill.sync.engine import SERVING

log = logging.getLogger(__name__)

AUTO = "auto"
CHOSEN = "chosen_model"
"""The fact that says what somebody chose here, as they would write it into the setting."""


class ModelChoice:
    """The models of one installation."""

    def __init__(self, store: Store, folder: ModelFolder, setting: str, bundled: Model) -> None:
        """Take the setting ``auto``, ``bundled``, or whatever ``offer_of`` understands."""
        self.folder = folder
        self.bundled = bundled
        self._store = store
        self._setting = setting

    def wanted(self) -> Offer | None:
        """Give what is wanted; None is the bundled model."""
        wanted = self._chosen() if self._setting == AUTO else self._setting
        if wanted is None:
            return GEMMA
        return None if wanted == BUNDLED else offer_of(wanted)

    def offers(self) -> dict[str, Offer]:
        """Give every model besides the bundled one that is known, wanted or here, by its name."""
        here = (name for name in self.folder.names() if name not in KNOWN)
        offers = {**KNOWN, **{name: self._left_here(name) for name in here}}
        wanted = self.wanted()
        return offers | {wanted.name: wanted} if wanted else offers

    def offer(self, name: str) -> Offer | None:
        """Give one of ``offers``; None is the bundled model. Raises NotFound."""
        if name == BUNDLED:
            return None
        offers = self.offers()
        if name not in offers:
            raise NotFound(f"There is no model {name[:80]!r} here", hint="GET /models lists them.")
        return offers[name]

    def want(self, name: str) -> None:
        """Want one of ``offers`` from now on. Raises NotFound; Conflict as ``choose``."""
        self.choose(written(self.offer(name)))

    def choose(self, wanted: str) -> None:
        """Want a model from now on, in the words of the setting.

        Raises: Conflict if the setting itself says which, and says another.
        """
        if self._setting not in (AUTO, wanted):
            raise Conflict(
                f"DOUBLEBILL_EMBEDDING says which text model is wanted: {self._setting}",
                hint="Set it to auto, so that it can be chosen here, or to the model you want, and start again.",
            )
        self._store.remember(CHOSEN, wanted)

    def model(self, offer: Offer | None) -> Model | None:
        """Give a model, to be opened later; None if its files are not here.

        Raises: EmbeddingError if they do not say how to speak to it.
        """
        if offer is None:
            return self.bundled
        snapshot = self.folder.snapshot(offer.name)
        if snapshot is None:
            return None
        folder = self.folder.folder(offer.name)
        model_id = model_id_of(offer, folder, snapshot.revision)
        return Model(model_id, partial(open_fetched, offer, folder, snapshot.revision))

    def serving(self) -> Model:
        """Give the model whose vectors are published, as a start finds it, and write it down.

        In an empty store it is the wanted one, if that is here. If the files of one that has vectors are gone, its
        vectors serve on until another has some for every title; nothing new can be embedded meanwhile.
        """
        here = {model.model_id: model for model in self._models()}
        serving = self._store.recall(SERVING)
        if serving is None:
            wanted = self.model_or_none(self.wanted())
            has_vectors = bool(self._store.text_hashes(self.bundled.model_id))
            first = self.bundled if wanted is None or has_vectors else wanted
            self._store.remember(SERVING, first.model_id)
            return first
        return here.get(serving) or Model(serving, partial(_refuse, serving))

    def size_bytes(self, offer: Offer) -> int | None:
        """Say how much room a model takes; None if it is not here."""
        snapshot = self.folder.snapshot(offer.name)
        return snapshot.size_bytes if snapshot else None

    def is_here(self, model: Model) -> bool:
        """Whether a model can be opened."""
        return any(model.model_id == each.model_id for each in self._models())

    def remove(self, name: str, serving: Model) -> None:
        """Remove a model's files and vectors; if it was wanted, the bundled one is from now on.

        Raises: NotFound if it is not here; Conflict if it serves, is the bundled one, or the setting asks for it.
        """
        offer = self.offer(name)
        if offer is None:
            raise Conflict("The bundled model is a part of doublebill and cannot be removed")
        model = self.model_or_none(offer)
        if model and model.model_id == serving.model_id:
            raise Conflict(f"{name} serves", hint="Use another model first; when it has taken over, remove this one.")
        if self.wanted() == offer:
            self.choose(BUNDLED)
        if not self.folder.remove(name):
            raise NotFound(f"{name} is not here")
        kept = {serving.model_id, *(each.model_id for each in self._models())}
        log.info("%s is removed, and %d vectors with it", name, self._store.forget_vectors(kept))

    def _chosen(self) -> str | None:
        return self._store.recall(CHOSEN) or None

    def _models(self) -> list[Model]:
        found = [self.model_or_none(offer) for offer in self.offers().values()]
        return [self.bundled, *(model for model in found if model)]

    def model_or_none(self, offer: Offer | None) -> Model | None:
        """Give a model, to be opened later; None if its files are not here, or do not describe it."""
        try:
            return self.model(offer)
        except EmbeddingError as error:
            log.warning("The model %s is passed over: %s", name_of(offer), error.message)
            return None

    def _left_here(self, name: str) -> Offer:
        """Give the offer of a folder that is neither known nor wanted any more."""
        return offer_of(name.replace("--", "/", 1)) if not name.startswith("local--") else self._copied(name)

    def _copied(self, name: str) -> Offer:
        return Offer(name, str(self.folder.folder(name).absolute()), "A model that was copied here")


def _refuse(model_id: str) -> Embedder:
    raise EmbeddingError(f"the files of {model_id} are gone", hint="Choose a model on the status page.")
