"""The JSON of Jellyfin 12, made from the state of its world.

Names in PascalCase, GUIDs without dashes (except `UserData.Key`), dates with seven digits of a second, nulls left out
(`ChannelId` is the recorded exception).
"""

from collections.abc import Set
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from doublebill.demo.ids import guid
from doublebill.demo.jellyfin_world import JellyfinItem, UserData
from doublebill.demo.service import Json

VERSION: Final = "12.1.0"
SERVER_ID: Final = guid("jellyfin", "server")
TICKS_PER_MIN: Final = 600_000_000

PUBLIC_INFO: Final[Json] = {
    "LocalAddress": "http://jellyfin.invalid",
    "ServerName": "Demo",
    "Version": VERSION,
    "ProductName": "Jellyfin Server",
    "OperatingSystem": "",
    "Id": SERVER_ID,
    "StartupWizardCompleted": True,
}

PRIVATE_INFO: Final[Json] = PUBLIC_INFO | {
    "OperatingSystemDisplayName": "",
    "HasPendingRestart": False,
    "IsShuttingDown": False,
    "SupportsLibraryMonitor": True,
    "WebSocketPortNumber": 8096,
    "CompletedInstallations": [],
    "CanSelfRestart": True,
    "CanLaunchWebBrowser": False,
    "HasUpdateAvailable": False,
    "EncoderLocation": "System",
    "SystemArchitecture": "X64",
}

LIBRARIES: Final[dict[str, tuple[str, str]]] = {
    guid("jellyfin", "library", "movies"): ("Films", "movies"),
    guid("jellyfin", "library", "tvshows"): ("Series", "tvshows"),
}
"""Library id -> its name and its collection type."""


def virtual_folders() -> list[Json]:
    """Give the libraries as an administrator sees them."""
    return [
        {
            "Name": name,
            "Locations": [f"/media/{collection_type}"],
            "CollectionType": collection_type,
            "LibraryOptions": {"Enabled": True, "PathInfos": [{"Path": f"/media/{collection_type}"}]},
            "ItemId": library_id,
            "RefreshStatus": "Idle",
        }
        for library_id, (name, collection_type) in LIBRARIES.items()
    ]


def library_items() -> list[Json]:
    """Give the libraries as items, which is what stands at the root of a query that is not recursive."""
    return [
        {"Name": name, "ServerId": SERVER_ID, "Id": library_id, "IsFolder": True, "Type": "CollectionFolder"}
        | {"CollectionType": collection_type}
        for library_id, (name, collection_type) in LIBRARIES.items()
    ]


def user_body(person_id: str, name: str) -> Json:
    """Give a user without the settings that only administrators care for."""
    return {
        "Name": name,
        "ServerId": SERVER_ID,
        "Id": person_id,
        "HasPassword": True,
        "HasConfiguredPassword": True,
        "HasConfiguredEasyPassword": False,
        "EnableAutoLogin": False,
    }


def item_body(item: JellyfinItem, data: UserData | None, fields: Set[str]) -> Json:
    """Give an item, with `data` where a user is known, and with those extras that `fields` (lower case) names."""
    body: Json = {
        "Name": item.name,
        "ServerId": SERVER_ID,
        "Id": item.item_id,
        "ChannelId": None,
        "RunTimeTicks": _ticks(item.runtime_min),
        "ProductionYear": item.year,
        "IsFolder": item.item_type == "Series",
        "Type": item.item_type,
        "ImageBlurHashes": {},
        "LocationType": "Virtual" if item.is_missing else "FileSystem",
        "MediaType": "Unknown" if item.item_type == "Series" else "Video",
        "SeriesName": item.series_name,
        "SeriesId": item.series_id,
        "IndexNumber": item.episode,
        "ParentIndexNumber": item.season,
        "UserData": user_data_body(item, data) if data else None,
        "ProviderIds": dict(item.provider_ids) if "providerids" in fields else None,
        "DateCreated": moment(item.added_at) if "datecreated" in fields else None,
        "SortName": item.name.casefold() if "sortname" in fields else None,
    }
    return {name: value for name, value in body.items() if value is not None or name == "ChannelId"}


def user_data_body(item: JellyfinItem, data: UserData) -> Json:
    """Give a person's row for an item; the percentage stands only while a position does, never on a finished item."""
    body: Json = {
        "Rating": data.rating,
        "PlayedPercentage": _percentage(item, data),
        "UnplayedItemCount": data.unplayed_count,
        "PlaybackPositionTicks": _ticks(data.position_min),
        "PlayCount": data.play_count,
        "IsFavorite": data.is_favorite,
        "Likes": data.likes,
        "LastPlayedDate": moment(data.last_played_at) if data.last_played_at else None,
        "Played": data.played,
        "Key": str(UUID(item.item_id)),
        "ItemId": item.item_id,
    }
    return {name: value for name, value in body.items() if value is not None}


def moment(at: datetime) -> str:
    """Write a moment as .NET does: seven digits of a second, and Z."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}0Z"


def _ticks(minutes: float | None) -> int | None:
    return None if minutes is None else round(minutes * TICKS_PER_MIN)


def _percentage(item: JellyfinItem, data: UserData) -> float | None:
    if not item.runtime_min or not data.position_min:
        return None
    return 100 * data.position_min / item.runtime_min
