"""The code that is asked for where no password protects everything."""

import re

import pytest

from doublebill.errors import SetupCodeRefused
from doublebill.web.setup_code import PAUSE_S, TRIES, SetupCode


class Seconds:
    """Time that only moves when told to."""

    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def code(seconds):
    return SetupCode(seconds)


def miss(code, times):
    for _ in range(times):
        with pytest.raises(SetupCodeRefused, match="is wrong"):
            code.require("0000-0000-0000-0000")


def test_every_start_has_a_code_of_its_own():
    codes = {SetupCode().text for _ in range(20)}
    assert len(codes) == 20
    assert all(re.fullmatch(r"[0-9a-f]{4}(-[0-9a-f]{4}){3}", code) for code in codes)


def test_the_code_lets_in_however_it_is_written(code):
    for written in (code.text, code.text.replace("-", ""), f" {code.text.upper()} ", code.text.replace("-", " ")):
        code.require(written)


@pytest.mark.parametrize("given", [None, ""])
def test_without_a_code_nobody_is_let_in_and_is_told_where_it_stands(code, given):
    for _ in range(TRIES + 1):
        with pytest.raises(SetupCodeRefused, match="is needed") as caught:
            code.require(given)
    assert "sync.log" in caught.value.hint
    code.require(code.text)


@pytest.mark.parametrize("given", ["0", "ünlucky", "\udcff".encode("utf-8", "replace").decode(), "x" * 200, "-"])
def test_a_wrong_code_is_refused_whatever_it_is(code, given):
    with pytest.raises(SetupCodeRefused, match="is wrong"):
        code.require(given)


def test_after_ten_misses_nobody_is_let_in_for_a_minute(code, seconds):
    miss(code, TRIES)
    with pytest.raises(SetupCodeRefused, match="try again in 60 s"):
        code.require(code.text)
    seconds.now += PAUSE_S
    code.require(code.text)


def test_the_right_code_forgives_the_misses_before_it(code):
    miss(code, TRIES - 1)
    code.require(code.text)
    miss(code, TRIES - 1)
    code.require(code.text)
