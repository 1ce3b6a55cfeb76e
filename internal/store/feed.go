package store

import (
	"context"
	"fmt"

	"github.com/tokenward/tokenward/internal/authority"
)

// Changes implements [authority.Store]. A number is given inside a writing transaction,
// and SQLite has one of those at a time, in this process and in all others: a lower
// number is always visible before a higher one, so a reader who goes on from the
// highest that it saw misses none.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]authority.Change, error) {
	list, err := all(ctx, s.db, scanChange, `
		SELECT seq, kind, key
		FROM changes
		WHERE seq > $1
		ORDER BY seq
		LIMIT $2 + 0`,
		after, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("read the change feed: %w", err)
	}
	return list, nil
}

// FeedHead implements [authority.Store].
func (s *Store) FeedHead(ctx context.Context) (epoch string, seq int64, err error) {
	head, err := one(ctx, s.db, scanHead, `
		SELECT value, (SELECT coalesce(max(seq), 0) FROM changes)
		FROM meta
		WHERE key = 'feed_epoch'`)
	if err != nil {
		return "", 0, fmt.Errorf("read the change feed's head: %w", err)
	}
	return head.epoch, head.seq, nil
}

func (r reader) feedEpoch(ctx context.Context) (string, error) {
	return one(ctx, r.db, scanText, `
		SELECT value
		FROM meta
		WHERE key = 'feed_epoch'`)
}

type feedHead struct {
	epoch string
	seq   int64
}

func scanHead(r row) (h feedHead, err error) {
	err = r.Scan(&h.epoch, &h.seq)
	return h, err
}

func scanText(r row) (s string, err error) {
	err = r.Scan(&s)
	return s, err
}

func scanChange(r row) (c authority.Change, err error) {
	err = r.Scan(&c.Seq, &c.Kind, &c.Key)
	return c, err
}

func (t *tx) AppendChange(ctx context.Context, kind authority.ChangeKind, key string) error {
	err := t.db.exec(ctx, `
		INSERT INTO changes (kind, key)
		VALUES ($1, $2)`,
		kind, key)
	if err != nil {
		return fmt.Errorf("append a change of %s: %w", kind, err)
	}
	return nil
}
