"""What Radarr and Sonarr say when they refuse: read where it comes in, before only its status is left.

The client of all sources never looks into the body of a refusal, as most services have nothing to say there. These two
do: that a film is there already and that its folder is taken are both a 400. So a transport below the client reads the
body and raises. It must not name the types of the HTTP library, which one module alone knows; hence the two Any.
"""

import json
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from doublebill.errors import SourceError, SourceRefused, SourceUnreachable
from doublebill.sources.failures import ServerFault
from doublebill.sources.http import Transport
from doublebill.sources.servarr_wire import Complaint, Failure, Failures, plain

EXISTS = frozenset({"MovieExistsValidator", "SeriesExistsValidator"})
ID_FIELDS = frozenset({"tmdbid", "tvdbid"})


@dataclass(frozen=True, slots=True)
class Words:
    """What a refusal says: rules that were broken, or, where there are none, plain sentences."""

    failures: tuple[Failure, ...] = ()
    sentences: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it on one line."""
        told = [failure.error_message for failure in self.failures] or list(self.sentences)
        return plain("; ".join(filter(None, told)).rstrip(". ")) or "no reason given"

    @property
    def says_exists(self) -> bool:
        """Whether the title is in the library already."""
        return any(failure.error_code in EXISTS for failure in self.failures)

    @property
    def says_unknown(self) -> bool:
        """Whether the service's own metadata knows no such title: an id that is refused without breaking a rule."""
        return any(
            failure.error_code is None and (failure.property_name or "").lower() in ID_FIELDS
            for failure in self.failures
        )


class Declined(SourceRefused):
    """The service refused a request (400, 409) and said why."""

    def __init__(self, source: str, status: int, words: Words) -> None:
        super().__init__(source, f"refused the request ({status}): {words.text}")
        self.status = status
        self.words = words


class OutspokenTransport(Transport):
    """Raise what the service says in the body of a refusal; what says nothing is left to the client.

    ``secret`` is struck out of what is said, should a proxy repeat the headers of a request that it did not like.
    """

    def __init__(self, inner: Transport, source: str, *, secret: str) -> None:
        self._inner = inner
        self._source = source
        self._secret = secret.encode()

    async def handle_async_request(self, request: Any) -> Any:
        """Send a request on, and raise SourceError where the answer is a refusal with words."""
        response = await self._inner.handle_async_request(request)
        if response.status_code in (400, 409) or response.status_code >= 500:
            content: bytes = await response.aread()
            words = read_words(content.replace(self._secret, b"..."))
            if words is not None:
                raise refusal(self._source, response.status_code, request.url.path, words)
        return response

    async def aclose(self) -> None:
        """Close the transport below."""
        await self._inner.aclose()


def refusal(source: str, status: int, path: str, words: Words) -> SourceError:
    """Give the error for a refusal with words: 400, 409 or 5xx."""
    if status == 503 and "starting up" in words.text:
        return SourceUnreachable(source, "is still starting", hint="Try again in a minute")
    if status >= 500:
        hint = f"{source}'s metadata service may be down: try again later, or read the log of {source}"
        return ServerFault(source, f"failed on {path} ({status}): {words.text}", hint=hint, retry_after_s=None)
    return Declined(source, status, words)


def read_words(content: bytes) -> Words | None:
    """Read the body of a refusal, of whichever of the services' forms; None where it is not one of them."""
    try:
        body: JsonValue = json.loads(content)
    # RecursionError: a thousand brackets are an answer too.
    except (ValueError, RecursionError):
        return None
    if isinstance(body, list):
        failures = Failures.model_validate({"failures": body}).failures
        return Words(failures) if failures else None
    complaint = Complaint.model_validate(body if isinstance(body, dict) else {})
    return Words(sentences=complaint.words) if complaint.words else None
