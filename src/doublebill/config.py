"""Settings: what an operator sets, read and checked when the program starts.

The only module that reads the environment. The environment wins over ``.env``, which wins over what the set-up page
saved (``connections.env`` in the data folder), which wins over the defaults; an empty value is an unset one. What a
setting means is said once, in its description: docs/configuration.md repeats it, and so does every error about it. The
decision a reader may question: ``load_settings`` hands the environment to pydantic-settings as values, so that a test
or the demo runs on one of its own and never on the machine's.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from doublebill.errors import ConfigError
from doublebill.logs import LogFormat
from doublebill.setting_types import FilePath, Host, Language, ModelName, RootPath, Secret, SecretFile, SlotText, Url

ENV_FILE = Path(".env")
HINT = "Set it in the environment or in .env, then start again."
MISSING_HINT = "Set it on the set-up page; or in the environment or in .env, then start again."

CONNECTIONS_FILE = "connections.env"
CONNECTIONS_HEADER = "# What was set on the set-up page. The environment and .env win over it.\n"
CONNECTIONS: Mapping[str, tuple[str, str]] = {
    "tmdb": ("DOUBLEBILL_TMDB_URL", "TMDB_API_KEY"),
    "jellyfin": ("JELLYFIN_URL", "JELLYFIN_API_KEY"),
    "radarr": ("RADARR_URL", "RADARR_API_KEY"),
    "sonarr": ("SONARR_URL", "SONARR_API_KEY"),
}
"""The variables of each service, address and key: all that the set-up page may set."""


class Settings(BaseSettings):
    """Every setting, checked; made by ``load_settings``.

    A ``*_file`` holds what its file held, and gives it to the field after it: the place to look for a secret.
    """

    model_config = SettingsConfigDict(
        case_sensitive=True,
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    tmdb_api_key_file: SecretFile | None = Field(
        None, alias="TMDB_API_KEY_FILE", description="File that holds `TMDB_API_KEY`"
    )
    tmdb_api_key: Secret | None = Field(
        None,
        alias="TMDB_API_KEY",
        description="Key (v3) or read access token (v4) of TMDB, free of charge: themoviedb.org, Settings, API",
    )
    jellyfin_url: Url | None = Field(
        None, alias="JELLYFIN_URL", description="Address of Jellyfin, such as http://192.168.1.10:8096"
    )
    jellyfin_api_key_file: SecretFile | None = Field(
        None, alias="JELLYFIN_API_KEY_FILE", description="File that holds `JELLYFIN_API_KEY`"
    )
    jellyfin_api_key: Secret | None = Field(
        None, alias="JELLYFIN_API_KEY", description="Key of Jellyfin: Dashboard, API Keys, +"
    )
    jellyfin_user: str | None = Field(
        None,
        alias="JELLYFIN_USER",
        description="Name or id of the Jellyfin user whose recommendations show where no person is named; "
        "unset: the whole household",
    )
    radarr_url: Url | None = Field(
        None, alias="RADARR_URL", description="Address of Radarr, such as http://192.168.1.10:7878; films go there"
    )
    radarr_api_key_file: SecretFile | None = Field(
        None, alias="RADARR_API_KEY_FILE", description="File that holds `RADARR_API_KEY`"
    )
    radarr_api_key: Secret | None = Field(
        None, alias="RADARR_API_KEY", description="Key of Radarr: Settings, General, API Key"
    )
    sonarr_url: Url | None = Field(
        None, alias="SONARR_URL", description="Address of Sonarr, such as http://192.168.1.10:8989; series go there"
    )
    sonarr_api_key_file: SecretFile | None = Field(
        None, alias="SONARR_API_KEY_FILE", description="File that holds `SONARR_API_KEY`"
    )
    sonarr_api_key: Secret | None = Field(
        None, alias="SONARR_API_KEY", description="Key of Sonarr: Settings, General, API Key"
    )
    hf_token_file: SecretFile | None = Field(None, alias="HF_TOKEN_FILE", description="File that holds `HF_TOKEN`")
    hf_token: Secret | None = Field(
        None,
        alias="HF_TOKEN",
        description="Hugging Face token, for text models that ask for one; EmbeddingGemma and the bundled one do not",
    )

    data_dir: FilePath = Field(
        Path("data"), alias="DOUBLEBILL_DATA_DIR", description="Folder of the database, its backups and `sync.log`"
    )
    host: Host = Field(
        "127.0.0.1",
        alias="DOUBLEBILL_HOST",
        description="Address to listen on; 0.0.0.0 is every interface, which the container sets",
    )
    port: int = Field(8097, ge=1, le=65535, alias="DOUBLEBILL_PORT", description="Port to listen on, 1 to 65535")
    password_file: SecretFile | None = Field(
        None, alias="DOUBLEBILL_PASSWORD_FILE", description="File that holds `DOUBLEBILL_PASSWORD`"
    )
    password: Secret | None = Field(
        None,
        alias="DOUBLEBILL_PASSWORD",
        description="Password of page and interface, with any user name, without blanks or quotes; "
        "unset: none is asked for",
    )
    root_path: RootPath = Field(
        "", alias="DOUBLEBILL_ROOT_PATH", description="Sub-path that a reverse proxy puts in front, such as /films"
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)] = Field(
        "INFO", alias="DOUBLEBILL_LOG_LEVEL", description="Least severity that is logged: DEBUG, INFO, WARNING or ERROR"
    )
    log_format: LogFormat = Field(
        "text",
        alias="DOUBLEBILL_LOG_FORMAT",
        description="Lines on the console: `text`, or `json` with one object a line; `sync.log` is always text",
    )
    light_sync_at: SlotText = Field(
        "03:00",
        alias="DOUBLEBILL_LIGHT_SYNC_AT",
        description="When watches and library are read again: a time of this machine such as 03:00, with a weekday in "
        "front (Mon 03:00) once a week; `off` for never",
    )
    full_sync_at: SlotText = Field(
        "Mon 04:00",
        alias="DOUBLEBILL_FULL_SYNC_AT",
        description="When TMDB is asked again too, likewise",
    )
    language: Language = Field(
        "en-US", alias="DOUBLEBILL_LANGUAGE", description="Language of titles and overviews, such as en-US or de-DE"
    )
    embedding: ModelName = Field(
        "auto",
        alias="DOUBLEBILL_EMBEDDING",
        description="Text model: `auto`, `embeddinggemma`, `bundled`, `embeddinggemma-torch`, or another by its folder "
        "or its OWNER/NAME on Hugging Face",
    )
    hf_endpoint: Url = Field(
        "https://huggingface.co",
        alias="HF_ENDPOINT",
        description="Address of Hugging Face or of a mirror of it, where text models come from",
    )
    tmdb_rate: float = Field(
        35,
        gt=0,
        le=1000,
        alias="DOUBLEBILL_TMDB_RATE",
        description="Most requests to TMDB in a second; above about 40 it refuses some",
    )
    tmdb_url: Url = Field(
        "https://api.themoviedb.org",
        alias="DOUBLEBILL_TMDB_URL",
        description="Address of TMDB's API or of a mirror of it, without the /3",
    )
    tmdb_image_url: Url = Field(
        "https://image.tmdb.org",
        alias="DOUBLEBILL_TMDB_IMAGE_URL",
        description="Address of TMDB's pictures or of a mirror of them, without the /t/p",
    )
    image_cache_mb: int = Field(
        500,
        ge=0,
        le=1_000_000,
        alias="DOUBLEBILL_IMAGE_CACHE_MB",
        description="Most space that posters may take in the data folder, in MB; 0 keeps none",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read nothing behind the back of ``load_settings``: the machine's environment stays out of every test."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    @field_validator("tmdb_api_key", "jellyfin_api_key", "radarr_api_key", "sonarr_api_key", "hf_token", "password")
    @classmethod
    def _one_secret(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        """Take the secret of the ``_file`` before it, if there is one."""
        in_file: SecretStr | None = info.data.get(f"{info.field_name}_file")
        if value and in_file:
            raise ValueError("is set, and so is the file to read it from: keep one of them")
        return value or in_file

    @property
    def is_open_to_others(self) -> bool:
        """Whether other machines may reach the page and are asked for nothing."""
        return self.password is None and self.host not in {"127.0.0.1", "::1", "localhost"}

    @property
    def secrets(self) -> tuple[str, ...]:
        """The plain values of all secrets that are set; for the masks of the log alone."""
        keys = (self.tmdb_api_key, self.jellyfin_api_key, self.radarr_api_key, self.sonarr_api_key, self.hf_token)
        values = (*keys, self.password)
        return tuple(value.get_secret_value() for value in values if value)

    def missing(self) -> list[str]:
        """Name the variables that a sync needs and that are not set."""
        return self._unset("tmdb_api_key", "jellyfin_url", "jellyfin_api_key")

    def connection(self, service: str) -> tuple[str | None, SecretStr | None]:
        """Give address and key of one of ``CONNECTIONS``, as far as they are set."""
        url: str | None = getattr(self, f"{service}_url")
        key: SecretStr | None = getattr(self, f"{service}_api_key")
        return url, key

    def require_tmdb(self) -> SecretStr:
        """Give the key of TMDB. Raises: ConfigError if it is not set."""
        if self.tmdb_api_key is None:
            raise self._not_set("tmdb_api_key")
        return self.tmdb_api_key

    def require_jellyfin(self) -> tuple[str, SecretStr]:
        """Give Jellyfin's address and key. Raises: ConfigError that names what is not set."""
        if self.jellyfin_url is None or self.jellyfin_api_key is None:
            raise self._not_set("jellyfin_url", "jellyfin_api_key")
        return self.jellyfin_url, self.jellyfin_api_key

    def require_radarr(self) -> tuple[str, SecretStr]:
        """Give Radarr's address and key. Raises: ConfigError that names what is not set."""
        if self.radarr_url is None or self.radarr_api_key is None:
            raise self._not_set("radarr_url", "radarr_api_key")
        return self.radarr_url, self.radarr_api_key

    def require_sonarr(self) -> tuple[str, SecretStr]:
        """Give Sonarr's address and key. Raises: ConfigError that names what is not set."""
        if self.sonarr_url is None or self.sonarr_api_key is None:
            raise self._not_set("sonarr_url", "sonarr_api_key")
        return self.sonarr_url, self.sonarr_api_key

    def prepare_data_dir(self) -> Path:
        """Give the data folder's absolute path; create it, for its owner alone, where there is none.

        Raises: ConfigError if it cannot be created or written.
        """
        folder = self.data_dir.absolute()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            TemporaryFile(dir=folder).close()
        except OSError as error:
            raise ConfigError(
                f"DOUBLEBILL_DATA_DIR: {folder} cannot be written ({error.strerror})",
                hint="Give the user that runs doublebill the right to write there, or name another folder.",
            ) from error
        return folder

    def _unset(self, *fields: str) -> list[str]:
        return [_variable(field) for field in fields if getattr(self, field) is None]

    def _not_set(self, *fields: str) -> ConfigError:
        lines = "\n".join(_line(variable, "is not set") for variable in self._unset(*fields))
        return ConfigError(lines, hint=MISSING_HINT)


