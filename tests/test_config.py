"""What may be set, where from, and what is said of a wrong value."""

from collections.abc import Callable
from pathlib import Path

import pytest

from doublebill.config import CONNECTIONS_FILE, Configuration, Settings, load_configuration, load_settings
from doublebill.errors import ConfigError

COMPLETE = {"TMDB_API_KEY": "tmdb-key", "JELLYFIN_URL": "http://jellyfin:8096", "JELLYFIN_API_KEY": "jellyfin-key"}
SECRETS = ("TMDB_API_KEY", "JELLYFIN_API_KEY", "RADARR_API_KEY", "SONARR_API_KEY", "HF_TOKEN")
URLS = ("JELLYFIN_URL", "RADARR_URL", "SONARR_URL", "DOUBLEBILL_TMDB_URL")
UNREADABLE = Path("/proc/self/mem")


def settings(**environ: str) -> Settings:
    return load_settings(None, environ)


def refusal(env_file: Path | None = None, **environ: str) -> ConfigError:
    """Give the error that the values raise."""
    with pytest.raises(ConfigError) as caught:
        load_settings(env_file, environ)
    return caught.value


@pytest.fixture
def env_file(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / ".env"
        path.write_bytes(content)
        return path

    return write


def test_nothing_needs_to_be_set() -> None:
    found = settings()
    assert (found.host, found.port, found.root_path) == ("127.0.0.1", 8097, "")
    assert (found.data_dir, found.log_level, found.language) == (Path("data"), "INFO", "en-US")
    assert (found.embedding, found.tmdb_rate, found.jellyfin_user) == ("auto", 35, None)


def test_the_environment_of_the_process_is_read_where_none_is_given() -> None:
    assert load_settings(None).port > 0


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(env_file: Callable[[bytes], Path]) -> None:
    path = env_file(b"DOUBLEBILL_PORT=8001\nDOUBLEBILL_HOST=0.0.0.0\n")
    found = load_settings(path, {"DOUBLEBILL_PORT": "8002"})
    assert (found.port, found.host, found.language) == (8002, "0.0.0.0", "en-US")


@pytest.mark.parametrize("blank", ["", "  "])
def test_an_empty_value_is_an_unset_one(env_file: Callable[[bytes], Path], blank: str) -> None:
    path = env_file(b"JELLYFIN_USER=ada\nTMDB_API_KEY=\n")
    found = load_settings(path, {"JELLYFIN_USER": blank, "DOUBLEBILL_PORT": blank, "HF_TOKEN_FILE": blank})
    assert (found.jellyfin_user, found.port, found.tmdb_api_key, found.hf_token) == ("ada", 8097, None, None)


def test_a_file_may_come_from_windows_or_a_shell(env_file: Callable[[bytes], Path]) -> None:
    path = env_file(
        b"\xef\xbb\xbfexport JELLYFIN_URL=\"http://media:8096/\"\r\n# a comment\r\nJELLYFIN_USER='Ada B'\r\nOTHER=1\r\n"
    )
    found = load_settings(path, {})
    assert (found.jellyfin_url, found.jellyfin_user) == ("http://media:8096", "Ada B")


def test_a_missing_file_is_none(tmp_path: Path) -> None:
    assert load_settings(tmp_path / ".env", {}).port == 8097


def test_a_file_that_is_not_text_is_refused_without_its_content(env_file: Callable[[bytes], Path]) -> None:
    error = refusal(env_file(b"TMDB_API_KEY=hush\xff\n"))
    assert "is not text in UTF-8" in error.message
    assert "hush" not in f"{error} {error.hint} {error.__cause__}"


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path).message


@pytest.mark.skipif(not UNREADABLE.is_file(), reason="needs Linux: a file that even root cannot read")
def test_a_file_that_cannot_be_read_is_refused() -> None:
    assert "cannot be read" in refusal(UNREADABLE).message


@pytest.mark.parametrize("variable", SECRETS)
def test_a_secret_can_stand_in_a_file(tmp_path: Path, variable: str) -> None:
    (tmp_path / "key").write_bytes(b"\xef\xbb\xbfhush\r\n")
    found = settings(**{f"{variable}_FILE": f"{tmp_path}/key"})
    assert found.secrets == ("hush",)


