"""What every Store finds, and that what it finds keeps in step with what it holds."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doublebill.core.history import hand_item_id
from doublebill.model import Credit, SearchHit, Title, TitleDetails, TitleKey
from doublebill.store import Store
from store.values import DAY, NOW, detailed, film, listed, movie, seen, series, title_values

any_input = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

ALIEN, MATRIX, STAR_WARS, AMELIE = movie(348), movie(603), movie(11), movie(194)


def shelf() -> list[TitleDetails]:
    return [
        detailed(ALIEN, title="Alien", vote_count=14_000, overview="A crew meets a stowaway.", genres=("Horror",)),
        detailed(movie(679), title="Aliens", vote_count=9_500, overview="The marines come back."),
        detailed(movie(900), title="Alien", vote_count=3),
        detailed(movie(901), title="Lost Friend", vote_count=12_000, overview="A boy hides an alien in his house."),
        detailed(MATRIX, title="The Matrix", vote_count=25_000, keywords=("simulated reality",)),
        detailed(movie(604), title="The Matrix Reloaded", vote_count=11_000),
        detailed(STAR_WARS, title="Star Wars", vote_count=20_000, credits=(Credit("Carrie Fisher", "cast", 0),)),
        detailed(movie(902), title="Empire of Dreams: Star Wars at Work", vote_count=40_000),
        detailed(AMELIE, title="Amélie", original_title="Le Fabuleux Destin d'Amélie Poulain", vote_count=11_000),
        detailed(series(903), title="Żaba i Łoś", vote_count=5),
        detailed(movie(904), title="Straße nach Ærø", vote_count=4),
    ]


def found(store: Store, query: str) -> list[TitleKey]:
    return [hit.key for hit in store.search(query, 20) if not hit.is_fuzzy]


def lookalikes(store: Store, query: str) -> list[TitleKey]:
    return [hit.key for hit in store.search(query, 20) if hit.is_fuzzy]


class FindingContract:
    @pytest.mark.parametrize(
        ("query", "first"),
        [
            ("alien", ALIEN),
            ("the matrix", MATRIX),
            ("star wars", STAR_WARS),
            ("amelie", AMELIE),
            ("AMÉLIE", AMELIE),
            ("ame\u0301lie", AMELIE),
            ("żaba", series(903)),
            ("los zaba", series(903)),
            ("strasse", movie(904)),
            ("aero", movie(904)),
            ("carrie fish", STAR_WARS),
            ("simulated", MATRIX),
            ("horror stowaway", ALIEN),
            ("fabuleux d'amelie", AMELIE),
        ],
    )
    def test_the_expected_title_comes_first(self, store: Store, query: str, first: TitleKey) -> None:
        store.save_details(shelf(), NOW)
        assert found(store, query)[0] == first

    def test_every_word_must_match_and_the_last_may_go_on(self, store: Store) -> None:
        store.save_details(shelf(), NOW)
        assert found(store, "matrix rel") == [movie(604)]
        assert found(store, "matr reloaded") == []
        assert found(store, "matrix marines") == []

    def test_a_title_beats_a_passing_word_and_votes_order_equals(self, store: Store) -> None:
        store.save_details(shelf(), NOW)
        assert found(store, "alien") == [ALIEN, movie(900), movie(679), movie(901)]

    def test_where_a_word_stands_and_how_rare_it_is_there_outweighs_the_order_of_keys(self, store: Store) -> None:
        passing = "A long story of a family, a farm and a war, in which somebody once looks at a heron for a moment."
        told = [
            detailed(movie(1), title="One", overview=passing),
            detailed(movie(2), title="Two", overview="A heron."),
            detailed(movie(3), title="Three", keywords=("heron",)),
        ]
        others = [detailed(movie(n), title=f"Other {n}", overview="Somebody stays.") for n in range(10, 40)]
        store.save_details([*told, *others], NOW)
        assert found(store, "heron") == [movie(3), movie(2), movie(1)]
        scores = [hit.score for hit in store.search("heron", 20)]
        assert scores[0] > 1.2 * scores[2]

    def test_equals_come_by_key(self, store: Store) -> None:
        keys = [series(1), movie(3), movie(2)]
        store.save_listed([listed(key, title="Twin Peaks") for key in keys], NOW)
        assert found(store, "twin") == sorted(keys)

    def test_a_film_and_a_series_of_one_number_are_found_apart(self, store: Store) -> None:
        store.save_listed([listed(movie(605), title="One"), listed(series(605), title="Other")], NOW)
        assert (found(store, "one"), found(store, "other")) == ([movie(605)], [series(605)])

    def test_scores_are_positive_and_fall(self, store: Store) -> None:
        store.save_details(shelf(), NOW)
        scores = [hit.score for hit in store.search("the m", 20)]
        assert len(scores) > 1
        assert scores == sorted(scores, reverse=True)
        assert scores[-1] > 0

    def test_the_limit_is_kept(self, store: Store) -> None:
        store.save_details(shelf(), NOW)
        assert [len(store.search("alien", limit)) for limit in (0, 1, 3)] == [0, 1, 3]

    def test_a_short_title_is_found_among_many_that_begin_so(self, store: Store) -> None:
        crowd = [listed(movie(n), title=f"More of M{n}", vote_count=9_000) for n in range(1, 400)]
        store.save_listed([*crowd, listed(movie(999), title="M", vote_count=5)], NOW)
        assert found(store, "m")[0] == movie(999)


class LookalikeContract:
    @pytest.mark.parametrize(
        ("query", "key"),
        [("alein", ALIEN), ("the matirx", MATRIX), ("matirx", MATRIX), ("starwars", STAR_WARS), ("ameile", AMELIE)],
    )
    def test_a_typing_error_is_forgiven_and_marked(self, store: Store, query: str, key: TitleKey) -> None:
        store.save_details(shelf(), NOW)
        assert key in lookalikes(store, query)

    def test_lookalikes_come_below_what_has_the_words(self, store: Store) -> None:
        store.save_details(shelf(), NOW)
        hits = store.search("aliens", 20)
        assert hits[0].key == movie(679)
        assert [hit.is_fuzzy for hit in hits] == sorted(hit.is_fuzzy for hit in hits)
        assert len({hit.key for hit in hits}) == len(hits) > 1
        assert hits[0].score > hits[1].score > 0

    def test_enough_matches_need_no_lookalikes(self, store: Store) -> None:
        store.save_details(shelf(), NOW)
        assert lookalikes(store, "alien") == []

    @pytest.mark.parametrize("query", ["qqq", "xylophone", "aln"])
    def test_what_looks_like_nothing_finds_nothing(self, store: Store, query: str) -> None:
        store.save_details(shelf(), NOW)
        assert store.search(query, 20) == []


class InputContract:
    @pytest.mark.parametrize("query", ["", " ", "!?", '"', "*", "^()-+:{}", "\0", "\ud800", "🦊", "'", "´`"])
    def test_no_word_finds_nothing(self, store: Store, query: str) -> None:
        store.save_details(shelf(), NOW)
        assert store.search(query, 20) == []

    @pytest.mark.parametrize(
        "query",
        ['"alien"', "alien*", "^alien", "(alien", "title:", "alien\0", "\ud800alien", "🦊 alien", "-alien", "{alien}"],
    )
    def test_signs_are_no_part_of_words(self, store: Store, query: str) -> None:
        store.save_details([*shelf(), detailed(movie(7), title="Title")], NOW)
        assert found(store, query)

    def test_operators_are_words(self, store: Store) -> None:
        store.save_listed([listed(movie(1), title="Near and Far or Not")], NOW)
        for query in ("NEAR", "AND", "OR", "NOT", "far OR not", "NEAR(far AND not)"):
            assert found(store, query) == [movie(1)]

    def test_a_long_query_counts_by_its_first_words(self, store: Store) -> None:
        store.save_listed([listed(movie(1), title=" ".join(f"word{n}" for n in range(12)))], NOW)
        query = " ".join(f"word{n}" for n in range(2000))
        assert len(query) > 10_000
        assert found(store, query) == [movie(1)]

    @any_input
    @given(st.text() | st.text("ab\"'*^(){}:-+ \0\ud800éßİ가ु\u0301,.ANDORT"))
    def test_any_text_is_answered(self, store: Store, query: str) -> None:
        assert all(hit.score > 0 for hit in store.search(query, 5))

    @any_input
    @given(st.text(st.characters(categories=["Lu", "Ll", "Lo", "Lm", "Nd", "Nl", "No"]), min_size=3, max_size=9))
    def test_letters_of_any_script_are_words(self, store: Store, query: str) -> None:
        store.search(query, 5)


class InStepContract:
    def test_a_renamed_title_is_found_by_its_new_name_only(self, store: Store) -> None:
        store.save_listed([listed(movie(1), title="Working Title", vote_count=7)], NOW)
        store.save_listed([listed(movie(1), title="Zebra", vote_count=700)], NOW + DAY)
        assert (store.search("working", 5), found(store, "zebra")) == ([], [movie(1)])

    def test_details_bring_people_and_keywords(self, store: Store) -> None:
        store.save_listed([listed(movie(1))], NOW)
        assert found(store, "ripley") == []
        store.save_details([detailed(movie(1), keywords=("ripley",))], NOW)
        assert found(store, "ripley") == [movie(1)]

    def test_entries_of_details_are_found(self, store: Store) -> None:
        store.save_details([replace(detailed(movie(1)), listed=(listed(movie(2), title="Entry"),))], NOW)
        assert found(store, "entry") == [movie(2)]

    def test_fresh_votes_change_the_order_and_nothing_is_found_twice(self, store: Store) -> None:
        store.save_details([detailed(movie(n), title="Twin", vote_count=10) for n in (1, 2)], NOW)
        store.save_listed([listed(movie(2), title="Other", vote_count=5000)], NOW + DAY)
        assert found(store, "twin") == [movie(2), movie(1)]
        assert found(store, "other") == []

    def test_a_title_given_twice_in_one_call_is_found_once(self, store: Store) -> None:
        store.save_listed([listed(movie(1), title="Old"), listed(movie(1), title="New", vote_count=9)], NOW)
        assert (found(store, "new"), found(store, "old")) == ([movie(1)], [])

    def test_a_purged_title_is_not_found_and_a_held_one_is(self, store: Store) -> None:
        store.save_listed([listed(movie(1), title="Gone Away"), listed(movie(2), title="Gone Home")], NOW)
        store.save_items([film("a", key=movie(2))], NOW)
        assert store.purge_titles(NOW + DAY) == 1
        assert (found(store, "gone"), lookalikes(store, "gone awya")) == ([movie(2)], [])

    @settings(any_input, max_examples=10)
    @given(title_values, title_values)
    def test_any_title_can_be_replaced_and_purged(self, store: Store, one: Title, other: Title) -> None:
        store.save_details([TitleDetails(one)], NOW)
        store.save_details([TitleDetails(replace(other, key=one.key))], NOW)
        store.purge_titles(NOW + DAY)
        assert [store.search(text, 5) for text in (one.title, other.title)] == [[], []]

    def test_an_empty_store_finds_nothing(self, store: Store) -> None:
        assert store.search("alien", 20) == []


class TakenOutContract:
    def test_unchanged_words_do_not_bring_back_what_was_taken_out(self, store: Store) -> None:
        state = {"play_count": 2, "last_played_at": NOW}
        store.record([seen("a", **state), seen("a", **state, removed=True)])
        assert store.record([seen("a", **state, observed_at=NOW + DAY)]) == 0

    def test_a_real_change_brings_it_back(self, store: Store) -> None:
        store.record([seen("a"), seen("a", removed=True)])
        assert store.record([seen("a", play_count=1)]) == 1

    def test_taking_out_twice_is_once(self, store: Store) -> None:
        assert store.record([seen("a"), seen("a", removed=True), seen("a", removed=True)]) == 2

    def test_a_mark_by_hand_brings_it_back(self, store: Store) -> None:
        item = hand_item_id(movie(1))
        assert store.record([seen(item), seen(item, removed=True), seen(item)]) == 3


class SearchContract(FindingContract, LookalikeContract, InputContract, InStepContract):
    def test_a_hit_says_what_it_is(self, store: Store) -> None:
        store.save_details(shelf(), NOW)
        (hit,) = store.search("reloaded", 1)
        assert hit == SearchHit(movie(604), hit.score, is_fuzzy=False, is_in_name=True)
        (hit,) = store.search("simulated", 1)
        assert hit == SearchHit(hit.key, hit.score, is_fuzzy=False, is_in_name=False)
