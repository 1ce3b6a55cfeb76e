-- What a membership says beside its roles, what an account decides for its members, and
-- the links by which people come in.

ALTER TABLE users ADD COLUMN key_off INTEGER NOT NULL DEFAULT 0;

ALTER TABLE accounts ADD COLUMN api_off INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN abuse_contact TEXT NOT NULL DEFAULT '';

ALTER TABLE memberships ADD COLUMN policies TEXT; -- JSON, NULL for none
ALTER TABLE memberships ADD COLUMN api_access INTEGER NOT NULL DEFAULT 0; -- 0 as the account says, 1 on, 2 off
ALTER TABLE memberships ADD COLUMN invited_by TEXT NOT NULL DEFAULT '';

CREATE INDEX tokens_by_creator ON tokens (owner_id, creator_id, issued_on, id, expires_on);

CREATE TABLE resource_groups (
    id          TEXT    NOT NULL PRIMARY KEY,
    account_id  TEXT    NOT NULL REFERENCES accounts (id),
    name        TEXT    NOT NULL,
    objects     TEXT    NOT NULL, -- JSON: resource keys, or "*"
    created_on  INTEGER,
    modified_on INTEGER,
    version     INTEGER NOT NULL,
    UNIQUE (account_id, name)
) STRICT;

CREATE TABLE links (
    digest        BLOB    NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    kind          TEXT    NOT NULL,
    user_id       TEXT    NOT NULL REFERENCES users (id),
    membership_id TEXT    NOT NULL, -- '' for none
    created_on    INTEGER NOT NULL,
    expires_on    INTEGER NOT NULL
) STRICT;

CREATE INDEX links_by_user ON links (user_id, kind, created_on);
