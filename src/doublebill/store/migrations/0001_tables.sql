-- Moments are whole microseconds since 1970-01-01 UTC, days are whole days since 1970-01-01: both compare as numbers
-- and come back exactly. A title is named by its code, 2 * tmdb_id + (kind is tv), as in the arrays of the read path:
-- it is the rowid, so a lookup is one step and a full read comes in the order that the arrays need.
-- Only rows that are nothing without their title refer to it. People, items, hides and the ledger may speak of titles
-- that are not fetched yet, or no longer, and of the household, which is no person.

CREATE TABLE person (
    person_id TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE item (
    item_id TEXT PRIMARY KEY,
    item_kind TEXT NOT NULL CHECK (item_kind IN ('movie', 'series', 'episode')),
    name TEXT NOT NULL,
    year INTEGER,
    tmdb_id INTEGER,
    imdb_id TEXT,
    tvdb_id INTEGER,
    series_item_id TEXT,
    series_name TEXT,
    season INTEGER,
    episode INTEGER,
    runtime_min REAL,
    code INTEGER,
    unresolved TEXT,
    is_held INTEGER NOT NULL CHECK (is_held IN (0, 1)),
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE observation (
    observation_id INTEGER PRIMARY KEY,
    person_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    observed_at INTEGER NOT NULL,
    finished INTEGER NOT NULL CHECK (finished IN (0, 1)),
    play_count INTEGER NOT NULL,
    position REAL,
    last_played_at INTEGER,
    is_favorite INTEGER NOT NULL CHECK (is_favorite IN (0, 1)),
    likes INTEGER CHECK (likes IN (0, 1)),
    rating REAL,
    removed INTEGER NOT NULL CHECK (removed IN (0, 1))
) STRICT;

-- The rowid ends every index entry: the newest observation of a person and item is the last of its group.
CREATE INDEX observation_by_item ON observation (person_id, item_id);

CREATE TRIGGER observation_is_never_changed BEFORE UPDATE ON observation
BEGIN
    SELECT RAISE(ABORT, 'the watch ledger only grows');
END;

CREATE TRIGGER observation_is_never_deleted BEFORE DELETE ON observation
BEGIN
    SELECT RAISE(ABORT, 'the watch ledger only grows');
END;

-- Items that somebody has watched and not taken out of their history since.
CREATE VIEW watched_item AS
SELECT DISTINCT item_id FROM (
    SELECT item_id, removed, max(observation_id) FROM observation GROUP BY person_id, item_id
) WHERE NOT removed;

-- What the ranking reads of every title. Kept narrow, because it is read whole.
CREATE TABLE title (
    code INTEGER PRIMARY KEY CHECK (code > 1),
    kind TEXT GENERATED ALWAYS AS (iif(code % 2, 'tv', 'movie')) VIRTUAL,
    tmdb_id INTEGER GENERATED ALWAYS AS (code / 2) VIRTUAL,
    title TEXT NOT NULL,
    genres TEXT NOT NULL, -- JSON array of names
    released INTEGER,
    original_language TEXT,
    vote_average REAL,
    vote_count INTEGER NOT NULL,
    popularity REAL,
    is_adult INTEGER NOT NULL CHECK (is_adult IN (0, 1)),
    fetched_at INTEGER NOT NULL, -- when a list or a details call last spoke of it
    detailed_at INTEGER -- NULL while only lists have named it
) STRICT;

-- What only the page of one title and its embedding need; one row for each title.
CREATE TABLE title_page (
    code INTEGER PRIMARY KEY REFERENCES title ON DELETE CASCADE,
    original_title TEXT,
    overview TEXT,
    poster_path TEXT,
    backdrop_path TEXT,
    keywords TEXT NOT NULL, -- JSON array of names
    credits TEXT NOT NULL, -- JSON array of [name, role, position, person id, character]
    collection_id INTEGER,
    collection_name TEXT,
    runtime_min INTEGER,
    episode_count INTEGER,
    imdb_id TEXT,
    tvdb_id INTEGER
) STRICT;

-- A list is fetched, replaced and read whole, so it is one row: the codes of its entries in order, int64, little-endian.
CREATE TABLE neighbour_list (
    code INTEGER NOT NULL REFERENCES title ON DELETE CASCADE,
    list TEXT NOT NULL CHECK (list IN ('recommendations', 'similar')),
    targets BLOB NOT NULL,
    PRIMARY KEY (code, list)
) STRICT, WITHOUT ROWID;

CREATE TABLE model (
    model_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    dimensions INTEGER NOT NULL
) STRICT;

-- With a rowid: two vectors of 384 float32 fill a page, without one each would spill into a page of its own.
CREATE TABLE vector (
    code INTEGER NOT NULL REFERENCES title ON DELETE CASCADE,
    model_id INTEGER NOT NULL REFERENCES model,
    text_hash BLOB NOT NULL,
    vector BLOB NOT NULL, -- float32, little-endian, unit length
    UNIQUE (code, model_id)
) STRICT;

CREATE TABLE hide (
    person_id TEXT NOT NULL,
    code INTEGER NOT NULL,
    hidden_at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (person_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE weights (
    person_id TEXT PRIMARY KEY,
    content REAL NOT NULL,
    collaborative REAL NOT NULL,
    quality REAL NOT NULL,
    confidence REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_run (
    run_id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('light', 'full')),
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    status TEXT NOT NULL CHECK (status IN ('running', 'success', 'error', 'cancelled')),
    message TEXT NOT NULL,
    skipped TEXT NOT NULL -- JSON object, reason -> count
) STRICT;

CREATE TABLE fact (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
