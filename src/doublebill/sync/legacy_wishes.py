"""What people wished of an earlier system: hidden titles and weights; and when it last ran a full sync."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from doublebill.model import HOUSEHOLD, Formula, Hide, Title, TitleKey, Weights
from doublebill.sources.jellyfin_wire import item_id
from doublebill.sources.wire import BadRow, Real, Text, Wire, read_row
from doublebill.sync.legacy_files import HIDDEN, LAST_SYNC, OWN, STATUS, TUNER, Reading, object_of, rows_of
from doublebill.sync.legacy_report import Account
from doublebill.sync.legacy_rows import HiddenRow, key_in, moment_in

HIDDEN_FOR = timedelta(days=120)
"""How long a hide lasted that does not say until when."""

FOREVER = datetime(9000, 1, 1, tzinfo=UTC)
LARGEST_WEIGHT = 1_000_000.0
USUAL = Weights().parts


class WeightsRow(Wire):
    """``tuner_settings.json``; ``formula`` stands in exports of ours only."""

    content_weight: Real = None
    collaborative_weight: Real = None
    quality_weight: Real = None
    confidence_weight: Real = None
    formula: Text = None


class StatusRow(Wire):
    """``update_status.json``."""

    last_update: JsonValue = None
    status: Text = None


@dataclass(slots=True)
class Wishes:
    """Active hides with the names of their titles, and weights by person id; None is whoever nobody is named for."""

    hides: dict[tuple[str | None, TitleKey], Hide] = field(default_factory=dict)
    names: dict[TitleKey, Title] = field(default_factory=dict)
    weights: dict[str | None, Weights] = field(default_factory=dict)


def read_wishes(reading: Reading, own: dict[str, JsonValue]) -> Wishes:
    """Read ``disliked_items.json`` and ``tuner_settings.json``, or the weights of an export. Raises: ImportRefused."""
    wishes, account = Wishes(), reading.account(HIDDEN)
    for place, value in rows_of(reading.json(HIDDEN, 1), account):
        try:
            _add_hide(wishes, read_row(HiddenRow, value), reading)
        except BadRow as reason:
            account.skip(f"rows {reason}", place)
    account.take("hidden titles", len(wishes.hides))
    by_person = own.get("weights")
    if isinstance(by_person, dict):
        reading.account(TUNER).note(f"left alone: {OWN} has the weights of everybody")
        found = {item_id(name): _weights(row, reading.account(OWN)) for name, row in by_person.items()}
        wishes.weights = {name: weights for name, weights in found.items() if weights}
        reading.account(OWN).take("weights", len(wishes.weights))
    else:
        weights = _weights(object_of(reading.json(TUNER, 1), reading.account(TUNER)), reading.account(TUNER))
        wishes.weights = {None: weights} if weights else {}
        reading.account(TUNER).take("weights", len(wishes.weights))
    return wishes


def _add_hide(wishes: Wishes, row: HiddenRow, reading: Reading) -> None:
    """Add a hide that is still active; of two of the same title the longer counts. Raises: BadRow."""
    key = key_in(row.type, row.tmdb_id)
    hidden_at = moment_in(row.timestamp, reading.zone, reading.now)
    until = moment_in(row.expires_at, reading.zone, FOREVER) or (hidden_at + HIDDEN_FOR if hidden_at else None)
    if until is None:
        raise BadRow("without a time")
    if until <= reading.now:
        raise BadRow("of hides that have run out")
    owner = item_id(row.user_id) if row.user_id else None
    before = wishes.hides.get((owner, key))
    if before is None or before.until < until:
        hidden_at = hidden_at or min(until - HIDDEN_FOR, reading.now)
        wishes.hides[owner, key] = Hide(owner or HOUSEHOLD, key, hidden_at, until)
    if row.title:
        wishes.names.setdefault(key, Title(key, row.title))


def _weights(value: JsonValue, account: Account) -> Weights | None:
    """Read weights as they are; one that is none is the default one, and where all are none there are none."""
    row = read_row(WeightsRow, value) if isinstance(value, dict) else WeightsRow()
    given = (row.content_weight, row.collaborative_weight, row.quality_weight, row.confidence_weight)
    usable = [part is not None and 0 <= part <= LARGEST_WEIGHT for part in given]
    for name, is_usable in zip(("content", "collaborative", "quality", "confidence"), usable, strict=True):
        if not is_usable and value:
            account.skip("weights that are none: the default one stands in", name)
    if not any(usable):
        return None
    parts = [
        part if fits and part is not None else usual for part, fits, usual in zip(given, usable, USUAL, strict=True)
    ]
    if sum(parts) <= 0:
        account.skip("weights that are all 0", "all four")
        return None
    return Weights(*parts, formula=Formula.CLASSIC if row.formula == Formula.CLASSIC else Formula.DEFAULT)


def read_last_full_sync(reading: Reading) -> datetime | None:
    """Give when the earlier system last ran a full sync, as its two files tell it. Raises: ImportRefused."""
    account = reading.account(LAST_SYNC)
    text = reading.text(LAST_SYNC)
    told = _stamp_in(text, reading) if text else None
    if text:
        account.take("time of the last full sync", int(told is not None))
        if told is None:
            account.note("is no time that has been")
    status = read_row(StatusRow, object_of(reading.json(STATUS, 1), reading.account(STATUS)))
    is_done = (status.status or "").lower() == "success"
    updated = moment_in(status.last_update, reading.zone, reading.now) if is_done else None
    reading.account(STATUS).take("time of the last full sync", int(updated is not None))
    return max((moment for moment in (told, updated) if moment), default=None)


def _stamp_in(text: str, reading: Reading) -> datetime | None:
    """Read an ISO moment or unix seconds."""
    with suppress(ValueError, OverflowError, OSError):
        text = datetime.fromtimestamp(float(text), UTC).isoformat()
    return moment_in(text, reading.zone, reading.now)
