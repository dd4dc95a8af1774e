"""What people say here: watched, taken out, hidden. All of it counts in the next request.

What a person marks lives in the same ledger as what Jellyfin says. Whatever is said for the household was said by all;
what a member said alone, the household cannot take back, nor a member what the household said.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from doublebill.core.hiding import hidden_until
from doublebill.core.history import fold, hand_item_id, states_of
from doublebill.core.taste import is_abandoned
from doublebill.errors import Conflict
from doublebill.model import HOUSEHOLD, Hide, Observation, Person, TitleKey
from doublebill.sync.edition import EVERYBODY
from doublebill.sync.engine import Engine


def mark_watched(engine: Engine, person: Person, key: TitleKey) -> bool:
    """Count a title as watched; False if it was already, for the household: by everybody.

    What the person took out of their history before comes back as it was; what was abandoned counts from now on.
    """
    if all(_counts(engine, each, key) for each in _meant(engine, person)):
        return False
    taken_out = _of_title(engine, key, states_of(engine.store.observations(person.person_id)).taken_out)
    now = engine.clock()
    by_hand = Observation(person.person_id, hand_item_id(key), now, finished=True, play_count=1, last_played_at=now)
    engine.store.append(taken_out or [by_hand])
    engine.renew()
    return True


def take_out(engine: Engine, person: Person, key: TitleKey) -> bool:
    """Take a title out of a person's history; False if it was not in it. The ledger keeps it, marked as removed.

    Raises: Conflict if it is there only because somebody else watched it.
    """
    ledger = engine.store.observations(person.person_id)
    told = [state.item_id for state in _of_title(engine, key, states_of(ledger).told)]
    if not told and key in engine.edition.profile(person).watched:
        raise _said_by_others(engine, person, key)
    # A removal repeats the last word on an item, by which the ledger sees that Jellyfin's next one is no news.
    last_words = {said.item_id: said for said in ledger}
    now = engine.clock()
    engine.store.append([replace(last_words[item_id], removed=True, observed_at=now) for item_id in told])
    engine.renew()
    return bool(told)


def owners_of(engine: Engine, person: Person, keys: Iterable[TitleKey]) -> list[list[Person]]:
    """Give for each title of a person's history those in whose own it stands, the household last.

    They alone can take it out. A member's is their own or the household's; the household's may be several members'.
    """
    everybody = engine.edition.people if person.person_id == HOUSEHOLD else (person,)
    own = [(one, engine.edition.profile(one).watched) for one in everybody]
    ledger = engine.store.observations(HOUSEHOLD)
    items = {item.item_id: item for item in engine.store.items()} if ledger else {}
    together = {watch.key for watch in fold(ledger, items)}
    return [
        [one for one, watched in own if key in watched and watched[key].person_id == one.person_id]
        + [EVERYBODY] * (key in together)
        for key in keys
    ]


def hide(engine: Engine, person: Person, key: TitleKey) -> tuple[Hide, bool]:
    """Hide a title for four calendar months; give the hide, and whether it is new."""
    now = engine.clock()
    active = [hidden for hidden in engine.store.hides(person.person_id, now) if hidden.key == key]
    if active:
        return active[0], False
    hidden = Hide(person.person_id, key, now, hidden_until(now))
    engine.store.hide(hidden)
    engine.renew()
    return hidden, True


def unhide(engine: Engine, person: Person, key: TitleKey) -> bool:
    """Take a hide back; False if there was none."""
    was_hidden = engine.store.unhide(person.person_id, key)
    engine.renew()
    return was_hidden


def _meant(engine: Engine, person: Person) -> tuple[Person, ...]:
    """Give for whom it is said: for the household, everybody who is known."""
    return engine.edition.people or (EVERYBODY,) if person.person_id == HOUSEHOLD else (person,)


def _counts(engine: Engine, person: Person, key: TitleKey) -> bool:
    watch = engine.edition.profile(person).watched.get(key)
    return watch is not None and not is_abandoned(watch, engine.clock())


def _of_title(engine: Engine, key: TitleKey, states: Mapping[str, Observation]) -> list[Observation]:
    """Give what stands in the states of items that are a title."""
    items = {item.item_id for item in engine.store.items() if item.key == key} | {hand_item_id(key)}
    return [state for item_id, state in states.items() if item_id in items and state.is_trace]


def _said_by_others(engine: Engine, person: Person, key: TitleKey) -> Conflict:
    if person.person_id == HOUSEHOLD:
        names = [owner.name for owner in owners_of(engine, person, [key])[0]]
        return Conflict(f"{', '.join(names)} watched {key}", hint="Take it out of their own history.")
    return Conflict(f"{key} was marked as watched for the whole household", hint="Take it out for the household.")
