"""What the log says, where, and what it never says."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from doublebill.logs import CHATTY, LOG_FILE, SecretFilter, learn_secrets, run_id, setup_logging

SECRET = "s3cret/key+1"


@pytest.fixture(autouse=True)
def untouched_loggers() -> Iterator[None]:
    """Give the loggers back as they were."""
    names = (None, "doublebill", *CHATTY)
    before = [(logging.getLogger(name), logging.getLogger(name).level) for name in names]
    yield
    for logger, level in before:
        logger.setLevel(level)
        for handler in [each for each in logger.handlers if (each.name or "").startswith("doublebill ")]:
            logger.removeHandler(handler)
            handler.close()


@pytest.fixture
def log() -> logging.Logger:
    return logging.getLogger("doublebill.test")


def file_text(folder: Path) -> str:
    return (folder / LOG_FILE).read_text(encoding="utf-8")


def test_a_line_goes_to_the_console_and_to_the_file(
    tmp_path: Path, log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    setup_logging("INFO", tmp_path)
    log.info("the catalogue has %d titles", 3)
    console = capsys.readouterr()
    assert "INFO doublebill.test [-] the catalogue has 3 titles" in file_text(tmp_path)
    assert "the catalogue has 3 titles" in console.err
    assert not console.out


def test_a_line_below_the_level_is_not_logged(tmp_path: Path, log: logging.Logger) -> None:
    setup_logging("WARNING", tmp_path)
    log.info("too quiet")
    assert file_text(tmp_path) == ""


def test_without_a_data_folder_only_the_console_is_written(
    log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    setup_logging("INFO")
    log.info("only here")
    assert capsys.readouterr().err.count("only here") == 1


def test_a_second_set_up_takes_the_place_of_the_first(
    tmp_path: Path, log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    setup_logging("INFO", tmp_path)
    setup_logging("INFO", tmp_path)
    log.info("once")
    assert capsys.readouterr().err.count("once") == 1
    assert file_text(tmp_path).count("once") == 1


def test_a_file_that_cannot_be_written_is_a_warning_on_the_console(
    tmp_path: Path, log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / LOG_FILE).mkdir()
    setup_logging("INFO", tmp_path)
    log.info("still said")
    console = capsys.readouterr().err
    assert "logging to the console alone" in console
    assert "still said" in console


def test_every_line_of_a_sync_names_its_run(tmp_path: Path, log: logging.Logger) -> None:
    setup_logging("INFO", tmp_path)
    with run_id(7):
        log.info("inside")
    log.info("outside")
    inside, outside = file_text(tmp_path).splitlines()
    assert inside.endswith("[run 7] inside")
    assert outside.endswith("[-] outside")


def test_the_run_is_named_until_a_failing_sync_is_left(tmp_path: Path, log: logging.Logger) -> None:
    setup_logging("INFO", tmp_path)
    with pytest.raises(ZeroDivisionError), run_id(8):
        raise ZeroDivisionError
    log.info("after")
    assert "[-] after" in file_text(tmp_path)


def test_a_line_break_in_a_title_cannot_forge_a_line(tmp_path: Path, log: logging.Logger) -> None:
    setup_logging("INFO", tmp_path)
    log.info("skipped %s", "Alien\n2026-01-01 INFO doublebill [run 1] all is well")
    assert file_text(tmp_path).splitlines()[1].startswith("    2026")


@pytest.mark.parametrize("form", [SECRET, "s3cret%2Fkey%2B1"])
def test_a_secret_is_masked_in_arguments(tmp_path: Path, log: logging.Logger, form: str) -> None:
    setup_logging("INFO", tmp_path, [SECRET, ""])
    log.info("asking with %s and %s", form, {"header": form})
    assert form not in file_text(tmp_path)
    assert "asking with *** and {'header': '***'}" in file_text(tmp_path)


def test_a_secret_is_masked_in_the_message(tmp_path: Path, log: logging.Logger) -> None:
    setup_logging("INFO", tmp_path, [SECRET])
    log.info(f"asking with {SECRET}")
    assert file_text(tmp_path).endswith("asking with ***\n")


def test_a_secret_is_masked_in_a_traceback(
    tmp_path: Path, log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    setup_logging("INFO", tmp_path, [SECRET])
    try:
        raise ValueError(f"bad key {SECRET}")
    except ValueError:
        log.exception("failed")
    for text in (file_text(tmp_path), capsys.readouterr().err):
        assert "ValueError: bad key ***" in text
        assert SECRET not in text


def test_a_secret_is_masked_in_a_stack(tmp_path: Path, log: logging.Logger) -> None:
    setup_logging("INFO", tmp_path, ["stack_info=True"])
    log.info("here", stack_info=True)
    assert 'log.info("here", ***)' in file_text(tmp_path)


def test_arguments_that_do_not_fit_are_logged_and_masked(
    tmp_path: Path, log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    setup_logging("INFO", tmp_path, [SECRET])
    log.info("%d titles", SECRET)
    assert "%d titles (its arguments do not fit: ('***',))" in file_text(tmp_path)
    assert SECRET not in capsys.readouterr().err


def test_of_two_secrets_the_longer_is_masked_whole() -> None:
    assert SecretFilter(["abc", "abcdef"]).mask("abcdef abc") == "*** ***"


def test_a_secret_that_is_learned_later_is_masked_beside_the_old_ones(
    tmp_path: Path, log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    setup_logging("INFO", tmp_path, [SECRET])
    learn_secrets(["brand-new", "brand-new-and-longer"])
    log.info("%s, brand-new and brand-new-and-longer", SECRET)
    assert "***, *** and ***\n" in file_text(tmp_path)
    assert "***, *** and ***\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("GET /3/movie/1?api_key=abc&page=1", "GET /3/movie/1?api_key=***&page=1"),
        ("GET /api?apikey=abc", "GET /api?apikey=***"),
        ('Authorization: MediaBrowser Token="abc", Client="x"', 'Authorization: MediaBrowser Token=***, Client="x"'),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("X-Api-Key: abc", "X-Api-Key: ***"),
        ("[(b'X-Api-Key', b'abc')]", "[(b'X-Api-Key', b***)]"),
        ("{'token': 'a b', 'page': 1}", "{'token': ***, 'page': 1}"),
        ("password=hunter2 tries=3", "password=*** tries=3"),
    ],
)
def test_what_stands_where_keys_stand_is_masked_unknown_as_it_is(text: str, masked: str) -> None:
    assert SecretFilter([]).mask(text) == masked


@pytest.mark.parametrize("text", ["TMDB_API_KEY is not set", "the token: none was given", "3 keywords = 4 votes"])
def test_words_about_keys_stay(text: str) -> None:
    assert SecretFilter([]).mask(text) == text


def test_what_a_library_says_passes_the_masks_too(capsys: pytest.CaptureFixture[str]) -> None:
    setup_logging("INFO", None, [SECRET])
    logging.getLogger("httpx2").warning("GET /?api_key=abc and %s", SECRET)
    assert capsys.readouterr().err.endswith("GET /?api_key=*** and ***\n")


@pytest.mark.parametrize("name", CHATTY)
def test_a_library_does_not_list_its_requests(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    setup_logging("DEBUG")
    logging.getLogger(name).info("GET http://media.example.org")
    assert capsys.readouterr().err == ""


def test_an_error_outside_of_a_handler_is_logged_without_a_traceback(tmp_path: Path, log: logging.Logger) -> None:
    setup_logging("INFO", tmp_path)
    log.info("nothing failed", exc_info=sys.exc_info())
    assert "nothing failed" in file_text(tmp_path)