@dataclass(frozen=True, slots=True)
class Configuration:
    """All settings and where they come from.

    ``given`` is what the environment and ``.env`` say, ``saved`` what the set-up page saved: name -> value.
    """

    settings: Settings
    given: Mapping[str, str] = field(repr=False)
    saved: Mapping[str, str] = field(default_factory=dict, repr=False)

    def is_given(self, variable: str) -> bool:
        """Whether environment or ``.env`` say what a variable is, by itself or by its file."""
        return variable in self.given or f"{variable}_FILE" in self.given

    def with_saved(self, saved: Mapping[str, str]) -> "Configuration":
        """Give the configuration as it is when the page saved this; nothing is written.

        Raises: ConfigError as ``load_settings``.
        """
        free = {variable: value for variable, value in saved.items() if not self.is_given(variable)}
        return replace(self, settings=_checked({**free, **self.given}), saved=dict(saved))

    def write_saved(self) -> None:
        """Write what the page saved: whole or not at all, for the owner alone. Raises: ConfigError if it cannot."""
        path = self.settings.data_dir.absolute() / CONNECTIONS_FILE
        draft = path.with_suffix(".draft")
        lines = [f"{variable}={value}\n" for variable, value in self.saved.items()]
        try:
            draft.unlink(missing_ok=True)  # a crash may have left one
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.writelines([CONNECTIONS_HEADER, *lines])
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            raise ConfigError(
                f"DOUBLEBILL_DATA_DIR: {CONNECTIONS_FILE} cannot be written there ({error.strerror})",
                hint="See that there is room, and that the user that runs doublebill may write there.",
            ) from error


