"""Models from the Hugging Face hub: which files a revision has, and their bytes piece by piece.

Files come in pieces of a few megabytes, each an ordinary request that is tried again and breaks off cleanly; so a
download of a gigabyte goes on after any cut, at the cost of asking for the place of the file each time. The token goes
to the hub alone: files lie with other hosts, which get signed addresses and no header of ours.
"""

from pydantic import BaseModel, Field, SecretStr, ValidationError

from doublebill.errors import SourceBroken, SourceRefused, SourceUnknown
from doublebill.model import ModelFile, ModelSnapshot
from doublebill.sources.http import ApiClient, SizeLimit, Transport, network
from doublebill.sources.pace import Pace

SOURCE = "Hugging Face"
URL = "https://huggingface.co"
PIECE_BYTES = 16_000_000
PACE = Pace(connections=2, timeout_s=300.0, attempts=4, max_wait_s=300.0)
"""A piece may take five minutes: 50 kB a second is slow, but gets there."""


class _Large(BaseModel):
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class _File(BaseModel):
    rfilename: str
    size: int | None = Field(None, ge=0)
    blob_id: str | None = Field(None, alias="blobId")
    lfs: _Large | None = None


class _Revision(BaseModel):
    """https://huggingface.co/docs/hub/api: ``/api/models/REPO/revision/NAME?blobs=true``."""

    sha: str = Field(pattern="^[0-9a-f]{40}$")
    siblings: list[_File]


class Hub:
    """Ask the hub. Every method raises SourceError of the kind that fits."""

    piece_bytes = PIECE_BYTES

    def __init__(self, client: ApiClient) -> None:
        self.client = client

    async def snapshot(self, place: str, revision: str) -> ModelSnapshot:
        """Say which commit a branch, tag or commit of ``owner/name`` is, and which files it has.

        Raises: SourceUnknown if there is no such model or revision; SourceRefused if it asks for a token, or for terms
            to be accepted; SourceError of another kind.
        """
        path = f"/api/models/{place}/revision/{revision.replace('/', '%2F')}"
        try:
            answer = await self.client.get(path, {"blobs": True})
            told = _Revision.model_validate(answer)
        except SourceUnknown as error:
            raise SourceUnknown(
                SOURCE, f"has no {place} at revision {revision}", hint="Check DOUBLEBILL_EMBEDDING, and the spelling."
            ) from error
        except SourceRefused as error:
            raise _refused(place) from error
        except ValidationError as error:
            raise SourceBroken(SOURCE, f"describes {place} in a way that is not its API") from error
        return ModelSnapshot(told.sha, tuple(_file(each) for each in told.siblings if each.size is not None))

    async def piece(self, place: str, revision: str, path: str, start: int, stop: int) -> bytes:
        """Give the bytes of a file from ``start`` up to ``stop``."""
        try:
            return await self.client.get_piece(f"/{place}/resolve/{revision}/{path}", start, stop)
        except SourceUnknown:
            raise
        except SourceRefused as error:
            raise _refused(place) from error

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()


def open_hub(token: SecretStr | None, *, url: str = URL, transport: Transport | None = None) -> Hub:
    """Give a client; ``url`` is another address for mirrors and tests, and ``token`` need not be there.

    Raises: ConfigError if the address cannot be right.
    """
    headers = {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}
    limited = SizeLimit(transport or network(SOURCE, url, PACE), SOURCE, 2 * PIECE_BYTES)
    return Hub(ApiClient(SOURCE, url, headers=headers, pace=PACE, transport=limited))


def _refused(place: str) -> SourceRefused:
    """Give the error for a model that asks who we are; one that does not exist is said to be so too."""
    hint = f"If the page of {place} asks for terms to be accepted, do so, and set HF_TOKEN to a token of that account."
    return SourceRefused(SOURCE, f"does not give us {place}", hint=hint)


def _file(told: _File) -> ModelFile:
    assert told.size is not None  # looked at before
    digest = f"sha256:{told.lfs.sha256}" if told.lfs else f"git:{told.blob_id}" if told.blob_id else None
    return ModelFile(told.rfilename, told.size, digest)
