"""Small parts for the commands: a text model without a file, and the demo's services with a small house."""

from doublebill.cli.opening import Parts
from doublebill.sync.engine import Model
from hashing_embedder import HashingEmbedder
from sync.house import House

SMALL = Parts(
    model=lambda: Model(HashingEmbedder().model_id, HashingEmbedder),
    demo=lambda _: House().upstreams,
)
