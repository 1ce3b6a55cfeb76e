package store

import (
	"context"
	"fmt"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/token"
)

func (r reader) Device(ctx context.Context, d token.Digest) (authority.Device, error) {
	v, err := one(ctx, r.db, scanDevice, `
		SELECT digest, user_id, created_on, expires_on
		FROM devices
		WHERE digest = $1`,
		d[:])
	if err != nil {
		return v, fmt.Errorf("read a device by its digest: %w", err)
	}
	return v, nil
}

func (r reader) Devices(ctx context.Context, userID string) ([]authority.Device, error) {
	list, err := all(ctx, r.db, scanDevice, `
		SELECT digest, user_id, created_on, expires_on
		FROM devices
		WHERE user_id = $1
		ORDER BY created_on, digest`,
		userID)
	if err != nil {
		return nil, fmt.Errorf("read the devices of user %s: %w", userID, err)
	}
	return list, nil
}

func scanDevice(r row) (authority.Device, error) {
	var d authority.Device
	err := r.Scan(digestColumn{&d.Digest}, &d.UserID, instant{&d.CreatedOn}, instant{&d.ExpiresOn})
	return d, err
}

func (t *tx) InsertDevice(ctx context.Context, d authority.Device) error {
	err := t.db.exec(ctx, `
		INSERT INTO devices (digest, user_id, created_on, expires_on)
		VALUES ($1, $2, $3, $4)`,
		d.Digest[:], d.UserID, micros(d.CreatedOn), micros(d.ExpiresOn))
	if err != nil {
		return fmt.Errorf("insert a device of user %s: %w", d.UserID, err)
	}
	return nil
}

func (t *tx) DeleteDevice(ctx context.Context, d token.Digest) error {
	err := t.db.swap(ctx, `
		DELETE FROM devices
		WHERE digest = $1`,
		d[:])
	if err != nil {
		return fmt.Errorf("delete a device: %w", err)
	}
	return nil
}

// deleteSignIn deletes what a user signs in by, beside the links.
func (t *tx) deleteSignIn(ctx context.Context, userID string) error {
	err := t.db.exec(ctx, `
		DELETE FROM devices
		WHERE user_id = $1`,
		userID)
	if err == nil {
		err = t.DeleteRecoveryCodes(ctx, userID)
	}
	if err == nil {
		err = t.db.exec(ctx, `
			DELETE FROM second_factors
			WHERE user_id = $1`,
			userID)
	}
	return err
}
