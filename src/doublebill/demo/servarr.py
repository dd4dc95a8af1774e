"""What the played Radarr and Sonarr share: sign-in, settings, tags, exclusions, the queue, and the checks of a wish."""

import re
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import ClassVar, Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from doublebill.demo.servarr_input import ReadBody, failure, plain_refusal, read_body, unreadable
from doublebill.demo.service import DemoService, Json, Refusal

NEVER_ADDED: Final = "0001-01-01T00:00:00Z"
"""The date that .NET writes for what was never added."""


@dataclass(frozen=True, slots=True)
class ServarrSettings:
    """What the owner of a Radarr or Sonarr set up; profiles are id -> name, root folders path -> free bytes."""

    root_folders: Mapping[str, int]
    profiles: Mapping[int, str] = field(default_factory=lambda: {1: "Any", 4: "HD-1080p", 5: "Ultra-HD"})
    inaccessible: frozenset[str] = frozenset()
    tags: Sequence[str] = ("family",)


@dataclass(frozen=True, slots=True)
class Wish:
    """The fields of a POST that both services read; 0 and "" stand for what was not sent, as in .NET."""

    profile_id: int
    root_folder: str
    path: str
    monitored: bool
    tags: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Download:
    """Something on its way: what it is for, its size and what is left of it in bytes."""

    held_id: int
    name: str
    size: int
    left: int

    def body(self, queue_id: int) -> Json:
        """Give what an entry of the queue says in both services."""
        return {
            "title": self.name,
            "size": self.size,
            "sizeleft": self.left,
            "status": "downloading",
            "trackedDownloadStatus": "ok",
            "trackedDownloadState": "downloading",
            "statusMessages": [],
            "downloadId": f"demo-{queue_id}",
            "protocol": "torrent",
            "downloadClient": "Demo",
            "id": queue_id,
        }


