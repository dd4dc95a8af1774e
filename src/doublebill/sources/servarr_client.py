"""What is asked of Radarr and Sonarr alike: set-up, queue, exclusions, and adding what was planned.

They are one code base twice, so all that differs here stands in a ``Dialect``; ``radarr`` and ``sonarr`` add what a
film or a series is. The choice a reader may question: adding is never tried a second time by itself. When the answer
does not come, the library is asked whether the title is there, and what was seen is said.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from pydantic import JsonValue

from doublebill.errors import Conflict, NotFound, SourceBroken, SourceError, SourceUnknown, SourceUnreachable
from doublebill.model import TitleKey
from doublebill.sources import servarr_wire as wire
from doublebill.sources.address import clean_key, key_variable, url_variable
from doublebill.sources.http import ApiClient, Params, Transport, network
from doublebill.sources.pace import Pace
from doublebill.sources.servarr import (
    AddOutcome,
    Download,
    LibraryEntry,
    Plan,
    Profile,
    RequestOptions,
    RootFolder,
    ServiceInfo,
    Tag,
)
from doublebill.sources.servarr_choices import choose_profile, choose_root_folder, choose_tags
from doublebill.sources.servarr_refusals import Declined, OutspokenTransport
from doublebill.sources.wire import read

PACE = Pace(connections=4, timeout_s=60.0, attempts=3)
"""No rate: it is the household's own server. A whole library on a small one takes its time."""

