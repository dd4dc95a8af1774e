"""Logging: the console and ``sync.log``, the run in every line of a sync, and no secret in either.

It says how lines look and where they go; what is said is for the rooms to say, each to its logger below "doublebill".
The decision a reader may question: the console handler sits on the root logger, not on ours, so that what a library
says passes the same masks. The web server is to be started with ``log_config=None`` for its lines to come here too.
"""

import json
import logging
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Literal
from urllib.parse import quote, quote_plus

LOG_FILE = "sync.log"
SET_ASIDE = "sync.log.earlier"
MASK = "***"
LINE = "%(asctime)s %(levelname)s %(name)s [%(run)s] %(message)s"
DATE = "%Y-%m-%d %H:%M:%S%z"

OUR_START = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d{4} [A-Z]+ doublebill")
"""How the first line of a file begins that ``LINE`` wrote."""

LONGEST_START = 100

LogFormat = Literal["text", "json"]

SERVER = "uvicorn.error"
"""Where the web server says that an app raised something, also what the app has logged and answered."""

LOGGED = "_doublebill_has_logged"
"""The mark on an exception that stands in the log."""

RETRIES = "stamina"
"""Who tells of retries, in one word of its own and in fields."""

CHATTY = ("httpx", "httpx2", "httpcore", "httpcore2", "uvicorn.access")
"""Loggers that name whole addresses, with their queries, below WARNING."""

KEY_PATTERN = re.compile(
    r"""( (?:api[-_]?key|token|passw(?:or)?d) (?: = | ["']\s*[:=,]\s*b?(?=["']) )
        | -(?:key|token):\s*
        | \bbearer\s+ )
    (?: "[^"]*" | '[^']*' | [^\s"'&,;<>]+ )""",
    re.IGNORECASE | re.VERBOSE,
)
"""Where a key stands in a query, a header, a dict or a list of pairs, whosever key it is."""

_run: ContextVar[str] = ContextVar("run", default="-")


@contextmanager
def run_id(run: int | str) -> Iterator[None]:
    """Name the sync in every line that is logged inside, also by tasks and threads that are started inside."""
    token = _run.set(f"run {run}")
    try:
        yield
    finally:
        _run.reset(token)