class DemoServarr(DemoService):
    """The common half of Radarr and Sonarr; the other half knows films or series."""

    app_name: ClassVar[str]
    version: ClassVar[str]
    exclusions_path: ClassVar[str]

    def __init__(
        self, routes: Sequence[Route], settings: ServarrSettings, clock: Callable[[], datetime], key: str
    ) -> None:
        super().__init__([*routes, *self._common_routes()])
        self.settings = settings
        self.clock = clock
        self._key = key
        self._tags = list(settings.tags)
        self.downloads: dict[int, Download] = {}
        self.exclusions: dict[int, Json] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; every answer, also a refusal, names the version of the application."""

        async def send_signed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Application-Version"] = self.version
            await send(message)

        await super().__call__(scope, receive, send_signed)

    def gate(self, request: Request) -> Refusal | None:
        """Let in by query `apikey`, else `X-Api-Key`, else a bearer token; the query wins even if it is wrong."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        bearer = token.strip() if scheme.lower() == "bearer" else None
        given = request.query_params.get("apikey") or request.headers.get("X-Api-Key") or bearer
        return None if given == self._key else Refusal(401)

    def missing(self) -> Refusal:
        """Give the answer to a path that the service does not have."""
        return plain_refusal(404, "NotFound")

    @abstractmethod
    def excluded_body(self, body: ReadBody) -> tuple[int, Json]:
        """Read an exclusion that was sent: the id that it bars, and its body without an id of its own."""

    @abstractmethod
    def queue_body(self, queue_id: int, download: Download) -> Json:
        """Give an entry of the queue."""

    def exclude(self, barred_id: int, body: Json) -> Json:
        """Put a title on the exclusion list; it stays possible to add it."""
        self.exclusions.setdefault(barred_id, body | {"id": len(self.exclusions) + 1})
        return self.exclusions[barred_id]

    def _common_routes(self) -> list[Route]:
        return [
            Route("/api/v3/system/status", self._status),
            Route("/api/v3/qualityprofile", self._profiles),
            Route("/api/v3/rootfolder", self._root_folders),
            Route("/api/v3/tag", self._list_tags),
            Route("/api/v3/tag", self._add_tag, methods=["POST"]),
            Route("/api/v3/queue", self._queue),
            Route(self.exclusions_path, self._list_exclusions),
            Route(self.exclusions_path, self._add_exclusion, methods=["POST"]),
            Route(f"{self.exclusions_path}/paged", self._page_exclusions),
        ]

    async def _status(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "appName": self.app_name,
                "instanceName": self.app_name,
                "version": self.version,
                "isProduction": True,
                "isLinux": True,
                "isDocker": True,
                "osName": "alpine",
                "branch": "master",
                "authentication": "forms",
                "databaseType": "sqLite",
                "urlBase": "",
                "runtimeName": ".NET",
                "packageAuthor": "doublebill demo",
            }
        )

    async def _profiles(self, _request: Request) -> Response:
        profiles = self.settings.profiles.items()
        common: Json = {"upgradeAllowed": False, "cutoff": 7, "items": [], "minFormatScore": 0}
        common |= {"cutoffFormatScore": 0, "formatItems": []}
        return JSONResponse([{"name": name} | common | {"id": profile_id} for profile_id, name in profiles])

    async def _root_folders(self, _request: Request) -> Response:
        folders = enumerate(self.settings.root_folders.items(), start=1)
        return JSONResponse([self._root_folder(number, path, free) for number, (path, free) in folders])

    def _root_folder(self, number: int, path: str, free: int) -> Json:
        is_accessible = path not in self.settings.inaccessible
        body: Json = {"path": path, "accessible": is_accessible, "unmappedFolders": [], "id": number}
        return body | {"freeSpace": free} if is_accessible else body

    async def _list_tags(self, _request: Request) -> Response:
        return JSONResponse([{"label": label, "id": number} for number, label in enumerate(self._tags, start=1)])

    async def _add_tag(self, request: Request) -> Response:
        label = (await read_body(request)).text("label").lower()
        if not re.fullmatch("[a-z0-9-]+", label):
            message = "'Label' is not in the correct format."
            raise Refusal(400, [failure("Label", message, label, "RegularExpressionValidator")])
        if label not in self._tags:
            self._tags.append(label)
        return JSONResponse({"label": label, "id": self._tags.index(label) + 1}, 201)

    async def _queue(self, request: Request) -> Response:
        entries = [self.queue_body(number, each) for number, each in enumerate(self.downloads.values(), start=1)]
        return self._page(request, entries, "timeleft")

    async def _list_exclusions(self, _request: Request) -> Response:
        return JSONResponse(list(self.exclusions.values()), headers={"Deprecation": "true"})

    async def _page_exclusions(self, request: Request) -> Response:
        return self._page(request, list(self.exclusions.values()), "id")

    async def _add_exclusion(self, request: Request) -> Response:
        barred_id, body = self.excluded_body(await read_body(request))
        return JSONResponse(self.exclude(barred_id, body), 201)

    def _page(self, request: Request, records: Sequence[Json], sort_key: str) -> Response:
        page, size = (_positive(request, name, absent) for name, absent in (("page", 1), ("pageSize", 10)))
        body: Json = {"page": page, "pageSize": size, "sortKey": sort_key, "sortDirection": "ascending"}
        shown = records[(page - 1) * size : page * size]
        return JSONResponse(body | {"totalRecords": len(records), "records": list(shown)})

    def read_wish(self, body: ReadBody, *, monitored: bool) -> Wish:
        """Read what both services ask of a POST; `monitored` holds where it was not sent."""
        return Wish(
            profile_id=body.integer("qualityProfileId"),
            root_folder=body.text("rootFolderPath"),
            path=body.text("path"),
            monitored=body.boolean("monitored", absent=monitored),
            tags=body.integers("tags"),
        )

    def wish_failures(self, wish: Wish) -> list[Json]:
        """Give what is wrong with the profile and the folder of a wish, as the shared validators say it."""
        found: list[Json] = []
        if not wish.path:
            found += self._root_folder_failures(wish.root_folder)
        if wish.profile_id <= 0:
            message = "'Quality Profile Id' must be greater than '0'."
            found.append(failure("QualityProfileId", message, wish.profile_id, "GreaterThanValidator"))
        elif wish.profile_id not in self.settings.profiles:
            message = "Quality Profile does not exist"
            found.append(failure("QualityProfileId", message, wish.profile_id, "QualityProfileExistsValidator"))
        return found

    def _root_folder_failures(self, path: str) -> list[Json]:
        if not path:
            message = "'Root Folder Path' must not be empty."
            return [failure("RootFolderPath", message, path, "NotEmptyValidator")]
        if path.rstrip("/") not in {folder.rstrip("/") for folder in self.settings.root_folders}:
            message = f"Root folder '{path}' does not exist"
            return [failure("RootFolderPath", message, path, "RootFolderExistsValidator")]
        return []


def _positive(request: Request, name: str, absent: int) -> int:
    text = request.query_params.get(name, str(absent))
    if not text.isdecimal() or int(text) < 1:
        raise unreadable(name, f"The value '{text}' is not valid.")
    return int(text)


def folder_name(title: str, year: int | None) -> str:
    """Give the folder that the services make for a title: "Name (year)" without what file systems refuse."""
    bare = re.sub(r'[\\/:*?"<>|]', "", title)
    return f"{bare} ({year})" if year else bare


def moment(at: datetime) -> str:
    """Write a moment as the services do: UTC, whole seconds."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def midnight(day: date | None) -> str | None:
    """Write a day as the services do: its first moment, UTC."""
    return moment(datetime.combine(day, time(), UTC)) if day else None
