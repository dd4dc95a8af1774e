"""What is asked of Sonarr: its series, and to get one.

Sonarr adds by TheTVDB's id. TMDB mostly knows that id; where it does not, Sonarr's own metadata service is asked for
``tmdb:ID``. Either way a result counts only if it does not name another TMDB id than ours: ids in these services are
typed in by people, and the wrong series on the disk is worse than none.
"""

from pydantic import JsonValue

from doublebill.errors import NotFound
from doublebill.model import Kind, TitleKey
from doublebill.sources import servarr_wire as wire
from doublebill.sources.http import Transport
from doublebill.sources.pace import Pace
from doublebill.sources.servarr import LibraryEntry, Plan, SeriesOptions
from doublebill.sources.servarr_client import PACE, Dialect, Servarr, open_client

SOURCE = "Sonarr"
DIALECT = Dialect(
    source=SOURCE,
    titles="/api/v3/series",
    exclusions="/api/v3/importlistexclusion",
    id_field="tvdbId",
    id_of=lambda row: wire.positive(row.tvdb_id),
    excludes="addImportListExclusion",
)

CLOSED_MONITORS = frozenset({"firstSeason", "pilot", "existing", "none"})
"""Whoever wants the beginning only, or nothing more, does not want what is made next year either."""


class Sonarr(Servarr):
    """Ask one Sonarr. Every method raises SourceError of the kind that fits."""

    async def library(self) -> list[LibraryEntry]:
        """Give all series that Sonarr has, with files or still without, in one read (about 4 kB for each)."""
        entries = map(wire.series_entry, wire.rows(SOURCE, wire.TitleRow, await self.client.get(DIALECT.titles)))
        return [entry for entry in entries if entry]

    async def held(self, tmdb_id: int, tvdb_id: int | None) -> LibraryEntry | None:
        """Give a series as it stands in the library; None if it is not there.

        It is found by TMDB's id in the whole library, as Sonarr cannot be asked by that; by TheTVDB's id only where
        Sonarr knows no TMDB id, for the same reason as in a look-up.
        """
        key, library = TitleKey(Kind.TV, tmdb_id), await self.library()
        by_tmdb = [entry for entry in library if entry.key == key]
        by_tvdb = [entry for entry in library if entry.key is None and entry.tvdb_id and entry.tvdb_id == tvdb_id]
        return next(iter([*by_tmdb, *by_tvdb]), None)

    async def plan_series(self, tmdb_id: int, tvdb_id: int | None, options: SeriesOptions) -> Plan:
        """Plan to get a series; nothing is changed.

        Args:
            tmdb_id: the series.
            tvdb_id: its id at TheTVDB, as far as TMDB knows it.
            options: what was chosen.

        Raises: NotFound if Sonarr knows no such series, Conflict if the chosen profile or folder does not exist.
        """
        found = await self._series(tmdb_id, tvdb_id)
        is_monitored = options.monitored and options.monitor != "none"
        own_fields: dict[str, JsonValue] = {
            # Sonarr takes both of these for false where they are not sent.
            "monitored": is_monitored,
            "seasonFolder": options.season_folder,
            "seriesType": options.series_type,
            "monitorNewItems": "none" if options.monitor in CLOSED_MONITORS else "all",
            "addOptions": {
                "monitor": options.monitor,
                "searchForMissingEpisodes": options.search,
                "searchForCutoffUnmetEpisodes": False,
            },
        }
        return await self.plan(TitleKey(Kind.TV, tmdb_id), found, options, own_fields)

    async def _series(self, tmdb_id: int, tvdb_id: int | None) -> wire.TitleRow:
        """Find a series by TheTVDB's id, else by TMDB's.

        Before 4.0.5 Sonarr named no TMDB id at all: then TheTVDB's id alone is trusted, and a TMDB id cannot be.
        """
        by_tvdb = await self.find(f"tvdb:{tvdb_id}") if tvdb_id else []
        of_tvdb = [row for row in by_tvdb if row.tvdb_id == tvdb_id]
        agreeing = [row for row in of_tvdb if wire.positive(row.tmdb_id) in (None, tmdb_id)]
        if not agreeing:
            by_tmdb = await self.find(f"tmdb:{tmdb_id}")
            agreeing = [row for row in by_tmdb if row.tmdb_id == tmdb_id and wire.positive(row.tvdb_id)]
        if not agreeing:
            raise _not_found(tmdb_id, of_tvdb)
        return agreeing[0]


def open_sonarr(url: str, key: str, *, transport: Transport | None = None, pace: Pace = PACE) -> Sonarr:
    """Give a client of the Sonarr at an address, with or without a sub-path.

    Raises: ConfigError if address or key cannot be right.
    """
    return Sonarr(open_client(SOURCE, url, key, transport, pace), DIALECT)


def _not_found(tmdb_id: int, others: list[wire.TitleRow]) -> NotFound:
    hint = f"TheTVDB may not have it, or {SOURCE} may not know its TMDB id: add it in {SOURCE} by its name"
    if others:
        other = others[0]
        named = f"its TVDB id {other.tvdb_id} is {other.title}, TMDB id {other.tmdb_id}"
        return NotFound(f"{SOURCE} knows no series with the TMDB id {tmdb_id}: {named}", hint=hint)
    return NotFound(f"{SOURCE} knows no series with the TMDB id {tmdb_id}", hint=hint)
