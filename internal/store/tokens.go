package store

import (
	"context"
	"fmt"
	"math"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/token"
)

// TokenToCheck is what a check asks for when the cache does not know a token: one
// look-up in the unique index of digests. It reads the columns that are needed: the
// others took a tenth of the check of a token with few policies.
func (r reader) TokenToCheck(ctx context.Context, d token.Digest) (authority.Token, error) {
	t, err := one(ctx, r.db, scanTokenToCheck, `
		SELECT id, digest, owner_kind, owner_id, name, status, document, not_before, expires_on, last_used_on, version
		FROM tokens
		WHERE digest = $1`,
		d[:])
	if err != nil {
		return t, fmt.Errorf("read a token to check: %w", err)
	}
	return t, nil
}

func (r reader) TokenByDigest(ctx context.Context, d token.Digest) (authority.Token, error) {
	t, err := one(ctx, r.db, scanToken, `
		SELECT id, digest, owner_kind, owner_id, name, status, document, not_before, expires_on,
			issued_on, modified_on, last_used_on, exposed_on, creator_id, creator_email, version
		FROM tokens
		WHERE digest = $1`,
		d[:])
	if err != nil {
		return t, fmt.Errorf("read a token by its digest: %w", err)
	}
	return t, nil
}

func (r reader) Token(ctx context.Context, owner authority.Owner, id string) (authority.Token, error) {
	t, err := one(ctx, r.db, scanToken, `
		SELECT id, digest, owner_kind, owner_id, name, status, document, not_before, expires_on,
			issued_on, modified_on, last_used_on, exposed_on, creator_id, creator_email, version
		FROM tokens
		WHERE id = $1 AND owner_kind = $2 AND owner_id = $3`,
		id, owner.Kind, owner.ID)
	if err != nil {
		return t, fmt.Errorf("read token %s: %w", id, err)
	}
	return t, nil
}

func (r reader) TokenStanding(ctx context.Context, owner authority.Owner, id string) (authority.TokenStanding, error) {
	t, err := one(ctx, r.db, scanStanding, `
		SELECT digest, status, expires_on, version
		FROM tokens
		WHERE id = $1 AND owner_kind = $2 AND owner_id = $3`,
		id, owner.Kind, owner.ID)
	if err != nil {
		return t, fmt.Errorf("read the standing of token %s: %w", id, err)
	}
	return t, nil
}

func scanStanding(r row) (t authority.TokenStanding, err error) {
	err = r.Scan(digestColumn{&t.Digest}, &t.Status, instant{&t.ExpiresOn}, &t.Version)
	return t, err
}

// Tokens reads the page and the number one after the other: a change in between may
// show in one of them. With no Limit there is only the number to read.
func (r reader) Tokens(ctx context.Context, q authority.TokenQuery) ([]authority.Token, int, error) {
	page, count := r.tokensAscending, r.countTokens
	if q.Descending {
		page = r.tokensDescending
	}
	if q.NotExpiredAt.IsZero() {
		count = r.countAllTokens
	}
	if q.CreatorID != "" {
		page, count = r.tokensOfCreator, r.countTokensOfCreator
	}
	var list []authority.Token
	if q.Limit > 0 {
		var err error
		if list, err = page(ctx, q); err != nil {
			return nil, 0, fmt.Errorf("list tokens: %w", err)
		}
	}
	n, err := count(ctx, q)
	if err != nil {
		return nil, 0, fmt.Errorf("count tokens: %w", err)
	}
	return list, n, nil
}

func (r reader) tokensAscending(ctx context.Context, q authority.TokenQuery) ([]authority.Token, error) {
	return all(ctx, r.db, scanToken, `
		SELECT id, digest, owner_kind, owner_id, name, status, document, not_before, expires_on,
			issued_on, modified_on, last_used_on, exposed_on, creator_id, creator_email, version
		FROM tokens
		WHERE owner_kind = $1 AND owner_id = $2 AND (expires_on IS NULL OR expires_on > $3)
		ORDER BY issued_on, id
		LIMIT $4 + 0 OFFSET $5`,
		q.Owner.Kind, q.Owner.ID, expiryBound(q), max(q.Limit, 0), max(q.Offset, 0))
}

func (r reader) tokensDescending(ctx context.Context, q authority.TokenQuery) ([]authority.Token, error) {
	return all(ctx, r.db, scanToken, `
		SELECT id, digest, owner_kind, owner_id, name, status, document, not_before, expires_on,
			issued_on, modified_on, last_used_on, exposed_on, creator_id, creator_email, version
		FROM tokens
		WHERE owner_kind = $1 AND owner_id = $2 AND (expires_on IS NULL OR expires_on > $3)
		ORDER BY issued_on DESC, id DESC
		LIMIT $4 + 0 OFFSET $5`,
		q.Owner.Kind, q.Owner.ID, expiryBound(q), max(q.Limit, 0), max(q.Offset, 0))
}

