"""``doublebill evaluate``, from the words that are typed to the table or JSON."""

import json
import math
from io import StringIO

import pytest
from rich.console import Console

from doublebill.cli.measured import COLUMNS, measured_json, show_own
from doublebill.core.metrics import Interval
from doublebill.core.presets import PRESETS
from doublebill.errors import DatasetRefused, NotFound
from doublebill.evaluation.measuring import Measured
from doublebill.evaluation.own import OwnReport, Worth
from doublebill.model import Person
from evaluation.toys import likes, write_dataset, write_ratings

METRICS = [
    "ndcg@10",
    "ndcg@10_ci",
    "ndcg@100",
    "recall@20",
    "recall@100",
    "hit_rate@10",
    "mrr",
    "tail_ndcg@10",
    "coverage@10",
    "intra_list_diversity@10",
    "popularity@10",
]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "films").mkdir()
    return write_dataset(tmp_path / "films")


def asked(shell, folder, *words):
    return json.loads(shell("evaluate", str(folder), "--ratings", "ratings.csv.gz", "--json", *words).stdout)


def test_the_json_names_every_metric_of_every_preset_and_reference(shell, folder):
    told = asked(shell, folder)
    assert list(told) == ["users", "presets", "references"]
    assert told["users"] == 2
    assert {group: list(told[group]) for group in ("presets", "references")} == {
        "presets": ["classic", "default"],
        "references": ["random", "popularity"],
    }
    assert all(list(found) == METRICS for group in ("presets", "references") for found in told[group].values())


def test_popularity_is_worth_what_one_works_out_by_hand(shell, folder):
    # Of both people the four to be found stand behind the ten most voted.
    found = asked(shell, folder)["references"]["popularity"]
    assert (found["ndcg@10"], found["ndcg@10_ci"], found["recall@20"]) == (0, [0, 0], 1)
    assert found["mrr"] == pytest.approx(1 / 11, abs=1e-6)
    assert found["coverage@10"] == pytest.approx(10 / 30, abs=1e-6)


def test_other_weights_count_for_all_presets(shell, folder):
    # By the lists alone, film 1 leads Ann to two of her four; Bob saw both before.
    found = asked(shell, folder, "--weights", "0,1,0,0", "--presets", "classic")["presets"]
    assert list(found) == ["classic"]
    assert found["classic"]["hit_rate@10"] >= 0.5
    assert found["classic"]["mrr"] > 0.5


def test_without_likes_the_lists_say_nothing(shell, folder):
    found = asked(shell, folder, "--first-likes", "0", "--presets", "classic")["presets"]["classic"]
    assert found["hit_rate@10"] == 0  # quality and confidence alone: the most voted


def test_people_and_titles_can_be_fewer(shell, folder):
    assert asked(shell, folder, "--max-users", "1")["users"] == 1
    assert asked(shell, folder, "--title-half", "0")["references"] != asked(shell, folder)["references"]


def test_what_is_undefined_for_everybody_is_null():
    nothing = Measured(dict.fromkeys(COLUMNS, math.nan), Interval(math.nan, math.nan, math.nan))
    assert measured_json(nothing) == {**dict.fromkeys(METRICS), "ndcg@10_ci": [None, None]}


def test_a_person_reads_a_table_and_how_long_it_took(shell, folder):
    text = shell("evaluate", str(folder), "--ratings", str(folder / "ratings.csv.gz")).stdout
    lines = text.splitlines()
    assert "x classic" in lines[0]
    assert [line.split()[0] for line in lines[1:5]] == ["classic", "default", "random", "popularity"]
    assert lines[-1].startswith("2 people, 30 titles, ")


def test_without_the_plain_formula_nothing_is_compared_with_it(shell, folder):
    text = shell("evaluate", str(folder), "--ratings", "ratings.csv.gz", "--presets", "default").stdout
    assert "1.00" not in text.splitlines()[1].split()[-1]


def test_the_progress_stands_on_stderr(shell, folder):
    result = shell("evaluate", str(folder), "--ratings", "ratings.csv.gz", "--json")
    assert "2/2" in result.stderr
    json.loads(result.stdout)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--own", "--track", "X"],
        ["--max-users", "0"],
        ["--presets", "best"],
        ["--presets", ""],
        ["--weights", "1,2,3"],
        ["--weights", "0,0,0,0"],
        ["--weights", "1,2,3,x"],
        ["--weights", "1,2,3,nan"],
        ["--title-half", "2"],
        ["--first-likes", "-1"],
    ],
)
def test_words_that_do_not_fit_exit_with_2(shell, folder, words):
    place = [str(folder), "--ratings", "ratings.csv.gz"] if words else [str(folder)]
    assert not shell("evaluate", *place, *words, exits=2).stdout


@pytest.mark.parametrize("name", ["absent.csv.gz", "titles.jsonl.gz"])
def test_a_file_that_is_none_is_named(shell, folder, name):
    with pytest.raises(DatasetRefused, match=name):
        shell("evaluate", str(folder), "--ratings", name)


def test_ratings_of_nobody_who_likes_enough_are_refused(shell, folder):
    path = write_ratings(folder / "few.csv.gz", likes("ann", range(1, 10)))
    with pytest.raises(DatasetRefused, match="20 titles of track N"):
        shell("evaluate", str(folder), "--ratings", str(path))


# The household's own watches


def test_a_household_with_few_watches_is_told_so(synced):
    assert "Too few watches to say" in synced("evaluate", "--own").stdout
    told = synced.json("evaluate", "--own", "--user", "Anna", "--json")
    assert (told["user"], told["is_enough"], told["rankings"]) == ("Anna", False, [])
    assert told["words"][0].startswith("Too few watches to say")


def test_an_unknown_person_is_not_found(synced):
    with pytest.raises(NotFound):
        synced("evaluate", "--own", "--user", "nobody")


def test_every_preset_can_be_measured(shell, folder):
    names = [preset.name for preset in PRESETS]
    assert list(asked(shell, folder, "--presets", ",".join(names))["presets"]) == names


def test_own_watches_are_shown_with_their_bounds_and_in_words():
    sure, unsure = Interval(0.5, 0.25, 0.75), Interval(0.0, -0.1, 0.1)
    worth = Worth("default", 6, {"ndcg@10": sure, "recall@100": sure}, unsure)
    text = StringIO()
    show_own(Console(file=text, width=200), OwnReport(Person("1", "Anna [b]"), 1, 60, 12, (worth, worth)))
    assert "0.500 0.250 to 0.750" in text.getvalue()
    assert "6 of 12" in text.getvalue()
    assert "Of the 12 titles that Anna [b] liked last, 6 stood" in text.getvalue()
