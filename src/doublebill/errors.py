"""Every error that doublebill raises on purpose, in one tree.

    DoublebillError
    ├── ConfigError            a setting is missing or wrong
    ├── StoreError             the database cannot be read or written
    │   ├── StoreTooNew        it was written by a newer doublebill
    │   ├── StoreBusy          another process holds it for too long
    │   └── BackupRefused      a file that is to be restored is damaged, or no backup
    ├── SourceError            an upstream service (it names which) gave no usable answer
    │   ├── SourceUnreachable  no connection, name or answer in time
    │   ├── SourceRefused      it answered and said no (key, rights, invalid request)
    │   │   └── SourceUnknown  it answered that there is no such thing
    │   ├── SourceLimited      it asked us to slow down, for longer than we wait
    │   └── SourceBroken       it failed inside, or answered something that is not its API
    ├── EmbeddingError         the text model cannot be loaded or gave no usable vector
    ├── NotFound               what was asked for does not exist here
    ├── Conflict               it cannot be done in the present state
    ├── NotSignedIn            the caller has not shown who they are
    │   └── SetupCodeRefused   the code for the set-up is missing or wrong
    ├── ImportRefused          a file of an earlier system cannot be taken in
    └── DatasetRefused         a folder or file of ratings cannot be measured with

Each class has a stable ``code`` for programs, each instance a message for a person and, where there is one, a ``hint``
that says what to do. Messages and hints never hold a secret.
"""

from typing import ClassVar


class DoublebillError(Exception):
    """Say what went wrong, for a person (message, hint) and for a program (code)."""

    code: ClassVar[str] = "doublebill_error"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigError(DoublebillError):
    """A setting is missing or wrong; the message names the variable."""

    code = "config_error"


class StoreError(DoublebillError):
    """The database cannot be read or written."""

    code = "store_error"


class StoreTooNew(StoreError):
    """The database was written by a newer doublebill."""

    code = "store_too_new"


class StoreBusy(StoreError):
    """Another process holds the database for longer than we wait."""

    code = "store_busy"


class BackupRefused(StoreError):
    """A file that is to be restored is damaged, or no backup of ours; nothing was changed."""

    code = "backup_refused"


class SourceError(DoublebillError):
    """An upstream service gave no usable answer."""

    code = "source_error"

    def __init__(self, source: str, message: str, *, hint: str | None = None) -> None:
        super().__init__(f"{source}: {message}", hint=hint)
        self.source = source


class SourceUnreachable(SourceError):
    """No connection, no such name, or no answer in time."""

    code = "source_unreachable"


class SourceRefused(SourceError):
    """The service answered and said no: wrong key, missing rights or an invalid request."""

    code = "source_refused"


class SourceUnknown(SourceRefused):
    """The service answered that there is no such thing (404)."""

    code = "source_unknown"


class SourceLimited(SourceError):
    """The service asked us to slow down, and for longer than we wait."""

    code = "source_limited"

    def __init__(
        self, source: str, message: str, *, retry_after_s: float | None = None, hint: str | None = None
    ) -> None:
        super().__init__(source, message, hint=hint)
        self.retry_after_s = retry_after_s


class SourceBroken(SourceError):
    """The service failed inside, or answered something that is not its API."""

    code = "source_broken"


class EmbeddingError(DoublebillError):
    """The text model cannot be loaded, or gave no usable vector."""

    code = "embedding_error"


class NotFound(DoublebillError):
    """What was asked for does not exist here."""

    code = "not_found"


class Conflict(DoublebillError):
    """It cannot be done in the present state."""

    code = "conflict"


class NotSignedIn(DoublebillError):
    """The caller has not shown who they are."""

    code = "not_signed_in"


class SetupCodeRefused(NotSignedIn):
    """The code that the set-up asks for is missing or wrong, or was wrong too often."""

    code = "setup_code"


class ImportRefused(DoublebillError):
    """A file of an earlier system cannot be taken in."""

    code = "import_refused"


class DatasetRefused(DoublebillError):
    """A folder or file of ratings cannot be measured with; the message names the file."""

    code = "dataset_refused"
