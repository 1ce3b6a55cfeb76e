package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/tokenward/tokenward/internal/authority"
)

func (r reader) Account(ctx context.Context, id string) (authority.Account, error) {
	a, err := one(ctx, r.db, scanAccount, `
		SELECT id, name, type, api_off, abuse_contact, created_on, modified_on, version
		FROM accounts
		WHERE id = $1`,
		id)
	if err != nil {
		return a, fmt.Errorf("read account %s: %w", id, err)
	}
	return a, nil
}

func (r reader) Accounts(ctx context.Context, ids []string) ([]authority.Account, error) {
	list, err := someByID(ctx, r.db, scanAccount, ids, `
		SELECT id, name, type, api_off, abuse_contact, created_on, modified_on, version
		FROM accounts
		WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
			$21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)`)
	if err != nil {
		return nil, fmt.Errorf("read accounts by id: %w", err)
	}
	slices.SortFunc(list, func(a, b authority.Account) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

// unique gives each string once, in order.
func unique(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

func scanAccount(r row) (authority.Account, error) {
	var a authority.Account
	err := r.Scan(&a.ID, &a.Name, &a.Type, &a.APIOff, &a.AbuseContact, instant{&a.CreatedOn}, instant{&a.ModifiedOn}, &a.Version)
	return a, err
}

func (t *tx) InsertAccount(ctx context.Context, a authority.Account) error {
	err := t.db.exec(ctx, `
		INSERT INTO accounts (id, name, type, api_off, abuse_contact, created_on, modified_on, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		a.ID, a.Name, a.Type, a.APIOff, a.AbuseContact, micros(a.CreatedOn), micros(a.ModifiedOn), a.Version)
	if err != nil {
		return fmt.Errorf("insert account %s: %w", a.ID, err)
	}
	return nil
}

func (t *tx) UpdateAccount(ctx context.Context, a authority.Account) error {
	err := t.db.swap(ctx, `
		UPDATE accounts
		SET name = $1, type = $2, api_off = $3, abuse_contact = $4, created_on = $5, modified_on = $6,
			version = version + 1
		WHERE id = $7 AND version = $8`,
		a.Name, a.Type, a.APIOff, a.AbuseContact, micros(a.CreatedOn), micros(a.ModifiedOn), a.ID, a.Version)
	if err != nil {
		return fmt.Errorf("update account %s: %w", a.ID, err)
	}
	return nil
}

// DeleteAccount leaves the account's events: what was done in it stays on record.
func (t *tx) DeleteAccount(ctx context.Context, id string, version int64) error {
	err := t.db.swap(ctx, `
		DELETE FROM accounts
		WHERE id = $1 AND version = $2`,
		id, version)
	if err != nil {
		return fmt.Errorf("delete account %s: %w", id, err)
	}
	return nil
}
