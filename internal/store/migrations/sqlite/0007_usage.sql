-- The use of tokens, and what lists of tokens are made from. Times of use are whole
-- seconds since 1970.

-- What a token was used for in a day. Where the operation, too, is '' the row stands for
-- what came above the bounds.
CREATE TABLE token_uses (
    token_id         TEXT    NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    day              INTEGER NOT NULL, -- since 1970
    denied           INTEGER NOT NULL,
    permission_group TEXT    NOT NULL, -- id, '' for none
    operation        TEXT    NOT NULL, -- id
    resource         TEXT    NOT NULL, -- key, '' for none
    count            INTEGER NOT NULL,
    last_on          INTEGER NOT NULL,
    PRIMARY KEY (token_id, day, denied, permission_group, operation, resource)
) STRICT, WITHOUT ROWID;

CREATE INDEX token_uses_by_day ON token_uses (day);

CREATE TABLE token_addresses (
    token_id TEXT    NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    address  TEXT    NOT NULL,
    count    INTEGER NOT NULL,
    first_on INTEGER NOT NULL,
    last_on  INTEGER NOT NULL,
    PRIMARY KEY (token_id, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX token_addresses_by_time ON token_addresses (last_on);

CREATE TABLE token_denials (
    seq       INTEGER PRIMARY KEY,
    token_id  TEXT    NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    at        INTEGER NOT NULL,
    operation TEXT    NOT NULL,
    resource  TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    address   TEXT    NOT NULL
) STRICT;

CREATE INDEX token_denials_by_token ON token_denials (token_id, at, seq);
CREATE INDEX token_denials_by_time ON token_denials (at);

-- All that lists of tokens search, sort and count by, so that they read this index and
-- then the rows of one page.
CREATE INDEX tokens_for_lists ON tokens (
    owner_kind, owner_id, creator_id, name, status, not_before, expires_on, issued_on, last_used_on, id);
