-- The name servers that a zone's owner shows instead of those that it was given.

ALTER TABLE zones ADD COLUMN vanity_name_servers TEXT NOT NULL DEFAULT 'null'; -- JSON: names
