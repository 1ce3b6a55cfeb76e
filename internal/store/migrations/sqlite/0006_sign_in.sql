-- Signing in. Sessions hold the epoch that they were made with: moving it ends all of a
-- user's. Of secrets there are digests only, but for that of a second factor, which is
-- sealed under a key that is not in the database.

ALTER TABLE users ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;

CREATE TABLE sessions (
    digest     BLOB    NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    data       BLOB    NOT NULL,
    expires_on INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_by_end ON sessions (expires_on);

CREATE TABLE devices (
    digest     BLOB    NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    user_id    TEXT    NOT NULL REFERENCES users (id),
    created_on INTEGER NOT NULL,
    expires_on INTEGER NOT NULL
) STRICT;

CREATE INDEX devices_by_user ON devices (user_id, created_on, digest);

CREATE TABLE second_factors (
    user_id      TEXT    NOT NULL PRIMARY KEY REFERENCES users (id),
    sealed       BLOB    NOT NULL,
    last_step    INTEGER NOT NULL,
    created_on   INTEGER NOT NULL,
    confirmed_on INTEGER, -- NULL: begun, and not on
    version      INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users (id),
    digest  BLOB NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (user_id, digest)
) STRICT;