def test_a_secret_file_can_be_named_in_the_env_file(env_file: Callable[[bytes], Path], tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hush")
    found = load_settings(env_file(f"TMDB_API_KEY_FILE={tmp_path}/key".encode()), {})
    assert found.require_tmdb().get_secret_value() == "hush"


def test_a_secret_and_its_file_are_one_too_many(env_file: Callable[[bytes], Path], tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hush")
    message = refusal(env_file(b"TMDB_API_KEY=other"), TMDB_API_KEY_FILE=f"{tmp_path}/key").message
    assert message.startswith("TMDB_API_KEY is set, and so is the file")
    assert "hush" not in message
    assert "other" not in message


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "cannot be read"), (b"\n", "is empty"), (b"hush\xff", "is not text"), (b"hush hush", "holds a character")],
)
def test_a_bad_secret_file_is_named_and_its_content_is_not(tmp_path: Path, content: bytes | None, problem: str) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
    message = refusal(HF_TOKEN_FILE=str(path)).message
    assert message.startswith((f"HF_TOKEN_FILE names {path}", "HF_TOKEN_FILE holds"))
    assert problem in message
    assert "hush" not in message


@pytest.mark.parametrize("variable", SECRETS)
@pytest.mark.parametrize("value", ["hush hush", "'hush'", "hüsh", "hu\nsh"])
def test_a_key_that_no_header_can_carry_is_refused_unrepeated(variable: str, value: str) -> None:
    error = refusal(**{variable: value})
    assert error.message.startswith(f"{variable} holds a character that no key has")
    assert value not in f"{error} {error.__cause__}"


def test_secrets_do_not_show_in_the_settings() -> None:
    found = settings(**COMPLETE)
    assert "tmdb-key" not in repr(found) + str(found) + found.model_dump_json()
    assert found.secrets == ("tmdb-key", "jellyfin-key")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://192.168.1.10:8096", "http://192.168.1.10:8096"),
        ("https://media.example.org/jellyfin/", "https://media.example.org/jellyfin"),
        (" http://[::1]:8096/ ", "http://[::1]:8096"),
    ],
)
@pytest.mark.parametrize("variable", URLS)
def test_an_address_has_no_slash_at_its_end(variable: str, text: str, url: str) -> None:
    field = variable.removeprefix("DOUBLEBILL_").lower()
    assert getattr(settings(**{variable: text}), field) == url


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("192.168.1.10:8096", "write http://"),
        ("media.example.org", "write http://"),
        ("ftp://media.example.org", "neither http:// nor https://"),
        ("http://", "names no host"),
        ("http://:8096", "names no host"),
        ("http://media:99999", "a port that cannot be"),
        ("http://[::1", "a host or a port that cannot be"),
        ("http://ada:hush@media", "user name or password"),
        ("http://media?api_key=hush", "after a ? or a #"),
        ("http://media/#/home", "after a ? or a #"),
        ("http://me dia", "a blank"),
    ],
)
@pytest.mark.parametrize("variable", URLS)
def test_what_is_no_address_is_refused_unrepeated(variable: str, text: str, problem: str) -> None:
    error = refusal(**{variable: text})
    assert error.message.startswith(f"{variable} ")
    assert problem in error.message
    assert "hush" not in f"{error} {error.__cause__}"


@pytest.mark.parametrize(("text", "path"), [("/", ""), ("films", "/films"), ("/a/b/", "/a/b")])
def test_a_root_path_begins_with_a_slash_and_ends_without(text: str, path: str) -> None:
    assert settings(DOUBLEBILL_ROOT_PATH=text).root_path == path


def test_a_log_level_is_taken_in_any_case() -> None:
    assert settings(DOUBLEBILL_LOG_LEVEL="debug").log_level == "DEBUG"


def test_a_home_folder_is_found_as_in_a_shell() -> None:
    assert settings(DOUBLEBILL_DATA_DIR="~/films").data_dir == Path.home() / "films"


