"""How long a hidden title stays away."""

from calendar import monthrange
from datetime import datetime

HIDDEN_MONTHS = 4


def hidden_until(hidden_at: datetime) -> datetime:
    """Give the moment four calendar months later: the same day and time, or the last day of a shorter month.

    27 February -> 27 June; 31 October -> 28 or 29 February.
    """
    months = hidden_at.month - 1 + HIDDEN_MONTHS
    year, month = hidden_at.year + months // 12, months % 12 + 1
    return hidden_at.replace(year=year, month=month, day=min(hidden_at.day, monthrange(year, month)[1]))
