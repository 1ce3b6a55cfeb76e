-- The audit log is read in the order of seq, which is given as an event is written and
-- never again. at is in the indexes so that what lies outside of the times asked for is
-- passed over without reading it.
CREATE INDEX events_of_account ON events (account_id, seq, at);
CREATE INDEX events_of_user ON events (user_id, seq, at);
