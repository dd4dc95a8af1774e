"""A transport that holds every request against the official specification of the service it goes to.

Any room's tests can put it in front of a fake: ``open_tmdb(key, transport=CheckedTransport(fake, "tmdb", contracts))``.
The specifications are right about requests and wrong about answers, so only requests are checked.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import httpx2
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

Service = Literal["tmdb", "jellyfin", "jellyfin-10.11", "radarr", "sonarr"]

FILES: Mapping[Service, str] = {
    "tmdb": "tmdb-api-official-3.1.json",
    "jellyfin": "jellyfin-openapi-12.0.0.json",
    "jellyfin-10.11": "jellyfin-openapi-10.11.11.json",
    "radarr": "radarr-openapi-v3-develop-6.0.3.json",
    "sonarr": "sonarr-openapi-v3-4.0.19.json",
}
KEYS_IN_QUERY: Mapping[Service, frozenset[str]] = {"tmdb": frozenset({"api_key"})}
"""TMDB's v3 key is the only key that may travel in a query; its specification knows only the header."""

UNDECLARED: Mapping[Service, frozenset[str]] = {"tmdb": frozenset({"include_video_language"})}
"""TMDB takes it wherever videos are appended (its changelog of 28 July 2021), and declares it for series alone."""

FORBIDDEN_HEADERS = frozenset({"x-emby-token", "x-mediabrowser-token", "x-emby-authorization"})
JELLYFIN_KEY = re.compile(r'MediaBrowser Token="[^"]+"(, (Client|Device|DeviceId|Version)="[^"]*")*')


class ContractViolation(AssertionError):
    """A request that the service's own specification does not allow; no client of ours catches it."""


class CheckedTransport(httpx2.AsyncBaseTransport):
    """Check each request, then hand it on; ``seen`` lists what went out as "METHOD path".

    ``base_path`` is the sub-path under which the service is mounted, which its specification does not know.
    """

    def __init__(
        self, inner: httpx2.AsyncBaseTransport, service: Service, contracts: Path, *, base_path: str = ""
    ) -> None:
        self.seen: list[str] = []
        self._inner = inner
        self._service = service
        self._contracts = contracts
        self._base_path = base_path

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        check(request, self._service, self._contracts, base_path=self._base_path)
        self.seen.append(f"{request.method} {request.url.path}")
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


def check(request: httpx2.Request, service: Service, contracts: Path, *, base_path: str = "") -> None:
    """Raise ContractViolation if the specification does not allow the request; its body must have been read."""
    specification = load(service, contracts)
    asked = _asked(request, specification.server, base_path)
    try:
        specification.openapi.validate_request(asked)
    except OpenAPIError as error:
        raise ContractViolation(f"{request.method} {asked.path}: {error}: {error.__cause__ or ''}") from error
    _check_query(request, specification, asked.path, service)
    _check_key(request, service)


@dataclass(frozen=True)
class Specification:
    """A loaded specification: the validator, the address it believes to live at, its query names by path and method."""

    openapi: OpenAPI
    server: str
    queries: Mapping[tuple[str, str], frozenset[str]]


@cache
def load(service: Service, contracts: Path) -> Specification:
    """Read a specification once for all tests; it is not validated itself, which would take a minute."""
    document = json.loads((contracts / "openapi" / FILES[service]).read_text(encoding="utf-8"))
    # The server of the document is only a place-holder, and one with variables in two of them.
    document["servers"] = [{"url": "http://service.test"}]
    if service == "tmdb":
        document["components"]["securitySchemes"]["v3"] = {"type": "apiKey", "in": "query", "name": "api_key"}
        document["security"] = [*document["security"], {"v3": []}]
    openapi = OpenAPI.from_dict(document, config=Config(spec_validator_cls=None))
    return Specification(openapi, "http://service.test", _query_names(document))


@dataclass
class _Asked:
    """The request in the form that openapi-core reads (its Request protocol)."""

    host_url: str
    path: str
    method: str
    body: bytes | None
    content_type: str
    parameters: RequestParameters = field(default_factory=RequestParameters)


def _asked(request: httpx2.Request, server: str, base_path: str) -> _Asked:
    parameters = RequestParameters(
        query=ImmutableMultiDict(request.url.params.multi_items()), header=Headers(list(request.headers.items()))
    )
    path = request.url.path.removeprefix(base_path)
    content_type = request.headers.get("Content-Type", "")
    return _Asked(server, path, request.method.lower(), request.content or None, content_type, parameters)


def _check_query(request: httpx2.Request, specification: Specification, path: str, service: Service) -> None:
    """Refuse parameters that the operation does not declare: the library lets a misspelt one pass."""
    declared = next(
        names
        for (template, method), names in specification.queries.items()
        if method == request.method.lower() and _fits(template, path)
    )
    allowed = KEYS_IN_QUERY.get(service, frozenset()) | UNDECLARED.get(service, frozenset())
    unknown = set(request.url.params) - declared - allowed
    if unknown:
        raise ContractViolation(f"{request.method} {path}: undeclared query parameters {sorted(unknown)}")


def _check_key(request: httpx2.Request, service: Service) -> None:
    if forbidden := FORBIDDEN_HEADERS & set(request.headers):
        raise ContractViolation(f"headers of Jellyfin's past: {sorted(forbidden)}")
    if "apikey" in {name.lower() for name in request.url.params}:
        raise ContractViolation("a key in the query of a service that takes it in a header")
    if service.startswith("jellyfin") and not JELLYFIN_KEY.fullmatch(request.headers.get("Authorization", "")):
        raise ContractViolation("Jellyfin's key does not travel as MediaBrowser Token")


def _query_names(document: dict[str, Any]) -> dict[tuple[str, str], frozenset[str]]:
    """Give the declared query names of each operation, paths without variables first, as the most exact match."""
    names = {
        (path, method): frozenset(
            parameter["name"]
            for parameter in [*operations.get("parameters", []), *operation.get("parameters", [])]
            if parameter.get("in") == "query"
        )
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if isinstance(operation, dict)
    }
    return dict(sorted(names.items(), key=lambda entry: entry[0][0].count("{")))


def _fits(template: str, path: str) -> bool:
    pattern = "".join(
        "[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]+\})", template)
    )
    return re.fullmatch(pattern, path) is not None
