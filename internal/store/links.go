package store

import (
	"context"
	"fmt"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/token"
)

func (r reader) Link(ctx context.Context, d token.Digest) (authority.Link, error) {
	l, err := one(ctx, r.db, scanLink, `
		SELECT digest, kind, user_id, membership_id, created_on, expires_on
		FROM links
		WHERE digest = $1`,
		d[:])
	if err != nil {
		return l, fmt.Errorf("read a link by its digest: %w", err)
	}
	return l, nil
}

func (r reader) Links(ctx context.Context, userID string, kind authority.LinkKind) ([]authority.Link, error) {
	list, err := all(ctx, r.db, scanLink, `
		SELECT digest, kind, user_id, membership_id, created_on, expires_on
		FROM links
		WHERE user_id = $1 AND kind = $2
		ORDER BY created_on, digest`,
		userID, kind)
	if err != nil {
		return nil, fmt.Errorf("read the links of user %s: %w", userID, err)
	}
	return list, nil
}

func scanLink(r row) (authority.Link, error) {
	var l authority.Link
	err := r.Scan(digestColumn{&l.Digest}, &l.Kind, &l.UserID, &l.MembershipID, instant{&l.CreatedOn}, instant{&l.ExpiresOn})
	return l, err
}

func (t *tx) InsertLink(ctx context.Context, l authority.Link) error {
	err := t.db.exec(ctx, `
		INSERT INTO links (digest, kind, user_id, membership_id, created_on, expires_on)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		l.Digest[:], l.Kind, l.UserID, l.MembershipID, micros(l.CreatedOn), micros(l.ExpiresOn))
	if err != nil {
		return fmt.Errorf("insert a link of user %s: %w", l.UserID, err)
	}
	return nil
}

func (t *tx) DeleteLink(ctx context.Context, d token.Digest) error {
	err := t.db.swap(ctx, `
		DELETE FROM links
		WHERE digest = $1`,
		d[:])
	if err != nil {
		return fmt.Errorf("delete a link: %w", err)
	}
	return nil
}
