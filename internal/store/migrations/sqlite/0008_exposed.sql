-- When a token's secret was found in public, NULL when it was not. What is found may be
-- an API key too, and nothing is known of it but itself.

ALTER TABLE tokens ADD COLUMN exposed_on INTEGER;

CREATE INDEX users_by_key ON users (key_digest);
