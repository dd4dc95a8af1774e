import socket
import ssl

import pytest

from doublebill.errors import SourceBroken, SourceRefused, SourceUnknown
from doublebill.sources import failures

DATE = "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, SourceBroken),
        (400, SourceRefused),
        (401, SourceRefused),
        (403, SourceRefused),
        (404, SourceUnknown),
        (422, SourceRefused),
    ],
)
def test_a_refusal_names_the_source_and_the_status(status: int, kind: type[Exception]) -> None:
    error = failures.refusal("Radarr", status, "/api/v3/movie", None)
    assert type(error) is kind
    assert error.source == "Radarr"
    assert f"({status})" in error.message


def test_a_refused_key_says_what_to_do() -> None:
    assert failures.refusal("Radarr", 401, "/", None).hint == "Check RADARR_API_KEY"
    assert failures.refusal("Radarr", 401, "/", "make a new one").hint == "make a new one"


@pytest.mark.parametrize(
    ("cause", "says"),
    [
        (ssl.SSLCertVerificationError("self-signed"), "certificate is not trusted"),
        (ssl.SSLError("wrong version number"), "no secure connection"),
        (socket.gaierror(-2, "Name or service not known"), "no host of that name"),
        (TimeoutError(), "no answer in time"),
        (ConnectionRefusedError(), "nothing answers at that port"),
        (OSError("anything else"), "no connection"),
    ],
)
def test_an_unreachable_source_says_why_however_deep_the_reason_lies(cause: Exception, says: str) -> None:
    middle, outer = RuntimeError("middle"), RuntimeError("outer")
    middle.__context__, outer.__cause__ = cause, middle
    error = failures.unreachable("Sonarr", "host", outer)
    assert says in error.message
    assert "SONARR_URL" in (error.hint or "")


@pytest.mark.parametrize(
    ("value", "date", "wait_s"),
    [
        (None, None, None),
        ("30", None, 30),
        ("soon", None, None),
        ("-5", None, None),
        ("Wed, 21 Oct 2026 07:28:30 GMT", DATE, 30),
        ("Wed, 21 Oct 2026 07:27:00 GMT", DATE, 0),
        ("Wed, 21 Oct 2026 07:28:30 -0000", DATE, 30),
        ("Wed, 21 Oct 2015 07:28:30 GMT", None, 0),
        ("Wed, 21 Oct 2015 07:28:30 GMT", "today", 0),
    ],
)
def test_retry_after_is_read_as_seconds_or_against_the_date_of_the_answer(
    value: str | None, date: str | None, wait_s: float | None
) -> None:
    assert failures.retry_after_s(value, date) == wait_s
