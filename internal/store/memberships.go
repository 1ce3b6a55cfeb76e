package store

import (
	"context"
	"fmt"

	"github.com/tokenward/tokenward/internal/authority"
)

func (r reader) Memberships(ctx context.Context, userID string) ([]authority.Membership, error) {
	list, err := all(ctx, r.db, scanMembership, `
		SELECT id, user_id, account_id, roles, status, created_on, version
		FROM memberships
		WHERE user_id = $1
		ORDER BY created_on, id`,
		userID)
	if err != nil {
		return nil, fmt.Errorf("read the memberships of user %s: %w", userID, err)
	}
	return list, nil
}

func scanMembership(r row) (authority.Membership, error) {
	var m authority.Membership
	err := r.Scan(&m.ID, &m.UserID, &m.AccountID, jsonColumn{&m.Roles}, &m.Status, instant{&m.CreatedOn}, &m.Version)
	return m, err
}

func (t *tx) InsertMembership(ctx context.Context, m authority.Membership) error {
	roles, err := jsonText(m.Roles)
	if err != nil {
		return fmt.Errorf("insert membership %s: %w", m.ID, err)
	}
	err = t.db.exec(ctx, `
		INSERT INTO memberships (id, user_id, account_id, roles, status, created_on, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		m.ID, m.UserID, m.AccountID, roles, m.Status, micros(m.CreatedOn), m.Version)
	if err != nil {
		return fmt.Errorf("insert membership %s: %w", m.ID, err)
	}
	return nil
}

// UpdateMembership leaves the user and the account, which never change.
func (t *tx) UpdateMembership(ctx context.Context, m authority.Membership) error {
	roles, err := jsonText(m.Roles)
	if err != nil {
		return fmt.Errorf("update membership %s: %w", m.ID, err)
	}
	err = t.db.swap(ctx, `
		UPDATE memberships
		SET roles = $1, status = $2, version = version + 1
		WHERE id = $3 AND version = $4`,
		roles, m.Status, m.ID, m.Version)
	if err != nil {
		return fmt.Errorf("update membership %s: %w", m.ID, err)
	}
	return nil
}

func (t *tx) DeleteMembership(ctx context.Context, id string, version int64) error {
	err := t.db.swap(ctx, `
		DELETE FROM memberships
		WHERE id = $1 AND version = $2`,
		id, version)
	if err != nil {
		return fmt.Errorf("delete membership %s: %w", id, err)
	}
	return nil
}
