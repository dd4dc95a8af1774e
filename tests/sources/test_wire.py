import math
from datetime import UTC, date, datetime
from typing import Any

import pytest

from doublebill.errors import SourceBroken
from doublebill.sources.wire import (
    BadRow,
    Block,
    Day,
    Flag,
    Items,
    Moment,
    Opinion,
    Part,
    Real,
    Rows,
    Text,
    Whole,
    Wire,
    read,
    read_row,
)


class Small(Wire):
    whole: Whole = None


class Everything(Wire):
    text: Text = None
    real: Real = None
    whole: Whole = None
    flag: Flag = False
    opinion: Opinion = None
    day: Day = None
    moment: Moment = None
    rows: Rows[Small] = ()
    items: Items[Whole] = ()
    block: Block[Small] = Small()
    part: Part[Small] = None


class Framed(Wire):
    results: list[int]


JUNK: list[Any] = [None, "", "junk", [], {}, [[]], -0.0, True, 10**400, math.nan, math.inf, "\ud800", "\x00", b"x"]


@pytest.mark.parametrize("field", list(Everything.model_fields))
@pytest.mark.parametrize("junk", JUNK, ids=[str(number) for number in range(len(JUNK))])
def test_no_value_of_a_field_is_ever_an_error(field: str, junk: Any) -> None:
    read("TMDB", Everything, {field: junk, "unknown": junk})


@pytest.mark.parametrize(
    ("field", "came", "meant"),
    [
        ("text", "  a b ", "a b"),
        ("text", "half \ud83d", "half ?"),
        ("text", 7, None),
        ("real", "7.5", 7.5),
        ("real", True, None),
        ("whole", "603", 603),
        ("whole", 603.0, 603),
        ("whole", 2**60, None),
        ("whole", math.nan, None),
        ("flag", "True", True),
        ("flag", 1, False),
        ("opinion", False, False),
        ("opinion", "no", None),
        ("day", "1999-03-31", date(1999, 3, 31)),
        ("day", "1999-03-31T00:00:00.000Z", date(1999, 3, 31)),
        ("day", "1999-00-00", None),
        ("moment", "2026-09-22T18:17:03.1234567Z", datetime(2026, 9, 22, 18, 17, 3, 123456, UTC)),
        ("moment", "2026-09-22T20:17:03+02:00", datetime(2026, 9, 22, 18, 17, 3, tzinfo=UTC)),
        ("moment", "2026-09-22T18:17:03", datetime(2026, 9, 22, 18, 17, 3, tzinfo=UTC)),
        ("moment", "0001-01-01T00:00:00.0000000Z", None),
        ("moment", "9999-12-31T23:59:59-05:00", None),
        ("rows", [None, {"whole": 1}, "x"], (Small(whole=1),)),
        ("items", [1, None, "2"], (1, None, 2)),
        ("block", None, Small()),
        ("part", {"whole": 1}, Small(whole=1)),
    ],
)
def test_a_field_means_what_it_can_mean(field: str, came: Any, meant: Any) -> None:
    assert getattr(read("TMDB", Everything, {field: came}), field) == meant


@pytest.mark.parametrize("answer", [None, [], "text", {}, {"results": None}, {"results": ["s3cr3t"]}])
def test_a_missing_frame_is_broken_and_the_message_repeats_no_value(answer: Any) -> None:
    with pytest.raises(SourceBroken, match="TMDB: its answer") as caught:
        read("TMDB", Framed, answer)
    assert "s3cr3t" not in caught.value.message


def test_a_row_that_is_no_object_is_a_bad_row() -> None:
    with pytest.raises(BadRow):
        read_row(Small, [1])