def load_settings(env_file: Path | None = ENV_FILE, environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check every setting; see ``load_configuration``."""
    return load_configuration(env_file, environ).settings


def load_configuration(env_file: Path | None = ENV_FILE, environ: Mapping[str, str] | None = None) -> Configuration:
    """Read and check every setting, and say where each comes from.

    Args:
        env_file: lines ``NAME=value``; there need be none. None reads no file.
        environ: what to read in place of the process's environment.
    Raises: ConfigError with one line for each wrong value: the variable, what is wrong, what it should be. It never
        repeats a secret or an address.
    """
    given = {**_in_file(env_file), **_given(os.environ if environ is None else environ)}
    configuration = Configuration(_checked(given), given)
    saved = _saved(configuration.settings.data_dir / CONNECTIONS_FILE)
    return configuration.with_saved(saved) if saved else configuration


def _checked(values: Mapping[str, str]) -> Settings:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigError("\n".join(map(_problem, error.errors())), hint=HINT) from error


def _given(environ: Mapping[str, str]) -> dict[str, str]:
    """Keep what is ours and not blank."""
    ours = (_variable(field) for field in Settings.model_fields)
    return {name: environ[name] for name in ours if environ.get(name, "").strip()}


def _in_file(env_file: Path | None) -> dict[str, str]:
    if env_file is None:
        return {}
    try:
        if env_file.is_dir():  # what Docker makes of a mount whose file is missing
            raise _unreadable(env_file, "is a folder, not a file")
        return _given(DotEnvSettingsSource(Settings, env_file)())
    except UnicodeDecodeError:
        raise _unreadable(env_file, "is not text in UTF-8") from None  # its cause would carry the file, secrets and all
    except OSError as error:
        raise _unreadable(env_file, f"cannot be read ({error.strerror})") from error


def _saved(path: Path) -> dict[str, str]:
    """Read what the page saved: known names alone.

    Unlike in ``.env``, nothing in a value is replaced: what was typed on the page must not reach other variables.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except UnicodeDecodeError:
        raise _unreadable(path, "is not text in UTF-8") from None  # its cause would carry the file, secrets and all
    except OSError as error:
        raise _unreadable(path, f"cannot be read ({error.strerror})") from error
    found = {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
    return {name: found[name] for pair in CONNECTIONS.values() for name in pair if found.get(name)}


def _variable(field: str) -> str:
    return Settings.model_fields[field].alias or field


def _line(variable: str, what: str) -> str:
    described = {field.alias: field.description for field in Settings.model_fields.values()}
    return f"{variable} {what}. What it is: {described[variable]}."


def _problem(details: ErrorDetails) -> str:
    cause = details.get("ctx", {}).get("error")
    what = str(cause) if isinstance(cause, ValueError) else details["msg"].removeprefix("Input ")
    return _line(str(details["loc"][0]), what)


def _unreadable(env_file: Path, what: str) -> ConfigError:
    return ConfigError(
        f"{env_file} {what}", hint="Correct or remove it; settings may stand in the environment instead."
    )
