-- The index of the local search. The functions search_place, search_letters and search_names are ours (words.py).
-- Rows stand in the order of votes, most first: a word that half the titles have is answered from the first few hundred.
-- The index keeps no text of its own: `search_source` says what it was made of, and saying it again takes it out.

CREATE VIEW search_source AS
SELECT code,
    search_place(code, vote_count) AS place,
    search_letters(title) AS title,
    search_letters(original_title) AS original_title,
    search_letters((SELECT group_concat(json_extract(value, '$[0]'), ' ') FROM json_each(credits))) AS people,
    search_letters((SELECT group_concat(value, ' ') FROM json_each(keywords))) AS keywords,
    search_letters((SELECT group_concat(value, ' ') FROM json_each(genres))) AS genres,
    search_letters(overview) AS overview,
    search_names(title, original_title) AS names
FROM title JOIN title_page USING (code);

-- Words are never asked for as phrases, so columns without positions are enough: a third smaller.
CREATE VIRTUAL TABLE search USING fts5 (
    title, original_title, people, keywords, genres, overview,
    content = '', detail = column, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
);

-- Titles and original titles, one a line after a space, by three letters: for words with typing errors.
CREATE VIRTUAL TABLE search_name USING fts5 (names, detail = none, tokenize = 'trigram');

INSERT INTO search (rowid, title, original_title, people, keywords, genres, overview)
SELECT place, title, original_title, people, keywords, genres, overview FROM search_source ORDER BY place;

INSERT INTO search_name (rowid, names) SELECT place, names FROM search_source ORDER BY place;
