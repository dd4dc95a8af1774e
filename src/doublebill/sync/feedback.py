"""What people say here: watched, taken out, hidden. All of it counts in the next request.

What a person marks lives in the same ledger as what Jellyfin says. Whatever is said for the household was said by all.
"""

from collections.abc import Iterable
from dataclasses import replace

from doublebill.core.hiding import hidden_until
from doublebill.core.history import hand_item_id
from doublebill.model import Hide, Observation, Person, TitleKey
from doublebill.sync.engine import Engine


def mark_watched(engine: Engine, person: Person, key: TitleKey) -> bool:
    """Count a title as watched; False if it was already.

    What the person took out of their history before comes back as it was.
    """
    if key in engine.edition.profile(person).watched:
        return False
    taken_out = [state for state in _states(engine, person, key) if state.removed]
    now = engine.clock()
    by_hand = Observation(person.person_id, hand_item_id(key), now, finished=True, play_count=1, last_played_at=now)
    engine.store.append([replace(state, removed=False, observed_at=now) for state in taken_out] or [by_hand])
    engine.renew()
    return True


def take_out(engine: Engine, person: Person, key: TitleKey) -> bool:
    """Take a title out of a person's history; False if it was not in it. The ledger keeps it, marked as removed."""
    told = [state for state in _states(engine, person, key) if not state.removed]
    engine.store.append([replace(state, removed=True, observed_at=engine.clock()) for state in told])
    engine.renew()
    return bool(told)


def hide(engine: Engine, person: Person, key: TitleKey) -> Hide | None:
    """Hide a title for four calendar months; None if it is hidden already."""
    now = engine.clock()
    if any(hidden.key == key for hidden in engine.store.hides(person.person_id, now)):
        return None
    hidden = Hide(person.person_id, key, now, hidden_until(now))
    engine.store.hide(hidden)
    engine.renew()
    return hidden


def unhide(engine: Engine, person: Person, key: TitleKey) -> bool:
    """Take a hide back; False if there was none."""
    was_hidden = engine.store.unhide(person.person_id, key)
    engine.renew()
    return was_hidden


def _states(engine: Engine, person: Person, key: TitleKey) -> Iterable[Observation]:
    """Give the newest observation of each of the person's items that are this title."""
    items = {item.item_id for item in engine.store.items() if item.key == key} | {hand_item_id(key)}
    newest = {told.item_id: told for told in engine.store.observations(person.person_id) if told.item_id in items}
    return [state for state in newest.values() if state.is_trace]
