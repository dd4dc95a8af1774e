"""A dataset's files as the product's catalogue, and what is said of files that are none."""

import gzip

import numpy as np
import pytest

from doublebill.core.catalogue import Catalogue
from doublebill.errors import DatasetRefused
from doublebill.evaluation.dataset import Track, read_pool
from evaluation.toys import film, films, write_dataset, write_lines, write_lists, write_vectors


def edges_of(catalogue: Catalogue) -> list[tuple[int, int, bool, int]]:
    ids = catalogue.titles.codes // 2
    edges = catalogue.edges
    sources = np.repeat(ids, np.diff(edges.starts))
    return list(
        zip(
            sources.tolist(),
            ids[edges.targets].tolist(),
            edges.is_recommendation.tolist(),
            edges.positions.tolist(),
            strict=True,
        )
    )


def test_the_pool_is_the_track_and_the_catalogue_also_what_its_lists_name(folder):
    pool = read_pool(folder, Track.N)
    assert pool.ids.tolist() == list(range(1, 31))
    assert (pool.catalogue.titles.codes // 2).tolist() == [*range(1, 31), 999]
    assert pool.votes.tolist() == [100 * tmdb_id for tmdb_id in range(1, 31)]


def test_the_lists_of_the_track_are_edges_with_kind_and_place(folder):
    assert edges_of(read_pool(folder, Track.N).catalogue) == [(1, 17, True, 0), (1, 999, True, 1), (1, 18, False, 0)]


def test_facts_are_those_of_the_line(folder):
    pool = read_pool(folder, Track.N)
    titles = pool.catalogue.titles
    assert (titles.names[2], titles.genres[2], titles.languages[2]) == ("Film 3", ("Drama",), "en")
    assert (titles.years[2], titles.ratings[2], titles.released[2]) == (1990, 7, 20 * 365 + 5)


def test_a_title_outside_the_track_is_bare(folder):
    catalogue = read_pool(folder, Track.N).catalogue
    assert catalogue.titles.votes[-1] == 0
    assert np.isnan(catalogue.titles.ratings[-1])
    assert not catalogue.has_vector[-1]


def test_unknown_facts_stay_unknown(tmp_path):
    write_dataset(tmp_path, [film(1, year=None, vote_average=0.0, vote_count=0, language=None), film(2)])
    titles = read_pool(tmp_path, Track.N).catalogue.titles
    assert np.isnan(titles.years[0])
    assert np.isnan(titles.ratings[0])
    assert titles.languages[0] == ""


def test_only_the_titles_of_the_track_are_ranked_and_keep_their_own_vectors(tmp_path):
    write_dataset(tmp_path, [film(8, tracks=["F"]), film(3), film(2)])
    write_vectors(tmp_path, np.array([[9.0, 0.0], [0.0, 2.0], [5.0, 0.0]]))
    pool = read_pool(tmp_path, Track.N)
    assert pool.ids.tolist() == [2, 3]
    assert pool.catalogue.vectors[pool.rows].tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert read_pool(tmp_path, Track.F).ids.tolist() == [2, 3, 8]


def test_a_zero_vector_is_none(tmp_path):
    write_dataset(tmp_path, [film(1), film(2)])
    write_vectors(tmp_path, np.array([[0.0, 0.0], [1.0, 0.0]]))
    assert read_pool(tmp_path, Track.N).catalogue.has_vector[:2].tolist() == [False, True]


# What is refused


def refused(folder) -> str:
    with pytest.raises(DatasetRefused) as caught:
        read_pool(folder, Track.N)
    assert caught.value.hint
    return caught.value.message


@pytest.mark.parametrize("name", ["titles.jsonl.gz", "neighbours.csv.gz", "emb_minilm_f16.npy"])
def test_a_file_that_is_missing_is_named(folder, name):
    (folder / name).unlink()
    assert refused(folder) == f"There is no {folder / name}"


@pytest.mark.parametrize("name", ["titles.jsonl.gz", "neighbours.csv.gz", "emb_minilm_f16.npy"])
@pytest.mark.parametrize("content", [b"", b"holiday photos", b"\x1f\x8b\x08\x00rubbish"])
def test_a_file_of_something_else_is_named(folder, name, content):
    (folder / name).write_bytes(content)
    assert name in refused(folder)


@pytest.mark.parametrize("name", ["titles.jsonl.gz", "neighbours.csv.gz"])
def test_a_file_that_was_cut_is_named(folder, name):
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])
    assert name in refused(folder)


def test_text_that_is_no_utf_8_is_refused(folder):
    (folder / "titles.jsonl.gz").write_bytes(gzip.compress(b"\xff\xfe\xff"))
    assert "UTF-8" in refused(folder)


def test_a_folder_that_is_none_is_refused(folder):
    assert "is no folder" in refused(folder / "titles.jsonl.gz")
    assert "is no folder" in refused(folder / "absent")


def test_a_folder_in_the_place_of_a_file_is_refused(folder):
    (folder / "neighbours.csv.gz").unlink()
    (folder / "neighbours.csv.gz").mkdir()
    assert "neighbours.csv.gz" in refused(folder)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"tmdb_id": 0, "title": "x", "tracks": []}, "line 31: tmdb_id"),
        ({"tmdb_id": 5, "tracks": []}, "line 31: title"),
        (film(5, vote_count=-1), "line 31: vote_count"),
        (film(5, vote_average=11), "line 31: vote_average"),
        ("a film", "line 31: "),
    ],
)
def test_a_line_that_is_no_title_is_named(folder, line, words):
    write_lines(folder / "titles.jsonl.gz", [*films(), line])
    assert words in refused(folder)


@pytest.mark.parametrize(
    "row",
    [
        (1, "rec", 0, "x"),
        (1, "rec", -1, 2),
        (1, "like", 0, 2),
        (1, "rec", 40_000, 2),
        (1, "rec"),
        (1, "rec", 0, 10**12),
    ],
)
def test_a_row_that_is_no_entry_of_a_list_is_named(folder, row):
    write_lists(folder, [row])
    assert "line 2" in refused(folder)


def test_a_column_that_is_missing_is_named(folder):
    (folder / "neighbours.csv.gz").write_bytes(gzip.compress(b"tmdb_id,kind,neighbour\n"))
    assert "rank" in refused(folder)


@pytest.mark.parametrize("shape", [(29, 2), (30,)])
def test_vectors_must_be_one_for_each_title(folder, shape):
    write_vectors(folder, np.ones(shape))
    assert "one vector for each of 30 titles" in refused(folder)


def test_a_pickle_is_never_opened(folder):
    np.save(folder / "emb_minilm_f16.npy", np.array([{}], dtype=object), allow_pickle=True)
    assert "emb_minilm_f16.npy" in refused(folder)


def test_a_track_without_titles_is_refused(tmp_path):
    write_dataset(tmp_path, [film(1, tracks=["F"])])
    assert "track N" in refused(tmp_path)
