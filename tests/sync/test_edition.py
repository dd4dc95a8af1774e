"""One published edition: who is in it, and what it is made from."""

import numpy as np
import pytest

from doublebill.errors import ConfigError, NotFound
from doublebill.model import HOUSEHOLD, Hide, Person
from doublebill.store import open_store
from doublebill.sync.edition import EVERYBODY, best_first, build_edition, with_fresh_readers
from sync.house import NOW, House, sync


@pytest.fixture(scope="module")
def synced(tmp_path_factory):
    """A synced engine; what a test adds to its store must not matter to the others."""
    store = open_store(tmp_path_factory.mktemp("edition") / "doublebill.db")
    engine = House().engine(store)
    sync(engine)
    yield engine
    store.close()


@pytest.fixture
def edition(synced):
    return synced.edition


@pytest.fixture
def empty(engine):
    return engine.edition


@pytest.mark.parametrize("name", ["Anna", "anna", " ANNA "])
def test_a_person_is_found_by_name_without_case(edition, name):
    assert edition.person(name).name == "Anna"


def test_an_id_is_found_before_a_name(store, engine):
    store.save_people([Person("Ben", "Anna"), Person("2", "Ben")])
    assert engine.edition.person("Ben").name == "Anna"
    assert engine.edition.person("ben").person_id == "2"


@pytest.mark.parametrize("name", [None, "household", "Household"])
def test_the_household_is_everybody(edition, name):
    assert edition.person(name) == EVERYBODY


def test_somebody_called_like_the_household_is_found_by_id(store, engine):
    store.save_people([Person("7", "Household")])
    assert engine.edition.person("household") == EVERYBODY
    assert engine.edition.person("7").name == "Household"


@pytest.mark.parametrize("name", ["", " ", "nobody", "\x00", "\udcff", "x" * 500])
def test_nobody_is_not_found_and_the_message_can_be_printed(edition, name):
    with pytest.raises(NotFound) as error:
        edition.person(name)
    assert error.value.message.encode("utf-8").isascii()
    assert len(error.value.message) < 200


@pytest.mark.parametrize(
    ("named", "default", "meant"),
    [
        (None, None, HOUSEHOLD),
        ("", None, HOUSEHOLD),
        ("  ", "Ben", "Ben"),
        (None, "ben", "Ben"),
        ("Anna", "Ben", "Anna"),
        ("Anna", "nobody", "Anna"),
        ("household", "Ben", HOUSEHOLD),
    ],
)
def test_who_is_named_is_meant_else_the_default_person(edition, named, default, meant):
    assert edition.person_meant(named, default).name == meant


def test_a_default_person_whom_nobody_knows_is_a_wrong_setting(edition):
    with pytest.raises(ConfigError, match="JELLYFIN_USER is 'Bne'"):
        edition.person_meant(None, "Bne")


def test_before_anybody_is_known_the_default_person_is_the_household(empty):
    assert empty.person_meant(None, "Ben") == EVERYBODY
    with pytest.raises(NotFound):
        empty.person_meant("Ben", None)


def test_everybody_and_the_household_have_a_profile(edition):
    assert set(edition.readers) == {person.person_id for person in (*edition.people, EVERYBODY)}
    watched = [set(edition.profile(person).watched) for person in edition.people]
    assert set(edition.profile(EVERYBODY).watched) == set().union(*watched)


def test_an_empty_store_is_an_edition(empty):
    assert (len(empty.catalogue), empty.candidate_count, best_first(empty)) == (0, 0, [])


def test_the_best_candidates_of_anybody_come_first_each_once(edition):
    keys = best_first(edition)
    assert len(keys) == len(set(keys))
    candidates = np.any([reader.profile.is_candidate for reader in edition.readers.values()], axis=0)
    assert {edition.catalogue.row(key) for key in keys} == set(np.flatnonzero(candidates).tolist())


def test_the_same_store_gives_the_same_edition(synced, edition):
    again = build_edition(synced.store, synced.model.model_id, NOW)
    assert best_first(again) == best_first(edition)


def test_a_fresh_profile_knows_what_was_hidden_and_keeps_the_catalogue(synced, edition):
    anna, key, store = edition.person("Anna"), best_first(edition)[0], synced.store
    store.hide(Hide(anna.person_id, key, NOW, NOW.replace(month=7)))
    fresh = with_fresh_readers(edition, store, NOW)
    row = edition.catalogue.row(key)
    assert edition.profile(anna).is_candidate[row]
    assert not fresh.profile(anna).is_candidate[row]
    assert fresh.profile(fresh.person("Ben")).is_candidate[row]
    assert fresh.catalogue is edition.catalogue
    store.unhide(anna.person_id, key)


def test_a_house_without_anybody_has_the_household_alone(store):
    engine = House({"people": []}).engine(store)
    sync(engine)
    assert engine.edition.people == ()
    assert engine.edition.candidate_count > 5
