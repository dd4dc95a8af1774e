import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doublebill.core.graph import build_graph, direct, walk

pairs = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] != pair[1]), max_size=30)


def rows(*values):
    return np.array(values, dtype=np.int64)


def graph_of(entries, count=8):
    sources, targets = zip(*entries, strict=True) if entries else ((), ())
    return build_graph(rows(*sources), rows(*targets), count)


def dense(entries, count=8):
    """Give the flows by the formula of ``ListGraph``, as a matrix."""
    lists = np.zeros((count, count))
    for source, target in entries:
        lists[source, target] += 1
    weights = lists + 2 * lists.T
    degrees = np.sqrt(np.outer(weights.sum(axis=1), weights.sum(axis=0)))
    return np.divide(weights, degrees, out=np.zeros_like(weights), where=degrees > 0)


def test_one_entry_flows_twice_as_much_backwards_by_hand():
    graph = graph_of([(0, 1)], 2)
    # both ways 1 / sqrt(1 * 1) and 2 / sqrt(2 * 2): alone in the world, each is all that the other has
    assert walk(graph, rows(0), np.ones(1)) == pytest.approx([0.3, 1 + 0.09])


def test_a_candidate_that_names_the_watched_title_beats_one_that_it_names():
    named, naming = walk(graph_of([(0, 1), (2, 0)], 3), rows(0), np.ones(1))[1:]
    assert naming > named > 0


def test_what_everybody_names_says_less():
    entries = [(0, 1), (0, 2), *((source, 2) for source in range(3, 8))]
    evidence = walk(graph_of(entries), rows(0), np.ones(1))
    assert evidence[1] > evidence[2]


@given(pairs, st.sets(st.integers(0, 7), min_size=1))
def test_three_steps_are_powers_of_the_flows(entries, watched):
    flows, start = dense(entries), np.zeros(8)
    start[sorted(watched)] = 1
    expected = start @ flows + 0.3 * start @ flows @ flows + 0.09 * start @ flows @ flows @ flows
    assert walk(graph_of(entries), rows(*sorted(watched)), np.ones(len(watched))) == pytest.approx(expected, abs=1e-5)


@given(pairs)
def test_evidence_of_several_titles_is_the_sum_of_theirs(entries):
    graph = graph_of(entries)
    apart = walk(graph, rows(1), np.ones(1)) + 2 * walk(graph, rows(4), np.ones(1))
    assert walk(graph, rows(1, 4), np.array([1.0, 2.0])) == pytest.approx(apart, abs=1e-6)


@given(pairs)
def test_pairs_add_up_to_the_first_step_and_are_sorted(entries):
    targets, sources, amounts = direct(graph_of(entries), rows(0, 3), np.array([1.0, 0.5]))
    first = dense(entries)[0] + 0.5 * dense(entries)[3]
    assert np.bincount(targets, weights=amounts, minlength=8) == pytest.approx(first, abs=1e-6)
    assert list(zip(targets, sources, strict=True)) == sorted(set(zip(targets, sources, strict=True)))


def test_a_catalogue_without_lists_or_titles_has_no_evidence():
    assert list(walk(graph_of([], 3), rows(1), np.ones(1))) == [0, 0, 0]
    assert len(walk(graph_of([], 0), rows(), np.ones(0))) == 0
    assert [len(column) for column in direct(graph_of([], 0), rows(), np.ones(0))] == [0, 0, 0]
