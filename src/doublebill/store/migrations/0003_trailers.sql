-- What the page of a title says besides. Titles that were fetched before get it when their details are refreshed.

ALTER TABLE title_page ADD COLUMN tagline TEXT;
ALTER TABLE title_page ADD COLUMN trailer_id TEXT; -- of a video at YouTube
