"""doublebill: a self-hosted recommender of films and series for households with Jellyfin."""

from importlib.metadata import version

__version__ = version("doublebill")