PAGE = 1000
MOST_PAGES = 100

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where the two services differ in what they share.

    ``titles`` is the path of the library, ``id_field`` the name of the id by which a title is added and asked for,
    ``id_of`` reads it, ``exclusions`` is the path of the list that import lists must not bring back, ``excludes`` the
    parameter that puts a title on it when it is taken out.
    """

    source: str
    titles: str
    exclusions: str
    id_field: str
    id_of: Callable[[wire.TitleRow], int | None]
    excludes: str


class Servarr:
    """Ask one Radarr or Sonarr. Every method raises SourceError of the kind that fits."""

    def __init__(self, client: ApiClient, dialect: Dialect) -> None:
        self.client = client
        self.dialect = dialect

    async def check(self) -> ServiceInfo:
        """Give name and version, having made sure that the key is taken and that it is the right application.

        Raises: SourceBroken if another application answers.
        """
        source = self.dialect.source
        status = read(source, wire.Status, await self.client.get("/api/v3/system/status"))
        hint = f"Set {url_variable(source)} to the address of {source}"
        if status.app_name is None or status.version is None:
            raise SourceBroken(source, "does not say what it is", hint=hint)
        if status.app_name.lower() != source.lower():
            raise SourceBroken(source, f"it is {wire.plain(status.app_name)} that answers there", hint=hint)
        return ServiceInfo(status.instance_name or status.app_name, status.version)

    async def profiles(self) -> list[Profile]:
        """Give the quality profiles, in the service's order."""
        return _present(map(wire.profile, await self._rows("/api/v3/qualityprofile", wire.ProfileRow)))

    async def root_folders(self) -> list[RootFolder]:
        """Give the root folders, those out of reach too."""
        return _present(map(wire.root_folder, await self._rows("/api/v3/rootfolder", wire.FolderRow)))

    async def tags(self) -> list[Tag]:
        """Give the tags."""
        return _present(map(wire.tag, await self._rows("/api/v3/tag", wire.TagRow)))

    async def queue(self) -> list[Download]:
        """Give what is on its way, one for each title; what has failed is not on its way."""
        rows = [wire.QueueRow.model_validate(row) for row in await self._pages("/api/v3/queue")]
        sizes: dict[int, dict[str, tuple[float, float]]] = {}
        for row in rows:
            service_id = wire.positive(row.movie_id) or wire.positive(row.series_id)
            if service_id and row.status != "failed":
                # The episodes of one download all state the size of the whole.
                sizes.setdefault(service_id, {})[row.download_id or f"row {row.id}"] = _size_and_left(row)
        return [Download(service_id, _share_done(list(parts.values()))) for service_id, parts in sizes.items()]

    async def exclusions(self) -> set[int]:
        """Give the ids (TMDB's for films, TheTVDB's for series) that import lists must not bring back.

        The services do not hold a request against this list: whoever asks has to.
        """
        path = self.dialect.exclusions
        try:
            answer: JsonValue = await self._pages(f"{path}/paged")
        except SourceUnknown:  # before it had pages
            answer = await self.client.get(path)
        rows = wire.rows(self.dialect.source, wire.ExclusionRow, answer)
        return {barred for row in rows if (barred := wire.positive(row.tmdb_id) or wire.positive(row.tvdb_id))}

    async def add(self, plan: Plan) -> AddOutcome:
        """Do what a plan says; a title that is there already is a success.

        Raises: Conflict if it is on the exclusion list and not forced, or the service objects (a folder that is taken);
            NotFound if its metadata no longer knows the title; SourceUnreachable or SourceBroken, saying whether the
            title is in the library, if there was no clear answer.
        """
        if plan.exists:
            return AddOutcome("exists", plan.service_id, plan.title)
        if plan.is_excluded and not plan.is_forced:
            hint = f"Take it off the list in {self.dialect.source} (Settings, Import Lists), or ask for it all the same"
            raise Conflict(f"{plan.title} is on the exclusion list of {self.dialect.source}", hint=hint)
        body = await self._with_new_tags(plan)
        try:
            row = read(self.dialect.source, wire.TitleRow, await self.client.post(self.dialect.titles, body))
        except Declined as refusal:
            return await self._after_refusal(plan, refusal)
        except (SourceUnreachable, SourceBroken) as error:
            return await self._after_silence(plan, error)
        return AddOutcome("added", row.service_id, row.title or plan.title)

    async def remove(self, entry: LibraryEntry) -> None:
        """Take a title without any file out of the library; one that went by itself is a success.

        Nothing on the disk is touched, and the title may be asked for again.
        Raises: Conflict if it has files.
        """
        source = self.dialect.source
        if entry.has_files:
            count = "a file" if entry.files == 1 else f"{entry.files} files"
            hint = f"Take it out in {source} itself if it is to go: doublebill takes out only what has not come yet"
            raise Conflict(f"{entry.title} has {count} in {source} already", hint=hint)
        with suppress(SourceUnknown):
            path = f"{self.dialect.titles}/{entry.service_id}"
            await self.client.delete(path, {"deleteFiles": False, self.dialect.excludes: False})

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def find(self, term: str) -> list[wire.TitleRow]:
        """Look a title up, in the library and beyond; what has no name is left out."""
        found = await self._rows(f"{self.dialect.titles}/lookup", wire.TitleRow, {"term": term})
        return [row for row in found if row.title]

    async def plan(
        self, key: TitleKey, found: wire.TitleRow, options: RequestOptions, own_fields: Mapping[str, JsonValue]
    ) -> Plan:
        """Plan to get a title that a look-up found; nothing is changed.

        Args:
            key: the title.
            found: what the look-up says, with a name and the id by which it is added.
            options: what was chosen.
            own_fields: what only films, or only series, say in the body.

        Raises: Conflict, naming the choices, if the chosen profile or folder does not exist.
        """
        source, title, added_by = self.dialect.source, found.title or str(key), self.dialect.id_of(found)
        assert added_by, "a look-up is only planned with its id"
        if found.service_id:
            return Plan(key=key, added_by=added_by, title=title, service_id=found.service_id, body={})
        profile = choose_profile(source, await self.profiles(), options.profile)
        folder = choose_root_folder(source, await self.root_folders(), options.root_folder)
        tag_ids, new_tags = choose_tags(source, await self.tags() if options.tags else [], options.tags)
        body: dict[str, JsonValue] = {
            self.dialect.id_field: added_by,
            "title": title,
            "qualityProfileId": profile.profile_id,
            "rootFolderPath": folder.path,
            "tags": [*tag_ids],
            **own_fields,
        }
        return Plan(
            key=key,
            added_by=added_by,
            title=title,
            is_excluded=found.is_excluded or added_by in await self.exclusions(),
            is_forced=options.force,
            profile=profile,
            new_tags=new_tags,
            body=body,
        )

    async def _with_new_tags(self, plan: Plan) -> dict[str, JsonValue]:
        """Give the body with the tags that have to be made first; the services give an existing label its old id."""
        known = plan.body.get("tags")
        tag_ids: list[JsonValue] = [*known] if isinstance(known, list) else []
        for label in plan.new_tags:
            tag = read(self.dialect.source, wire.TagRow, await self.client.post("/api/v3/tag", {"label": label}))
            if tag.id is None:
                raise SourceBroken(self.dialect.source, f"does not say the id of its new tag {label}")
            tag_ids.append(tag.id)
        return {**plan.body, "tags": tag_ids}

    async def _after_refusal(self, plan: Plan, refusal: Declined) -> AddOutcome:
        """Tell a title that is there already (success) from one that is not known and one that is in the way."""
        source, words = self.dialect.source, refusal.words
        if words.says_exists:
            held = await self._held(plan)
            return AddOutcome("exists", held.service_id if held else None, plan.title)
        # A 409 is a row that broke a rule of the database: mostly the same title, asked for twice at once.
        if refusal.status == 409 and (held := await self._held(plan)):
            return AddOutcome("exists", held.service_id, plan.title)
        if words.says_unknown:
            raise NotFound(f"{source} does not know {plan.title}: {words.text}") from refusal
        if words.failures or refusal.status == 409:
            raise Conflict(f"{source} does not take {plan.title}: {words.text}") from refusal
        raise refusal

    async def _after_silence(self, plan: Plan, error: SourceError) -> AddOutcome:
        """See whether the title arrived although no clear answer did."""
        source = self.dialect.source
        why = error.message.removeprefix(f"{source}: ")
        kind = SourceUnreachable if isinstance(error, SourceUnreachable) else SourceBroken
        try:
            held = await self._held(plan)
        except SourceError as second:
            message = f"gave no clear answer to adding {plan.title}, and whether it was added cannot be seen ({why})"
            hint = f"Look into {source}, or ask again: nothing is added twice"
            raise kind(source, message, hint=hint) from second
        if held is None:
            message = f"gave no clear answer to adding {plan.title}, and does not have it so far ({why})"
            raise kind(source, message, hint="Ask again: nothing is added twice") from error
        return AddOutcome("added", held.service_id, plan.title, f"{source} has it, but gave no clear answer ({why})")

    async def _held(self, plan: Plan) -> wire.TitleRow | None:
        """Give the planned title as it stands in the library, if it does."""
        rows = await self._rows(self.dialect.titles, wire.TitleRow, {self.dialect.id_field: plan.added_by})
        return next((row for row in rows if row.service_id and self.dialect.id_of(row) == plan.added_by), None)

    async def _rows(self, path: str, model: type[wire.Row], params: Params | None = None) -> list[wire.Row]:
        return wire.rows(self.dialect.source, model, await self.client.get(path, params))

    async def _pages(self, path: str) -> list[JsonValue]:
        """Read a paged list to its end: a page that is not full, or the stated total."""
        records: list[JsonValue] = []
        for page in range(1, MOST_PAGES + 1):
            params: Params = {"page": page, "pageSize": PAGE}
            paging = read(self.dialect.source, wire.Paging, await self.client.get(path, params))
            records += [row for row in paging.records if isinstance(row, dict)]
            if len(paging.records) < PAGE or len(records) >= (paging.total_records or MOST_PAGES * PAGE):
                break
        return records


def open_client(source: str, url: str, key: str, transport: Transport | None, pace: Pace = PACE) -> ApiClient:
    """Give the client of a Radarr or Sonarr at an address; the key travels as ``X-Api-Key``.

    Raises: ConfigError if address or key cannot be right.
    """
    key = clean_key(key, source)
    hint = (
        f"Copy {key_variable(source)} from {source}: Settings, General, API Key. If it is right, "
        f"{url_variable(source)} may lead to another application"
    )
    outspoken = OutspokenTransport(transport or network(source, url, pace), source, secret=key)
    return ApiClient(source, url, headers={"X-Api-Key": key}, pace=pace, transport=outspoken, key_hint=hint)


def _present(values: "map[T | None]") -> list[T]:
    return [value for value in values if value is not None]


def _size_and_left(row: wire.QueueRow) -> tuple[float, float]:
    size = max(0.0, row.size or 0.0)
    left = size if row.sizeleft is None else row.sizeleft
    return size, min(size, max(0.0, left))


def _share_done(parts: list[tuple[float, float]]) -> float | None:
    size, left = (sum(column) for column in zip(*parts, strict=True))
    return 1 - left / size if size else None
