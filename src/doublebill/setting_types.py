"""What the value of a setting must look like: addresses, keys, files, paths, languages.

Each type checks one value and gives it in its one clean form; config.py says which setting has which. No message
repeats an address or a key: the one may hold a password, the other is one.
"""

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr


def _checked_secret(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value().strip()
    if not text.isascii() or not text.isprintable() or re.search(r"[ \"',]", text):
        raise ValueError("holds a character that no key has: copy it again, without quotes or blanks")
    return SecretStr(text)


def _secret_in_file(name: str) -> SecretStr:
    path = _expanded(Path(name.strip()))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ValueError(f"names {path}, which cannot be read ({error.strerror})") from error
    except UnicodeDecodeError:
        raise ValueError(f"names {path}, which is not text in UTF-8") from None  # its cause would carry the secret
    if not text.strip():
        raise ValueError(f"names {path}, which is empty")
    return SecretStr(text)


def _checked_url(text: str) -> str:
    if "://" not in text:
        raise ValueError("has no scheme: write http:// (or https://) in front")
    if not text.isprintable() or " " in text:
        raise ValueError("holds a blank or a character that no address has")
    try:
        parts = urlsplit(text)
        _ = parts.port  # read for its check: a port is a number up to 65535
    except ValueError:
        raise ValueError("has a host or a port that cannot be") from None  # its cause repeats the address
    if problem := _url_problem(parts):
        raise ValueError(problem)
    return text.rstrip("/")


def _url_problem(parts: SplitResult) -> str | None:
    if parts.scheme not in ("http", "https"):
        return "begins with neither http:// nor https://"
    if not parts.hostname:
        return "names no host"
    if "@" in parts.netloc:
        return "holds a user name or password, which would end up in logs: take it out"
    if parts.query or parts.fragment:
        return "goes on after a ? or a #: give only what stands before it"
    return None


def _checked_root_path(text: str) -> str:
    if "://" in text or re.search(r"[\s?#]", text):
        raise ValueError("is not a path such as /films")
    return f"/{text.strip('/')}".rstrip("/")


def _checked_host(text: str) -> str:
    if re.search(r"[\s/]", text):
        raise ValueError("is not an address to listen on, such as 127.0.0.1 or 0.0.0.0")
    return text


def _checked_language(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", text):
        raise ValueError("is not a language such as en-US or de-DE")
    return text


def _checked_model(text: str) -> str:
    place, at, revision = text.partition("@")
    is_name = place in {"auto", "bundled", "embeddinggemma", "embeddinggemma-torch"}
    is_on_hub = re.fullmatch(r"[\w.-]+/[\w.-]+", place) is not None
    if text.startswith(("/", "~", "./", "../")):
        return text
    if not (is_name or is_on_hub) or (at and not re.fullmatch(r"[\w./-]{1,200}", revision)):
        raise ValueError("is neither auto, embeddinggemma, bundled, OWNER/NAME of a model, nor a folder")
    return text


def _checked_slot(text: str) -> str:
    day, _, clock = text.rpartition(" ")
    day, clock = day.strip().capitalize()[:3], f"0{clock}"[-5:]
    is_time = re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", clock) is not None
    if text.lower() == "off":
        return "off"
    if not is_time or not re.fullmatch(r"|Mon|Tue|Wed|Thu|Fri|Sat|Sun", day):
        raise ValueError("is no time such as 03:00 or Mon 04:00, and not off")
    return f"{day} {clock}".strip()


def _expanded(path: Path) -> Path:
    """Replace ~ as a shell would, which never sees what stands in ``.env``."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError("begins with ~, but there is no such home folder") from error


Secret = Annotated[SecretStr, AfterValidator(_checked_secret)]
"""A key that a header can carry, without the blanks around it."""

SecretFile = Annotated[Secret, BeforeValidator(_secret_in_file)]
"""The path of a file, such as a Docker secret; the value is the key that stands in it."""

Url = Annotated[str, AfterValidator(_checked_url)]
"""http:// or https://, host, perhaps port and sub-path; no slash at the end, no user, password, query or fragment."""

RootPath = Annotated[str, AfterValidator(_checked_root_path)]
"""A path with a slash in front and none at the end; the root is empty."""

Host = Annotated[str, AfterValidator(_checked_host)]
"""A name or an address to listen on."""

ModelName = Annotated[str, AfterValidator(_checked_model)]
"""A known text model, a place on the Hugging Face hub, or a folder; a known one and a place may end in @REVISION."""

Language = Annotated[str, AfterValidator(_checked_language)]
"""ISO 639-1, with or without a region of ISO 3166-1, as TMDB takes it."""

SlotText = Annotated[str, AfterValidator(_checked_slot)]
"""A time of day, with a weekday in front (``Mon 04:00``) or on every day (``03:00``), or ``off``."""

FilePath = Annotated[Path, AfterValidator(_expanded)]
"""A path, with ~ replaced."""
