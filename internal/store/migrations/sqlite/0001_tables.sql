-- Times are microseconds since 1970 in UTC, NULL when not set. Booleans are 0 and 1.
-- version counts a row's changes, from 1, and is what concurrent changes compare.

CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE users (
    id            TEXT    NOT NULL PRIMARY KEY,
    email         TEXT    NOT NULL UNIQUE,
    first_name    TEXT    NOT NULL,
    last_name     TEXT    NOT NULL,
    telephone     TEXT    NOT NULL,
    country       TEXT    NOT NULL,
    zipcode       TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    key_digest    BLOB    CHECK (length(key_digest) = 32), -- NULL: has no API key
    suspended     INTEGER NOT NULL,
    created_on    INTEGER,
    modified_on   INTEGER,
    version       INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts (
    id          TEXT    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    type        TEXT    NOT NULL,
    created_on  INTEGER,
    modified_on INTEGER,
    version     INTEGER NOT NULL
) STRICT;

CREATE TABLE memberships (
    id         TEXT    NOT NULL PRIMARY KEY,
    user_id    TEXT    NOT NULL REFERENCES users (id),
    account_id TEXT    NOT NULL REFERENCES accounts (id),
    roles      TEXT    NOT NULL, -- JSON: ids
    status     TEXT    NOT NULL,
    created_on INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    UNIQUE (user_id, account_id)
) STRICT;

CREATE INDEX memberships_by_user ON memberships (user_id, created_on, id);
CREATE INDEX memberships_by_account ON memberships (account_id);

CREATE TABLE tokens (
    id            TEXT    NOT NULL PRIMARY KEY,
    digest        BLOB    NOT NULL UNIQUE CHECK (length(digest) = 32),
    owner_kind    INTEGER NOT NULL CHECK (owner_kind IN (1, 2)), -- 1 user, 2 account
    owner_id      TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    document      TEXT    NOT NULL, -- policies and condition, see document.go
    not_before    INTEGER,
    expires_on    INTEGER,
    issued_on     INTEGER NOT NULL,
    modified_on   INTEGER,
    last_used_on  INTEGER,
    creator_id    TEXT    NOT NULL,
    creator_email TEXT    NOT NULL,
    version       INTEGER NOT NULL
) STRICT;

-- expires_on is the last column so that counting reads the index alone.
CREATE INDEX tokens_by_owner ON tokens (owner_kind, owner_id, issued_on, id, expires_on);

CREATE TABLE zones (
    id           TEXT    NOT NULL PRIMARY KEY,
    account_id   TEXT    NOT NULL REFERENCES accounts (id),
    name         TEXT    NOT NULL,
    type         TEXT    NOT NULL,
    status       TEXT    NOT NULL,
    paused       INTEGER NOT NULL,
    name_servers TEXT    NOT NULL, -- JSON: names
    created_on   INTEGER,
    modified_on  INTEGER,
    activated_on INTEGER,
    version      INTEGER NOT NULL,
    UNIQUE (account_id, name)
) STRICT;

CREATE INDEX zones_by_name ON zones (name, created_on, id);

CREATE TABLE dns_records (
    id                  TEXT    NOT NULL PRIMARY KEY,
    zone_id             TEXT    NOT NULL REFERENCES zones (id) ON DELETE CASCADE,
    name                TEXT    NOT NULL,
    type                TEXT    NOT NULL,
    content             TEXT    NOT NULL,
    data                TEXT,    -- JSON, as it was sent
    priority            INTEGER,
    ttl                 INTEGER NOT NULL,
    proxied             INTEGER NOT NULL,
    comment             TEXT    NOT NULL,
    tags                TEXT    NOT NULL, -- JSON: strings
    settings            TEXT    NOT NULL, -- JSON
    private_routing     INTEGER,
    created_on          INTEGER,
    modified_on         INTEGER,
    comment_modified_on INTEGER,
    tags_modified_on    INTEGER,
    version             INTEGER NOT NULL
) STRICT;

CREATE INDEX dns_records_by_name ON dns_records (zone_id, name, type, id);

-- seq orders events of the same microsecond.
CREATE TABLE events (
    seq                INTEGER PRIMARY KEY AUTOINCREMENT,
    id                 TEXT    NOT NULL UNIQUE,
    at                 INTEGER NOT NULL,
    actor_type         TEXT    NOT NULL,
    actor_id           TEXT    NOT NULL,
    actor_email        TEXT    NOT NULL,
    actor_ip           TEXT    NOT NULL,
    actor_context      TEXT    NOT NULL,
    actor_token_id     TEXT    NOT NULL,
    actor_token_name   TEXT    NOT NULL,
    action             TEXT    NOT NULL,
    verb               TEXT    NOT NULL,
    success            INTEGER NOT NULL,
    resource_type      TEXT    NOT NULL,
    resource_id        TEXT    NOT NULL,
    account_id         TEXT    NOT NULL,
    user_id            TEXT    NOT NULL,
    zone_id            TEXT    NOT NULL,
    zone_name          TEXT    NOT NULL,
    old                TEXT, -- JSON
    new                TEXT, -- JSON
    metadata           TEXT, -- JSON
    request_id         TEXT    NOT NULL,
    request_method     TEXT    NOT NULL,
    request_uri        TEXT    NOT NULL,
    request_user_agent TEXT    NOT NULL,
    request_status     INTEGER NOT NULL
) STRICT;

CREATE INDEX events_by_time ON events (at, seq);
CREATE INDEX events_by_account ON events (account_id, at, seq);
CREATE INDEX events_by_user ON events (user_id, at, seq);

-- AUTOINCREMENT: a number never comes again, even when the last rows are deleted.
CREATE TABLE changes (
    seq  INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    key  TEXT NOT NULL
) STRICT;
