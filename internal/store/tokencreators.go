package store

import (
	"context"
	"slices"

	"github.com/tokenward/tokenward/internal/authority"
)

// tokensOfCreator reads all that one user created, which an account's quota bounds, and
// cuts the page out here: for so few one statement serves both directions.
func (r reader) tokensOfCreator(ctx context.Context, q authority.TokenQuery) ([]authority.Token, error) {
	list, err := all(ctx, r.db, scanToken, `
		SELECT id, digest, owner_kind, owner_id, name, status, document, not_before, expires_on,
			issued_on, modified_on, last_used_on, exposed_on, creator_id, creator_email, version
		FROM tokens
		WHERE owner_kind = $1 AND owner_id = $2 AND creator_id = $3 AND (expires_on IS NULL OR expires_on > $4)
		ORDER BY issued_on, id`,
		q.Owner.Kind, q.Owner.ID, q.CreatorID, expiryBound(q))
	if err != nil {
		return nil, err
	}
	if q.Descending {
		slices.Reverse(list)
	}
	list = list[min(max(q.Offset, 0), len(list)):]
	if list = list[:min(max(q.Limit, 0), len(list))]; len(list) == 0 {
		return nil, nil
	}
	return list, nil
}

func (r reader) countTokensOfCreator(ctx context.Context, q authority.TokenQuery) (int, error) {
	return one(ctx, r.db, scanInt, `
		SELECT count(*)
		FROM tokens
		WHERE owner_kind = $1 AND owner_id = $2 AND creator_id = $3 AND (expires_on IS NULL OR expires_on > $4)`,
		q.Owner.Kind, q.Owner.ID, q.CreatorID, expiryBound(q))
}
