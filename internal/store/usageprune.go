package store

import (
	"context"
	"time"
)

func (t *tx) pruneUses(ctx context.Context, before time.Time, limit int) (int64, error) {
	return t.db.count(ctx, `
		DELETE FROM token_uses
		WHERE (token_id, day, denied, permission_group, operation, resource) IN (
			SELECT token_id, day, denied, permission_group, operation, resource
			FROM token_uses
			WHERE day < $1
			ORDER BY day
			LIMIT $2 + 0)`,
		before.Unix()/daySeconds, limit)
}

func (t *tx) pruneAddresses(ctx context.Context, before time.Time, limit int) (int64, error) {
	return t.db.count(ctx, `
		DELETE FROM token_addresses
		WHERE (token_id, address) IN (
			SELECT token_id, address
			FROM token_addresses
			WHERE last_on < $1
			ORDER BY last_on
			LIMIT $2 + 0)`,
		before.Unix(), limit)
}

func (t *tx) pruneDenials(ctx context.Context, before time.Time, limit int) (int64, error) {
	return t.db.count(ctx, `
		DELETE FROM token_denials
		WHERE seq IN (
			SELECT seq
			FROM token_denials
			WHERE at < $1
			ORDER BY at
			LIMIT $2 + 0)`,
		before.Unix(), limit)
}
