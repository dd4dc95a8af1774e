"""What a person typed: the address and the key of a source, checked before anything is sent.

A message names the variable to correct and never repeats the value: an address may hold a password, a key is one.
"""

from urllib.parse import SplitResult, urlsplit

from doublebill.errors import ConfigError

OWN_VARIABLES = {
    "TMDB": "DOUBLEBILL_TMDB_URL",
    "TMDB images": "DOUBLEBILL_TMDB_IMAGE_URL",
    "Hugging Face": "HF_ENDPOINT",
}
"""The addresses that have a default, and so a name that does not follow from the source's."""


def url_variable(source: str) -> str:
    """Give the name of the variable that holds the address of a source."""
    return OWN_VARIABLES.get(source, f"{source.upper()}_URL")


def key_variable(source: str) -> str:
    """Give the name of the variable that holds the key of a source."""
    return f"{source.upper()}_API_KEY"


def clean_url(text: str, source: str) -> str:
    """Give the address without a slash at the end: scheme, host, port and sub-path.

    Raises: ConfigError if it is not the address of a web service, or holds more than an address should.
    """
    text = text.strip()
    if problem := _url_problem(text):
        variable = url_variable(source)
        hint = f"Set {variable} to something like http://192.168.1.10:8096 or https://media.example.org/sub-path"
        raise ConfigError(f"{variable}: the address of {source} {problem}", hint=hint)
    return text.rstrip("/")


def clean_key(text: str, source: str) -> str:
    """Give the key without the blanks around it.

    Raises: ConfigError if it is empty or holds a character that no key has (a header could not carry it).
    """
    key, variable = text.strip(), key_variable(source)
    if not key:
        raise ConfigError(f"{variable} is empty", hint=f"Set {variable} to the key of {source}")
    if not key.isascii() or not key.isprintable() or any(letter in key for letter in " \"',"):
        hint = f"Copy the key of {source} again, without quotes or blanks"
        raise ConfigError(f"{variable} holds a character that no key has", hint=hint)
    return key


def _url_problem(text: str) -> str | None:
    if not text:
        return "is empty"
    if "://" not in text:
        return "has no http:// or https:// in front"
    if not text.isprintable() or " " in text or "\\" in text:
        return "holds a blank or a character that no address has"
    try:
        parts = urlsplit(text)
        _ = parts.port  # read for its check: a port is a number up to 65535
    except ValueError:
        return "has a host or a port that cannot be"
    return _part_problem(parts)


def _part_problem(parts: SplitResult) -> str | None:
    if parts.scheme not in ("http", "https"):
        return f"begins with {parts.scheme}://, not with http:// or https://"
    if not parts.hostname:
        return "names no host"
    if parts.username is not None or parts.password is not None:
        return "holds a user name or password, which would end up in logs"
    if parts.query or parts.fragment:
        return "goes on after a ? or #; give only what stands before it"
    return None
