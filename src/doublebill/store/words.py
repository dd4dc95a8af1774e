"""Text as words that compare: for the index of the search, and for what people type.

FTS5's own tokenizer ignores case and diacritics. What it takes for letters of their own (ł, ø, ß, æ and the like) is
spelled in plain ones here, before indexing and before asking. That table is part of the index: a change of it needs a
migration that builds the index anew.
"""

import re
import sqlite3
import unicodedata
from functools import partial

_SPELLINGS = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "ĸ": "k", "ŋ": "n",
    "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ĳ": "ij", "ſ": "s",
    "’": "", "ʼ": "", "'": "",
}  # fmt: skip
_PLAIN = str.maketrans(
    _SPELLINGS | {key.upper(): value for key, value in _SPELLINGS.items() if len(key.upper()) == 1} | {"İ": "i"}
)

_ASCII_WORD = re.compile("[a-z0-9]+")
_CODE_BITS = 48
_LETTERS_SINCE_EVER = unicodedata.ucd_3_2_0
_MOST_BITS = 62


def plain_letters(text: str | None) -> str:
    """Spell letters that have no plain form under a diacritic; apostrophes go, so that "schindlers" finds its list."""
    return (text or "").translate(_PLAIN)


def words_of(text: str) -> list[str]:
    """Give the words of any text, lower case, without diacritics, in order.

    A letter or digit is what Unicode 3.2 called one. Later versions called more so, but SQLite may know another one
    than Python: a word that FTS5 would split is a phrase to it, which our index cannot answer.
    """
    if text.isascii():
        return _ASCII_WORD.findall(plain_letters(text).lower())
    decomposed = unicodedata.normalize("NFKD", plain_letters(text).casefold())
    # Recomposed: what is left are marks that belong to a script, not to a letter (Korean and Japanese need them).
    bare = unicodedata.normalize("NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f"))
    return "".join(c if _LETTERS_SINCE_EVER.category(c)[0] in "LN" else " " for c in bare).split()


def names_of(title: str, original_title: str | None) -> str:
    """Give a title's distinct names as plain words, one a line, each after a space: a word's beginning is a trigram."""
    plain = dict.fromkeys(" ".join(words_of(name)) for name in (title, original_title or title))
    return "\n".join(f" {name}" for name in plain)


def place_of(code: int, votes: int) -> int:
    """Give the row of a title in the index: by votes in steps of doubling, most first, then by code."""
    step = min((1 + max(0, votes)).bit_length(), _MOST_BITS)
    return ((_MOST_BITS - step) << _CODE_BITS) | code


def code_at(place: int) -> int:
    """Give the code of the title at a row of the index; the inverse of ``place_of``."""
    return place & ((1 << _CODE_BITS) - 1)


def teach_words(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that the index of the search is written with."""
    teach = partial(connection.create_function, deterministic=True)
    teach("search_letters", 1, plain_letters)
    teach("search_names", 2, names_of)
    teach("search_place", 2, place_of)
