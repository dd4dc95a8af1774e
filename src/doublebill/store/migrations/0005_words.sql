-- The index of the words, built anew with the positions of each word: without them FTS5 has no text of a contentless
-- index to count in, and bm25() gives 0 for every row.

DROP TABLE search;

CREATE VIRTUAL TABLE search USING fts5 (
    title, original_title, people, keywords, genres, overview,
    content = '', detail = full, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
);

INSERT INTO search (rowid, title, original_title, people, keywords, genres, overview)
SELECT place, title, original_title, people, keywords, genres, overview FROM search_source ORDER BY place;
