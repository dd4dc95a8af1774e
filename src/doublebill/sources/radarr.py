"""What is asked of Radarr: its films, and to get one.

A film is looked up by ``tmdb:ID``. The other look-up, by the id alone, answers an unknown id with a 500.
"""

from pydantic import JsonValue

from doublebill.errors import NotFound
from doublebill.model import Kind, TitleKey
from doublebill.sources import servarr_wire as wire
from doublebill.sources.http import Transport
from doublebill.sources.pace import Pace
from doublebill.sources.servarr import FilmOptions, LibraryEntry, Plan
from doublebill.sources.servarr_client import PACE, Dialect, Servarr, open_client

SOURCE = "Radarr"
DIALECT = Dialect(
    source=SOURCE,
    titles="/api/v3/movie",
    exclusions="/api/v3/exclusions",
    id_field="tmdbId",
    id_of=lambda row: wire.positive(row.tmdb_id),
    excludes="addImportExclusion",
)


class Radarr(Servarr):
    """Ask one Radarr. Every method raises SourceError of the kind that fits."""

    async def library(self) -> list[LibraryEntry]:
        """Give all films that Radarr has, with a file or still without, in one read (about 6 kB for each)."""
        # Rewriting the addresses of all posters to local ones is most of Radarr's work here.
        answer = await self.client.get(DIALECT.titles, {"excludeLocalCovers": True})
        entries = map(wire.film_entry, wire.rows(SOURCE, wire.TitleRow, answer))
        return [entry for entry in entries if entry]

    async def held(self, tmdb_id: int) -> LibraryEntry | None:
        """Give a film as it stands in the library; None if it is not there."""
        answer = await self.client.get(DIALECT.titles, {"tmdbId": tmdb_id, "excludeLocalCovers": True})
        entries = map(wire.film_entry, wire.rows(SOURCE, wire.TitleRow, answer))
        return next((entry for entry in entries if entry and entry.key == TitleKey(Kind.MOVIE, tmdb_id)), None)

    async def plan_film(self, tmdb_id: int, options: FilmOptions) -> Plan:
        """Plan to get a film; nothing is changed.

        Raises: NotFound if Radarr knows no such film, Conflict if the chosen profile or folder does not exist.
        """
        found = next((row for row in await self.find(f"tmdb:{tmdb_id}") if row.tmdb_id == tmdb_id), None)
        if found is None:
            raise NotFound(f"{SOURCE} knows no film with the TMDB id {tmdb_id}")
        monitor = "movieOnly" if options.monitored else "none"
        own_fields: dict[str, JsonValue] = {
            "monitored": options.monitored,
            "minimumAvailability": options.minimum_availability,
            "addOptions": {"monitor": monitor, "searchForMovie": options.search, "addMethod": "manual"},
        }
        return await self.plan(TitleKey(Kind.MOVIE, tmdb_id), found, options, own_fields)


def open_radarr(url: str, key: str, *, transport: Transport | None = None, pace: Pace = PACE) -> Radarr:
    """Give a client of the Radarr at an address, with or without a sub-path.

    Raises: ConfigError if address or key cannot be right.
    """
    return Radarr(open_client(SOURCE, url, key, transport, pace), DIALECT)
