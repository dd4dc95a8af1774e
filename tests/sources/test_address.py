import pytest

from doublebill.errors import ConfigError
from doublebill.sources.address import clean_key, clean_url, key_variable, url_variable


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("http://host:8096", "http://host:8096"),
        (" https://media.example.org/jellyfin/ ", "https://media.example.org/jellyfin"),
        ("HTTP://[::1]:8096//", "HTTP://[::1]:8096"),
        ("https://müller.example", "https://müller.example"),
    ],
)
def test_an_address_loses_blanks_and_slashes_at_the_end(typed: str, clean: str) -> None:
    assert clean_url(typed, "Jellyfin") == clean


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "is empty"),
        ("192.168.1.10:8096", "no http:// or https:// in front"),
        ("jellyfin:8096", "no http:// or https:// in front"),
        ("ftp://host", "begins with ftp://"),
        ("http://", "names no host"),
        ("http://host:80960", "a port that cannot be"),
        ("http://host:web", "a port that cannot be"),
        ("http://[::1", "a port that cannot be"),
        ("http://my host/", "holds a blank"),
        ("http://host\\jellyfin", "holds a blank or a character"),
        ("http://me:secret@host/", "user name or password"),
        ("http://host/web/#/home", "after a ? or #"),
        ("http://host/?api_key=secret", "after a ? or #"),
    ],
)
def test_a_wrong_address_is_a_config_error_that_says_what_is_wrong(typed: str, says: str) -> None:
    with pytest.raises(ConfigError, match="JELLYFIN_URL") as caught:
        clean_url(typed, "Jellyfin")
    assert says in caught.value.message
    assert "secret" not in f"{caught.value.message}{caught.value.hint}"


def test_a_key_loses_the_blanks_around_it() -> None:
    assert clean_key(" abc\n", "Jellyfin") == "abc"


@pytest.mark.parametrize("typed", ["", "  ", "sec ret", '"secret"', "secrét", "sec\nret"])
def test_a_key_that_cannot_be_one_is_a_config_error_that_does_not_repeat_it(typed: str) -> None:
    with pytest.raises(ConfigError, match="RADARR_API_KEY") as caught:
        clean_key(typed, "Radarr")
    assert "ret" not in caught.value.message


def test_variables_are_named_after_the_source() -> None:
    assert url_variable("Sonarr") == "SONARR_URL"
    assert url_variable("TMDB") == "DOUBLEBILL_TMDB_URL"
    assert key_variable("TMDB") == "TMDB_API_KEY"
