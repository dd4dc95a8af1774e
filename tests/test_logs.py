"""What the log says, where, and what it never says."""

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from doublebill.logs import (
    CHATTY,
    LOG_FILE,
    SERVER,
    SET_ASIDE,
    SecretFilter,
    learn_secrets,
    note_logged,
    run_id,
    setup_logging,
)

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


def test_the_log_of_another_program_is_set_aside_as_it_is(tmp_path: Path, log: logging.Logger) -> None:
    theirs = b"2026-02-26 03:00 sync done\n\xff\n"
    (tmp_path / LOG_FILE).write_bytes(theirs)
    setup_logging("INFO", tmp_path)
    log.info("ours")
    assert (tmp_path / SET_ASIDE).read_bytes() == theirs
    assert file_text(tmp_path).endswith("ours\n")
    assert "sync done" not in file_text(tmp_path)


def test_our_own_log_goes_on_where_it_was(tmp_path: Path, log: logging.Logger) -> None:
    for words in ("before", "after"):
        setup_logging("INFO", tmp_path)
        log.info(words)
    assert [line.split()[-1] for line in file_text(tmp_path).splitlines()] == ["before", "after"]
    assert not (tmp_path / SET_ASIDE).exists()


def test_a_log_that_was_set_aside_before_is_never_overwritten(tmp_path: Path) -> None:
    for name in (LOG_FILE, SET_ASIDE):
        (tmp_path / name).write_text(f"of another program, in {name}\n", encoding="utf-8")
    setup_logging("INFO", tmp_path)
    assert (tmp_path / SET_ASIDE).read_text(encoding="utf-8") == f"of another program, in {SET_ASIDE}\n"
    assert f"in {LOG_FILE}" in file_text(tmp_path)


def test_a_log_that_grows_begins_a_new_file_and_five_old_ones_stay(tmp_path: Path, log: logging.Logger) -> None:
    setup_logging("INFO", tmp_path)
    with run_id(9):
        for _ in range(80):
            log.info("%s", "x" * 100_000)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == [LOG_FILE, *(f"{LOG_FILE}.{number}" for number in range(1, 6))]
    assert all(path.stat().st_size <= 1_000_000 for path in tmp_path.iterdir())
    assert all("[run 9]" in path.read_text(encoding="utf-8") for path in tmp_path.iterdir())


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


# Lines for programs


def test_as_json_each_line_is_an_object_with_its_run_and_the_file_is_for_people(
    tmp_path: Path, log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    setup_logging("INFO", tmp_path, [SECRET], console="json")
    with run_id(7):
        log.warning("the key is %s\nand 'ö'", SECRET)
    log.info("outside")
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert list(first) == ["time", "level", "logger", "run", "message"]
    assert (first["level"], first["logger"], first["run"]) == ("WARNING", "doublebill.test", "7")
    assert first["message"] == "the key is ***\nand 'ö'"
    assert (second["run"], second["message"]) == (None, "outside")
    assert "WARNING doublebill.test [run 7] the key is ***" in file_text(tmp_path)


def test_as_json_a_traceback_is_a_field_without_a_secret(
    log: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    setup_logging("INFO", None, ['quo"ted'], console="json")
    try:
        raise ValueError('with quo"ted in it')
    except ValueError:
        log.exception("it failed", stack_info=True)
    told = json.loads(capsys.readouterr().err)
    assert "ValueError: with *** in it" in told["traceback"]
    assert "Stack (most recent call last)" in told["traceback"]


# What others say


def test_what_the_app_has_logged_the_server_does_not_say_again(capsys: pytest.CaptureFixture[str]) -> None:
    setup_logging("INFO")
    known, new = ValueError("known"), ValueError("new")
    note_logged(known)
    for error in (known, new):
        logging.getLogger(SERVER).error("Exception in ASGI application", exc_info=error)
    logging.getLogger(SERVER).error("Port taken")
    said = capsys.readouterr().err
    assert ("known" in said, "ValueError: new" in said, "Port taken" in said) == (False, True, True)


def test_a_retry_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    setup_logging("INFO", None, [SECRET])
    fields = {"retry_num": 2, "wait_for": 0.5, "caused_by": f"SourceUnreachable('TMDB: {SECRET}')"}
    extra = {f"stamina.{name}": value for name, value in fields.items()}
    logging.getLogger("stamina").warning("stamina.retry_scheduled", extra=extra)
    said = capsys.readouterr().err
    assert "Retry 2, in 0.5 s, after SourceUnreachable('TMDB: ***')" in said
    assert "retry_scheduled" not in said
