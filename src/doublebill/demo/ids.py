"""Numbers and GUIDs made from names, so that the demo's ids never change while its catalogue grows."""

from functools import cache
from hashlib import sha256


@cache
def stable_id(namespace: str, name: str) -> int:
    """Make a number in 1..2^31-1 from a name; the same name always gives the same number.

    Two names of one namespace may meet (about once in 2^31 / n^2 * 2 for n names); the demo has a few thousand.
    """
    digest = sha256(f"{namespace}/{name}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % (2**31 - 1) + 1


def guid(*parts: str) -> str:
    """Make a GUID from names, as Jellyfin writes them: 32 hexadecimal digits without dashes."""
    return sha256("/".join(parts).encode()).hexdigest()[:32]


def person_id(name: str) -> int:
    """Give the TMDB-like id of an actor, director or creator."""
    return stable_id("person", name)


def keyword_id(word: str) -> int:
    """Give the TMDB-like id of a keyword."""
    return stable_id("keyword", word)
