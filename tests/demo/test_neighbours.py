from collections.abc import Callable

from doublebill.demo.catalogue import CatalogueTitle
from doublebill.demo.neighbours import LIST_LENGTH, CatalogueNeighbours
from doublebill.model import Kind, TitleKey

MakeTitle = Callable[..., CatalogueTitle]


def test_the_sequel_stands_first_and_fewer_shared_traits_further_down(catalogue: list[CatalogueTitle]) -> None:
    lists = CatalogueNeighbours(catalogue)(TitleKey(Kind.MOVIE, 11))
    assert [key.tmdb_id for key in lists.recommendations[:2]] == [12, 13]


def test_neighbours_are_of_the_same_kind_and_never_the_title_itself(catalogue: list[CatalogueTitle]) -> None:
    key = TitleKey(Kind.TV, 11)
    lists = CatalogueNeighbours(catalogue)(key)
    both = {*lists.recommendations, *lists.similar}
    assert both == {TitleKey(Kind.TV, 21), TitleKey(Kind.TV, 22)}


def test_of_two_equals_the_known_one_is_recommended_first(film: MakeTitle) -> None:
    titles = [
        film(number, f"Film {number}", keywords=("sea",), vote_count=votes)
        for number, votes in ((1, 9), (2, 9), (3, 9000))
    ]
    lists = CatalogueNeighbours(titles)(TitleKey(Kind.MOVIE, 1))
    assert [key.tmdb_id for key in lists.recommendations] == [3, 2]


def test_the_order_of_the_catalogue_does_not_matter(catalogue: list[CatalogueTitle]) -> None:
    forward, backward = CatalogueNeighbours(catalogue), CatalogueNeighbours(catalogue[::-1])
    assert all(forward(title.key) == backward(title.key) for title in catalogue)


def test_lists_are_worked_out_once(catalogue: list[CatalogueTitle]) -> None:
    neighbours = CatalogueNeighbours(catalogue)
    assert neighbours(catalogue[0].key) is neighbours(catalogue[0].key)


def test_similar_is_noisier_than_recommendations(film: MakeTitle) -> None:
    kin = [film(number, f"Kin {number}", keywords=("sea", "storm"), directors=("Ada",)) for number in range(1, 21)]
    rest = [film(number, f"Rest {number}", keywords=("sea",)) for number in range(21, 101)]
    lists = CatalogueNeighbours([*kin, *rest])(TitleKey(Kind.MOVIE, 1))
    kin_keys = {title.key for title in kin}
    assert len(kin_keys & set(lists.recommendations[:19])) == 19
    assert len(kin_keys & set(lists.similar[:19])) < 19


def test_a_trait_that_too_many_share_is_passed_over(film: MakeTitle) -> None:
    titles = [film(number, f"Film {number}", keywords=("everywhere", f"group {number // 20}")) for number in range(600)]
    lists = CatalogueNeighbours(titles)(TitleKey(Kind.MOVIE, 590))
    assert {key.tmdb_id // 20 for key in lists.recommendations[:19]} == {29}
    assert len(lists.recommendations) <= LIST_LENGTH
