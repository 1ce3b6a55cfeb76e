package store

import (
	"context"
	"fmt"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/token"
)

func (r reader) SecondFactor(ctx context.Context, userID string) (authority.SecondFactor, error) {
	f, err := one(ctx, r.db, scanSecondFactor, `
		SELECT user_id, sealed, last_step, created_on, confirmed_on, version
		FROM second_factors
		WHERE user_id = $1`,
		userID)
	if err != nil {
		return f, fmt.Errorf("read the second factor of user %s: %w", userID, err)
	}
	return f, nil
}

func scanSecondFactor(r row) (authority.SecondFactor, error) {
	var f authority.SecondFactor
	err := r.Scan(&f.UserID, &f.Sealed, &f.LastStep, instant{&f.CreatedOn}, instant{&f.ConfirmedOn}, &f.Version)
	return f, err
}

// AnySecondFactor reports whether there is one, so that a new key is not made where the
// old one is needed.
func (s *Store) AnySecondFactor(ctx context.Context) (bool, error) {
	n, err := one(ctx, s.db, scanInt64, `
		SELECT count(*)
		FROM (SELECT 1 FROM second_factors LIMIT 1)`)
	if err != nil {
		return false, fmt.Errorf("look for a second factor: %w", err)
	}
	return n > 0, nil
}

func (t *tx) InsertSecondFactor(ctx context.Context, f authority.SecondFactor) error {
	err := t.db.exec(ctx, `
		INSERT INTO second_factors (user_id, sealed, last_step, created_on, confirmed_on, version)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		f.UserID, f.Sealed, f.LastStep, micros(f.CreatedOn), micros(f.ConfirmedOn), f.Version)
	if err != nil {
		return fmt.Errorf("insert the second factor of user %s: %w", f.UserID, err)
	}
	return nil
}

func (t *tx) UpdateSecondFactor(ctx context.Context, f authority.SecondFactor) error {
	err := t.db.swap(ctx, `
		UPDATE second_factors
		SET sealed = $1, last_step = $2, created_on = $3, confirmed_on = $4, version = version + 1
		WHERE user_id = $5 AND version = $6`,
		f.Sealed, f.LastStep, micros(f.CreatedOn), micros(f.ConfirmedOn), f.UserID, f.Version)
	if err != nil {
		return fmt.Errorf("update the second factor of user %s: %w", f.UserID, err)
	}
	return nil
}

func (t *tx) DeleteSecondFactor(ctx context.Context, userID string, version int64) error {
	err := t.db.swap(ctx, `
		DELETE FROM second_factors
		WHERE user_id = $1 AND version = $2`,
		userID, version)
	if err != nil {
		return fmt.Errorf("delete the second factor of user %s: %w", userID, err)
	}
	return t.DeleteRecoveryCodes(ctx, userID)
}

func (r reader) RecoveryCodes(ctx context.Context, userID string) (int, error) {
	n, err := one(ctx, r.db, scanInt64, `
		SELECT count(*)
		FROM recovery_codes
		WHERE user_id = $1`,
		userID)
	if err != nil {
		return 0, fmt.Errorf("count the recovery codes of user %s: %w", userID, err)
	}
	return int(n), nil
}

func (t *tx) InsertRecoveryCode(ctx context.Context, userID string, d token.Digest) error {
	err := t.db.exec(ctx, `
		INSERT INTO recovery_codes (user_id, digest)
		VALUES ($1, $2)`,
		userID, d[:])
	if err != nil {
		return fmt.Errorf("insert a recovery code of user %s: %w", userID, err)
	}
	return nil
}

func (t *tx) DeleteRecoveryCode(ctx context.Context, userID string, d token.Digest) error {
	err := t.db.swap(ctx, `
		DELETE FROM recovery_codes
		WHERE user_id = $1 AND digest = $2`,
		userID, d[:])
	if err != nil {
		return fmt.Errorf("delete a recovery code of user %s: %w", userID, err)
	}
	return nil
}

func (t *tx) DeleteRecoveryCodes(ctx context.Context, userID string) error {
	err := t.db.exec(ctx, `
		DELETE FROM recovery_codes
		WHERE user_id = $1`,
		userID)
	if err != nil {
		return fmt.Errorf("delete the recovery codes of user %s: %w", userID, err)
	}
	return nil
}
