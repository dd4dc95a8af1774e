"""What a bad answer, or none, means: from statuses and sockets to the error tree, once for all sources.

Pure functions from what happened to the error to raise. Paths are named, queries never: a query may carry a key.
"""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from doublebill.errors import SourceBroken, SourceError, SourceLimited, SourceRefused, SourceUnknown, SourceUnreachable
from doublebill.sources.address import key_variable, url_variable


class ServerFault(SourceBroken):
    """The service failed inside (5xx), which often passes; ``retry_after_s`` is when it wishes to be asked again."""

    def __init__(self, source: str, message: str, *, hint: str, retry_after_s: float | None) -> None:
        super().__init__(source, message, hint=hint)
        self.retry_after_s = retry_after_s


def refusal(source: str, status: int, path: str, key_hint: str | None) -> SourceError:
    """Give the error for a status from 300 to 499 but 429: what was asked for is not to be had this way."""
    if status == 401:
        return SourceRefused(source, "does not accept the key (401)", hint=key_hint or f"Check {key_variable(source)}")
    if status == 403:
        return SourceRefused(source, f"does not allow {path} with this key (403)", hint=key_hint)
    if status == 404:
        hint = f"If nothing at all is found, {url_variable(source)} may lack a sub-path"
        return SourceUnknown(source, f"knows no {path} (404)", hint=hint)
    if status >= 400:
        return SourceRefused(source, f"refused the request for {path} ({status})")
    return SourceBroken(source, f"answered {path} with a status that its API does not have ({status})")


def fault(source: str, status: int, path: str, retry_after_s: float | None) -> ServerFault:
    """Give the error for a status of 500 and above."""
    hint = (
        f"It, or a proxy before it, may be starting or overloaded: try again in a minute, or read the log of {source}"
    )
    return ServerFault(source, f"failed on {path} ({status})", hint=hint, retry_after_s=retry_after_s)


def limited(source: str, pause_s: float) -> SourceLimited:
    """Give the error for a pause that is longer than we wait."""
    message = f"asks to slow down for {pause_s:.0f} s"
    return SourceLimited(source, message, retry_after_s=pause_s, hint="Nothing is lost: try again after that")


def unreachable(source: str, host: str, error: BaseException) -> SourceUnreachable:
    """Give the error for a request that brought no answer; the reason is found in the chain of causes."""
    why = next(filter(None, map(_reason, _causes(error))), "no connection, or it broke off")
    hint = f"Is {source} running and reachable from here, and is {url_variable(source)} right?"
    return SourceUnreachable(source, f"cannot be reached at {host}: {why}", hint=hint)


def not_its_api(source: str, path: str, content_type: str) -> SourceBroken:
    """Give the error for an answer that is not JSON."""
    what = "a web page" if "html" in content_type.lower() else "something that is not JSON"
    variable = url_variable(source)
    hint = f"A proxy or its log-in page may answer instead; {variable} may lack a sub-path or name another service"
    return SourceBroken(source, f"answered {path} with {what}", hint=hint)


def sent_elsewhere(source: str, host: str) -> SourceBroken:
    """Give the error for a redirect that the key must not follow."""
    message = f"sends us on to {host or 'an address that cannot be'}; the key is not taken there"
    variable = url_variable(source)
    hint = f"If that is the right place, set {variable} to it; if it is a log-in page, let doublebill pass it by"
    return SourceBroken(source, message, hint=hint)


def retry_after_s(value: str | None, date: str | None) -> float | None:
    """Read a Retry-After header, seconds or a date (RFC 9110, 10.2.3); None where it is absent or says nothing.

    A date is held against the Date of the same answer: the clock of the service may differ from ours.
    """
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    wanted, said = http_date(value), http_date(date or "")
    if wanted is None:
        return None
    return max(0.0, (wanted - (said or datetime.now(UTC))).total_seconds())


def http_date(text: str) -> datetime | None:
    """Read a moment as HTTP writes it (RFC 9110, 5.6.7); None where it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _reason(error: BaseException) -> str | None:
    match error:
        case ssl.SSLCertVerificationError():
            return "its certificate is not trusted"
        case ssl.SSLError():
            return "no secure connection can be agreed (is it http:// rather than https://?)"
        case socket.gaierror():
            return "there is no host of that name"
        case TimeoutError():
            return "no answer in time"
        case ConnectionRefusedError():
            return "nothing answers at that port"
        case _:
            return None