def setup_logging(
    level: str, data_dir: Path | None = None, secrets: Sequence[str] = (), *, console: LogFormat = "text"
) -> None:
    """Log to the console and, in a data folder, to ``sync.log``; a second call takes the place of the first.

    A ``sync.log`` that cannot be written is a warning on the console, nothing more. One that another program wrote is
    set aside as ``sync.log.earlier``, as it is.

    Args:
        level: the least severity of our own lines, by its name.
        data_dir: an existing folder; None logs to the console alone.
        secrets: values that are masked wherever they stand, as they are or URL-encoded.
        console: how a line looks there: for people, or one JSON object for programs; the file is for people.
    """
    own, root = logging.getLogger("doublebill"), logging.getLogger()
    _drop_handlers(own)
    _drop_handlers(root)
    own.setLevel(level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    masks = SecretFilter(secrets)
    logging.getLogger(SERVER).addFilter(_NEWS)
    _add_handler(root, logging.StreamHandler(sys.stderr), masks)
    if console == "json":
        root.handlers[-1].setFormatter(_JsonFormatter())
    if data_dir is not None:
        _add_file(own, data_dir / LOG_FILE, masks)


def note_logged(error: BaseException) -> None:
    """Note that an exception stands in the log, with its traceback: the web server need not say it again."""
    error.__dict__[LOGGED] = True


def learn_secrets(secrets: Sequence[str]) -> None:
    """Mask these too from now on, beside those that ``setup_logging`` was given: a replaced key is still a secret."""
    for handler in (*logging.getLogger().handlers, *logging.getLogger("doublebill").handlers):
        for masks in handler.filters:
            if isinstance(masks, SecretFilter):
                masks.learn(secrets)


class SecretFilter(logging.Filter):
    """Mask secrets in a record: in its message with its arguments, its traceback and its stack."""

    def __init__(self, secrets: Sequence[str]) -> None:
        super().__init__()
        self._forms: frozenset[str] = frozenset()
        self._secrets: re.Pattern[str] | None = None
        self.learn(secrets)

    def learn(self, secrets: Sequence[str]) -> None:
        """Mask these too, as they are or URL-encoded."""
        forms = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""), quote_plus(secret))}
        self._forms |= forms
        # The longest first: a secret that begins with another is masked whole.
        longest_first = sorted(self._forms, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def mask(self, text: str) -> str:
        """Give the text with every secret, and every value that stands where keys stand, replaced."""
        if self._secrets:
            text = self._secrets.sub(MASK, text)
        return KEY_PATTERN.sub(rf"\1{MASK}", text)

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place, so that whatever handles it next sees no secret; keep it always."""
        record.msg, record.args = self.mask(_message(record)), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.mask(record.exc_text)
        if record.stack_info:
            record.stack_info = self.mask(record.stack_info)
        return True


def _message(record: logging.LogRecord) -> str:
    """Give the message, also where its arguments do not fit: logging itself would print those unmasked to complain."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} (its arguments do not fit: {record.args!r})"


class _RunFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.run = _run.get()
        return True


class _NewsFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Keep what does not stand in the log yet."""
        error = record.exc_info[1] if record.exc_info else None
        return error is None or LOGGED not in error.__dict__


_NEWS = _NewsFilter()
"""One for all: a logger takes the same filter only once."""


class _RetryFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Put the fields of a retry into words."""
        fields = vars(record)
        if record.name == RETRIES and "stamina.caused_by" in fields:
            record.msg = "Retry %s, in %s s, after %s"
            record.args = tuple(fields[f"stamina.{name}"] for name in ("retry_num", "wait_for", "caused_by"))
        return True


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Give one line with time, level, logger, run (null outside of syncs), message and, if there is one, traceback.

        The masks have been at the record already, string by string: in JSON's own text a secret could look different.
        """
        run = str(vars(record).get("run", "-"))
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "run": None if run == "-" else run.removeprefix("run "),
            "message": record.getMessage(),
        }
        traces = [trace for trace in (record.exc_text, record.stack_info) if trace]
        return json.dumps(told | ({"traceback": "\n".join(traces)} if traces else {}), ensure_ascii=False)


class _LineFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Indent all lines but the first: a title with a line break cannot forge a line of the log."""
        return "\n    ".join(super().format(record).splitlines())


def _add_handler(logger: logging.Logger, handler: logging.Handler, masks: SecretFilter) -> None:
    handler.set_name(f"doublebill {type(handler).__name__}")
    handler.setFormatter(_LineFormatter(LINE, DATE))
    handler.addFilter(_RunFilter())
    handler.addFilter(_RetryFilter())
    handler.addFilter(masks)
    logger.addHandler(handler)


def _add_file(logger: logging.Logger, path: Path, masks: SecretFilter) -> None:
    try:
        _set_aside(path)
        handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=5, encoding="utf-8")
    except OSError as error:
        logger.warning("%s cannot be written (%s): logging to the console alone", path, error.strerror)
    else:
        _add_handler(logger, handler, masks)


def _set_aside(path: Path) -> None:
    """Give another name to a log whose first line is none of ours: an earlier system's is not to be written on."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            first = file.readline(LONGEST_START)
    except (FileNotFoundError, IsADirectoryError):
        return
    target = path.with_name(SET_ASIDE)
    if first and not OUR_START.match(first) and not target.exists():
        path.rename(target)


def _drop_handlers(logger: logging.Logger) -> None:
    for handler in [each for each in logger.handlers if (each.name or "").startswith("doublebill ")]:
        logger.removeHandler(handler)
        handler.close()
