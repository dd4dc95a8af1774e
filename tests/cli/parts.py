"""Small parts for the commands: a text model without a file, and the demo's services with a small house."""

from typing import NoReturn

from doublebill.cli.opening import Parts
from doublebill.errors import SourceUnreachable
from doublebill.sync.engine import Model
from hashing_embedder import HashingEmbedder
from sync.house import House


def nobody(*_: object) -> NoReturn:
    """Refuse to be asked for a model: no test leaves this machine."""
    raise SourceUnreachable("Hugging Face", "is not asked in tests")


SMALL = Parts(
    model=lambda: Model(HashingEmbedder().model_id, HashingEmbedder),
    demo=lambda _: House().upstreams,
    source=nobody,
)