func (r reader) countTokens(ctx context.Context, q authority.TokenQuery) (int, error) {
	return one(ctx, r.db, scanInt, `
		SELECT count(*)
		FROM tokens
		WHERE owner_kind = $1 AND owner_id = $2 AND (expires_on IS NULL OR expires_on > $3)`,
		q.Owner.Kind, q.Owner.ID, expiryBound(q))
}

// countAllTokens looks at no column, which takes a third less for each token.
func (r reader) countAllTokens(ctx context.Context, q authority.TokenQuery) (int, error) {
	return one(ctx, r.db, scanInt, `
		SELECT count(*)
		FROM tokens
		WHERE owner_kind = $1 AND owner_id = $2`,
		q.Owner.Kind, q.Owner.ID)
}

// expiryBound is what expires_on must be greater than: a token is expired from the
// instant of expires_on on.
func expiryBound(q authority.TokenQuery) int64 {
	if q.NotExpiredAt.IsZero() {
		return math.MinInt64
	}
	return q.NotExpiredAt.UnixMicro()
}

func scanInt(r row) (n int, err error) {
	err = r.Scan(&n)
	return n, err
}

func scanToken(r row) (authority.Token, error) {
	var t authority.Token
	err := r.Scan(&t.ID, digestColumn{&t.Digest}, &t.Owner.Kind, &t.Owner.ID, &t.Name, &t.Status,
		documentColumn{&t}, instant{&t.NotBefore}, instant{&t.ExpiresOn}, instant{&t.IssuedOn},
		instant{&t.ModifiedOn}, instant{&t.LastUsedOn}, instant{&t.ExposedOn}, &t.CreatorID, &t.CreatorEmail, &t.Version)
	return t, err
}

func scanTokenToCheck(r row) (authority.Token, error) {
	var t authority.Token
	err := r.Scan(&t.ID, digestColumn{&t.Digest}, &t.Owner.Kind, &t.Owner.ID, &t.Name, &t.Status,
		documentColumn{&t}, instant{&t.NotBefore}, instant{&t.ExpiresOn}, instant{&t.LastUsedOn}, &t.Version)
	return t, err
}

func (t *tx) InsertToken(ctx context.Context, k authority.Token) error {
	document, err := tokenDocument(&k)
	if err != nil {
		return fmt.Errorf("insert token %s: %w", k.ID, err)
	}
	err = t.db.exec(ctx, `
		INSERT INTO tokens (id, digest, owner_kind, owner_id, name, status, document, not_before, expires_on,
			issued_on, modified_on, last_used_on, exposed_on, creator_id, creator_email, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		k.ID, k.Digest[:], k.Owner.Kind, k.Owner.ID, k.Name, k.Status, document, micros(k.NotBefore), micros(k.ExpiresOn),
		micros(k.IssuedOn), micros(k.ModifiedOn), micros(k.LastUsedOn), micros(k.ExposedOn), k.CreatorID, k.CreatorEmail, k.Version)
	if err != nil {
		return fmt.Errorf("insert token %s: %w", k.ID, err)
	}
	return nil
}

// UpdateToken leaves owner and creator, which never change, and last_used_on, which
// TouchTokens may have moved since the token was read.
func (t *tx) UpdateToken(ctx context.Context, k authority.Token) error {
	document, err := tokenDocument(&k)
	if err != nil {
		return fmt.Errorf("update token %s: %w", k.ID, err)
	}
	err = t.db.swap(ctx, `
		UPDATE tokens
		SET digest = $1, name = $2, status = $3, document = $4, not_before = $5, expires_on = $6,
			issued_on = $7, modified_on = $8, exposed_on = $9, version = version + 1
		WHERE id = $10 AND version = $11`,
		k.Digest[:], k.Name, k.Status, document, micros(k.NotBefore), micros(k.ExpiresOn),
		micros(k.IssuedOn), micros(k.ModifiedOn), micros(k.ExposedOn), k.ID, k.Version)
	if err != nil {
		return fmt.Errorf("update token %s: %w", k.ID, err)
	}
	return nil
}

func (t *tx) DeleteToken(ctx context.Context, id string, version int64) error {
	err := t.db.swap(ctx, `
		DELETE FROM tokens
		WHERE id = $1 AND version = $2`,
		id, version)
	if err != nil {
		return fmt.Errorf("delete token %s: %w", id, err)
	}
	return nil
}

// TouchTokens implements [authority.Store]. A use is not a change: the version stays.
func (s *Store) TouchTokens(ctx context.Context, uses []authority.TokenUse) error {
	if len(uses) == 0 {
		return nil
	}
	return s.writer.write(ctx, func(ctx context.Context, t *tx) error {
		for _, u := range uses {
			if err := t.touchToken(ctx, u); err != nil {
				return fmt.Errorf("touch token %s: %w", u.TokenID, err)
			}
		}
		return nil
	})
}

func (t *tx) touchToken(ctx context.Context, u authority.TokenUse) error {
	return t.db.exec(ctx, `
		UPDATE tokens
		SET last_used_on = $1
		WHERE id = $2 AND (last_used_on IS NULL OR last_used_on < $1)`,
		micros(u.At), u.TokenID)
}