@pytest.mark.parametrize(
    ("variable", "value", "problem"),
    [
        ("DOUBLEBILL_PORT", "eighty", "should be a valid integer"),
        ("DOUBLEBILL_PORT", "70000", "should be less than or equal to 65535"),
        ("DOUBLEBILL_HOST", "http://0.0.0.0", "is not an address to listen on"),
        ("DOUBLEBILL_ROOT_PATH", "http://films", "is not a path such as /films"),
        ("DOUBLEBILL_LOG_LEVEL", "loud", "should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("DOUBLEBILL_LANGUAGE", "English", "is not a language such as en-US"),
        ("DOUBLEBILL_EMBEDDING", "gemma", "is neither auto, embeddinggemma, bundled"),
        ("DOUBLEBILL_EMBEDDING", "owner/name@a b", "is neither auto"),
        ("DOUBLEBILL_TMDB_RATE", "0", "should be greater than 0"),
        ("DOUBLEBILL_TMDB_RATE", "nan", "should be"),
        ("DOUBLEBILL_DATA_DIR", "~nobody-of-this-name/films", "there is no such home folder"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(variable: str, value: str, problem: str) -> None:
    message = refusal(**{variable: value}).message
    assert message.startswith(f"{variable} ")
    assert problem in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "model",
    [
        "auto",
        "bundled",
        "embeddinggemma",
        "embeddinggemma@v1.0",
        "owner/a-model_2.0",
        "owner/name@refs/pr/1",
        "/a/folder",
        "~/m",
    ],
)
def test_a_model_is_a_name_a_place_or_a_folder(model: str) -> None:
    assert settings(DOUBLEBILL_EMBEDDING=model).embedding == model


def test_all_wrong_values_are_told_at_once() -> None:
    lines = refusal(DOUBLEBILL_PORT="x", JELLYFIN_URL="media", TMDB_API_KEY="a b").message.splitlines()
    assert [line.split()[0] for line in lines] == ["TMDB_API_KEY", "JELLYFIN_URL", "DOUBLEBILL_PORT"]


def test_a_message_says_where_to_get_the_value() -> None:
    assert "Dashboard, API Keys" in refusal(JELLYFIN_API_KEY="a b").message


def test_what_a_sync_lacks_is_named() -> None:
    assert settings().missing() == ["TMDB_API_KEY", "JELLYFIN_URL", "JELLYFIN_API_KEY"]
    assert settings(**COMPLETE).missing() == []


def test_what_is_required_is_given() -> None:
    found = settings(**COMPLETE, RADARR_URL="http://r", RADARR_API_KEY="rk", SONARR_URL="http://s", SONARR_API_KEY="sk")
    assert found.require_tmdb().get_secret_value() == "tmdb-key"
    pairs = (found.require_jellyfin(), found.require_radarr(), found.require_sonarr())
    assert [(url, key.get_secret_value()) for url, key in pairs] == [
        ("http://jellyfin:8096", "jellyfin-key"),
        ("http://r", "rk"),
        ("http://s", "sk"),
    ]


@pytest.mark.parametrize(
    ("require", "variables"),
    [
        (Settings.require_tmdb, ["TMDB_API_KEY"]),
        (Settings.require_jellyfin, ["JELLYFIN_URL", "JELLYFIN_API_KEY"]),
        (Settings.require_radarr, ["RADARR_URL", "RADARR_API_KEY"]),
        (Settings.require_sonarr, ["SONARR_URL", "SONARR_API_KEY"]),
    ],
)
def test_what_is_required_and_not_set_is_named(require: Callable[[Settings], object], variables: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        require(settings())
    assert [line.split(" is not set")[0] for line in caught.value.message.splitlines()] == variables
    assert caught.value.hint


def test_only_the_missing_half_of_a_pair_is_named() -> None:
    with pytest.raises(ConfigError, match=r"^RADARR_API_KEY is not set") as caught:
        settings(RADARR_URL="http://radarr:7878").require_radarr()
    assert "RADARR_URL" not in caught.value.message


def test_the_data_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = settings(DOUBLEBILL_DATA_DIR=f"{tmp_path}/new/data").prepare_data_dir()
    assert folder == tmp_path / "new" / "data"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_data_folder_that_exists_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "doublebill.db").write_text("kept")
    settings(DOUBLEBILL_DATA_DIR=str(tmp_path)).prepare_data_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["doublebill.db"]


def test_a_data_folder_that_cannot_be_written_is_refused_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"^DOUBLEBILL_DATA_DIR: .*cannot be written") as caught:
        settings(DOUBLEBILL_DATA_DIR=f"{tmp_path}/file/data").prepare_data_dir()
    assert caught.value.hint


@pytest.mark.parametrize(
    ("environ", "is_open"),
    [
        ({}, False),
        ({"DOUBLEBILL_HOST": "0.0.0.0"}, True),
        ({"DOUBLEBILL_HOST": "0.0.0.0", "DOUBLEBILL_PASSWORD": "correct-horse"}, False),
    ],
)
def test_it_is_known_when_anybody_may_come_in(environ: dict[str, str], is_open: bool) -> None:
    assert load_settings(None, environ).is_open_to_others is is_open


# What the set-up page saved


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path


def configured(data_dir: Path, **environ: str) -> Configuration:
    return load_configuration(None, {"DOUBLEBILL_DATA_DIR": str(data_dir), **environ})


def write_page(data_dir: Path, text: str) -> None:
    (data_dir / CONNECTIONS_FILE).write_text(text, encoding="utf-8")


def test_what_the_page_saved_wins_over_the_default_and_the_environment_over_it(data_dir: Path) -> None:
    write_page(data_dir, "DOUBLEBILL_TMDB_URL=http://mirror\nJELLYFIN_URL=http://page\nJELLYFIN_API_KEY=page-key\n")
    found = configured(data_dir, JELLYFIN_URL="http://environment")
    assert found.settings.tmdb_url == "http://mirror"
    assert found.settings.jellyfin_url == "http://environment"
    assert found.settings.require_jellyfin()[1].get_secret_value() == "page-key"
    assert (found.is_given("JELLYFIN_URL"), found.is_given("JELLYFIN_API_KEY")) == (True, False)


def test_the_env_file_wins_over_the_page(env_file: Callable[[bytes], Path], data_dir: Path) -> None:
    write_page(data_dir, "TMDB_API_KEY=of-the-page\n")
    found = load_settings(env_file(b"TMDB_API_KEY=of-the-file"), {"DOUBLEBILL_DATA_DIR": str(data_dir)})
    assert found.secrets == ("of-the-file",)


def test_a_secret_file_wins_over_the_page_too(data_dir: Path) -> None:
    (data_dir / "key").write_text("of-the-file")
    write_page(data_dir, "TMDB_API_KEY=of-the-page\n")
    found = configured(data_dir, TMDB_API_KEY_FILE=f"{data_dir}/key")
    assert found.settings.secrets == ("of-the-file",)
    assert found.is_given("TMDB_API_KEY")


def test_the_page_can_set_nothing_but_the_services(data_dir: Path) -> None:
    write_page(data_dir, "# a comment\nDOUBLEBILL_PASSWORD=hush\nDOUBLEBILL_HOST=0.0.0.0\nRADARR_URL=http://r\n\nodd\n")
    found = configured(data_dir)
    assert (found.settings.password, found.settings.host) == (None, "127.0.0.1")
    assert dict(found.saved) == {"RADARR_URL": "http://r"}


def test_nothing_in_what_the_page_saved_is_replaced(data_dir: Path) -> None:
    saved = {"JELLYFIN_URL": "http://${DOUBLEBILL_PASSWORD}.example", "JELLYFIN_API_KEY": "a$b=c#d"}
    configured(data_dir).with_saved(saved).write_saved()
    assert dict(configured(data_dir, DOUBLEBILL_PASSWORD="hush").saved) == saved


def test_what_is_saved_is_for_the_owner_alone_and_leaves_nothing_else(data_dir: Path) -> None:
    (data_dir / "connections.draft").write_text("what a crash left")
    for key in ("one", "two"):
        configured(data_dir).with_saved({"TMDB_API_KEY": key}).write_saved()
    assert [path.name for path in data_dir.iterdir()] == [CONNECTIONS_FILE]
    assert (data_dir / CONNECTIONS_FILE).stat().st_mode & 0o777 == 0o600
    assert configured(data_dir).settings.secrets == ("two",)


def test_a_wrong_value_that_was_saved_names_the_variable(data_dir: Path) -> None:
    write_page(data_dir, "JELLYFIN_URL=media\n")
    with pytest.raises(ConfigError, match=r"^JELLYFIN_URL has no scheme"):
        configured(data_dir)


@pytest.mark.parametrize(("content", "problem"), [(b"TMDB_API_KEY=hush\xff", "UTF-8"), (None, "cannot be read")])
def test_a_file_of_the_page_that_cannot_be_read_is_refused_without_its_content(
    data_dir: Path, content: bytes | None, problem: str
) -> None:
    path = data_dir / CONNECTIONS_FILE
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(ConfigError, match=problem) as caught:
        configured(data_dir)
    assert "hush" not in f"{caught.value} {caught.value.hint} {caught.value.__cause__}"


def test_what_cannot_be_written_names_the_folder_and_no_key(data_dir: Path) -> None:
    changed = Configuration(settings(DOUBLEBILL_DATA_DIR=str(data_dir)), {}, {"TMDB_API_KEY": "hush"})
    (data_dir / CONNECTIONS_FILE).mkdir()
    with pytest.raises(ConfigError, match=r"^DOUBLEBILL_DATA_DIR: connections.env cannot be written") as caught:
        changed.write_saved()
    assert "hush" not in f"{caught.value} {caught.value.hint}"


def test_a_configuration_does_not_show_what_is_secret(data_dir: Path) -> None:
    found = configured(data_dir, RADARR_API_KEY="hush").with_saved({"TMDB_API_KEY": "hush"})
    assert "hush" not in repr(found) + str(found)
