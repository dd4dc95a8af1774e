"""Asking: the clients of the services that doublebill reads from.

``http`` is how any of them is asked, ``jellyfin`` and ``tmdb`` are what is asked of each; the ``*_wire`` modules say
what their answers mean in our own vocabulary. Nothing is kept here and nothing is decided.
"""

from doublebill.sources.http import ApiClient, AsgiApp, Transport, in_process
from doublebill.sources.jellyfin import Jellyfin, Page, ServerInfo, open_jellyfin
from doublebill.sources.pace import Pace
from doublebill.sources.tmdb import Tmdb, open_tmdb
from doublebill.sources.tmdb_titles import Images

__all__ = [
    "ApiClient",
    "AsgiApp",
    "Images",
    "Jellyfin",
    "Pace",
    "Page",
    "ServerInfo",
    "Tmdb",
    "Transport",
    "in_process",
    "open_jellyfin",
    "open_tmdb",
]
