"""Getting what a person chose: planned, shown if only that is wanted, handed to Radarr or Sonarr, and taken back."""

import asyncio

from doublebill.errors import ConfigError, SourceError
from doublebill.model import TitleKey
from doublebill.sources.radarr import Radarr
from doublebill.sources.servarr import AddOutcome, FilmOptions, Plan, SeriesOptions
from doublebill.sync.engine import Engine
from doublebill.sync.services import service_of


async def plan_request(engine: Engine, key: TitleKey, options: FilmOptions | SeriesOptions) -> Plan:
    """Say what would be sent to get a title; nothing is changed.

    Raises: ConfigError if the service is not set up; NotFound, Conflict, SourceError as the clients say.
    """
    client = engine.services.open(service_of(key.kind))
    try:
        if isinstance(client, Radarr):
            assert isinstance(options, FilmOptions)  # films have film options
            return await client.plan_film(key.tmdb_id, options)
        assert isinstance(options, SeriesOptions)  # series have series options
        return await client.plan_series(key.tmdb_id, await tvdb_id_of(engine, key), options)
    finally:
        await client.close()


async def carry_out(engine: Engine, plan: Plan) -> AddOutcome:
    """Do what a plan says, and note it, so that the title shows as requested at once.

    Raises: Conflict, NotFound, SourceError as the clients say.
    """
    client = engine.services.open(service_of(plan.key.kind))
    try:
        outcome = await client.add(plan)
    finally:
        await client.close()
    engine.shelf.note(plan.key)
    return outcome


async def take_back(engine: Engine, key: TitleKey) -> str | None:
    """Take a title without any file out of its service again; give its name, or None if it was not there.

    Raises: ConfigError if the service is not set up; Conflict if there are files; SourceError as the clients say.
    """
    client = engine.services.open(service_of(key.kind))
    try:
        if isinstance(client, Radarr):
            entry = await client.held(key.tmdb_id)
        else:
            entry = await client.held(key.tmdb_id, await tvdb_id_of(engine, key))
        if entry:
            await client.remove(entry)
    finally:
        await client.close()
    engine.shelf.note_removed(key)
    return entry.title if entry else None


async def tvdb_id_of(engine: Engine, key: TitleKey) -> int | None:
    """Give TheTVDB's id of a series: as we know it, else as TMDB says; None where neither knows it or can be asked."""
    known = (await asyncio.to_thread(engine.store.titles, [key])).get(key)
    if known and known.tvdb_id:
        return known.tvdb_id
    try:
        upstreams = engine.open_upstreams()
    except ConfigError:
        return None
    try:
        return (await upstreams.tmdb.details(key)).title.tvdb_id
    except SourceError:  # Sonarr can still look it up by TMDB's id
        return None
    finally:
        await upstreams.close()
