package store

import (
	"context"
	"fmt"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/token"
)

func (r reader) User(ctx context.Context, id string) (authority.User, error) {
	u, err := one(ctx, r.db, scanUser, `
		SELECT id, email, first_name, last_name, telephone, country, zipcode, password_hash,
			key_digest, key_digest IS NOT NULL, key_off, suspended, epoch, created_on, modified_on, version
		FROM users
		WHERE id = $1`,
		id)
	if err != nil {
		return u, fmt.Errorf("read user %s: %w", id, err)
	}
	return u, nil
}

func (r reader) UserByEmail(ctx context.Context, email string) (authority.User, error) {
	u, err := one(ctx, r.db, scanUser, `
		SELECT id, email, first_name, last_name, telephone, country, zipcode, password_hash,
			key_digest, key_digest IS NOT NULL, key_off, suspended, epoch, created_on, modified_on, version
		FROM users
		WHERE email = $1`,
		email)
	if err != nil {
		return u, fmt.Errorf("read a user by e-mail address: %w", err)
	}
	return u, nil
}

// UserByKey is one look-up in the index of the keys' digests.
func (r reader) UserByKey(ctx context.Context, d token.Digest) (authority.User, error) {
	u, err := one(ctx, r.db, scanUser, `
		SELECT id, email, first_name, last_name, telephone, country, zipcode, password_hash,
			key_digest, key_digest IS NOT NULL, key_off, suspended, epoch, created_on, modified_on, version
		FROM users
		WHERE key_digest = $1`,
		d[:])
	if err != nil {
		return u, fmt.Errorf("read a user by the digest of a key: %w", err)
	}
	return u, nil
}

func (r reader) UsersByID(ctx context.Context, ids []string) ([]authority.User, error) {
	list, err := someByID(ctx, r.db, scanUser, ids, `
		SELECT id, email, first_name, last_name, telephone, country, zipcode, password_hash,
			key_digest, key_digest IS NOT NULL, key_off, suspended, epoch, created_on, modified_on, version
		FROM users
		WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
			$21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)`)
	if err != nil {
		return nil, fmt.Errorf("read users by id: %w", err)
	}
	return list, nil
}

func (r reader) Users(ctx context.Context) ([]authority.User, error) {
	list, err := all(ctx, r.db, scanUser, `
		SELECT id, email, first_name, last_name, telephone, country, zipcode, password_hash,
			key_digest, key_digest IS NOT NULL, key_off, suspended, epoch, created_on, modified_on, version
		FROM users
		ORDER BY email`)
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return list, nil
}

func scanUser(r row) (authority.User, error) {
	var u authority.User
	err := r.Scan(&u.ID, &u.Email, &u.FirstName, &u.LastName, &u.Telephone, &u.Country, &u.Zipcode, &u.PasswordHash,
		digestColumn{&u.KeyDigest}, &u.HasKey, &u.KeyOff, &u.Suspended, &u.Epoch, instant{&u.CreatedOn}, instant{&u.ModifiedOn}, &u.Version)
	return u, err
}

// keyDigest is NULL for a user without an API key.
func keyDigest(u *authority.User) any {
	if !u.HasKey {
		return nil
	}
	return u.KeyDigest[:]
}

func (t *tx) InsertUser(ctx context.Context, u authority.User) error {
	err := t.db.exec(ctx, `
		INSERT INTO users (id, email, first_name, last_name, telephone, country, zipcode, password_hash,
			key_digest, key_off, suspended, epoch, created_on, modified_on, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		u.ID, u.Email, u.FirstName, u.LastName, u.Telephone, u.Country, u.Zipcode, u.PasswordHash,
		keyDigest(&u), u.KeyOff, u.Suspended, u.Epoch, micros(u.CreatedOn), micros(u.ModifiedOn), u.Version)
	if err != nil {
		return fmt.Errorf("insert user %s: %w", u.ID, err)
	}
	return nil
}

func (t *tx) UpdateUser(ctx context.Context, u authority.User) error {
	err := t.db.swap(ctx, `
		UPDATE users
		SET email = $1, first_name = $2, last_name = $3, telephone = $4, country = $5, zipcode = $6,
			password_hash = $7, key_digest = $8, key_off = $9, suspended = $10, epoch = $11,
			created_on = $12, modified_on = $13, version = version + 1
		WHERE id = $14 AND version = $15`,
		u.Email, u.FirstName, u.LastName, u.Telephone, u.Country, u.Zipcode,
		u.PasswordHash, keyDigest(&u), u.KeyOff, u.Suspended, u.Epoch, micros(u.CreatedOn), micros(u.ModifiedOn), u.ID, u.Version)
	if err != nil {
		return fmt.Errorf("update user %s: %w", u.ID, err)
	}
	return nil
}

// DeleteUser deletes first what names the user. Memberships are for the caller to
// delete: each is an event of its own.
func (t *tx) DeleteUser(ctx context.Context, id string, version int64) error {
	err := t.db.exec(ctx, `
		DELETE FROM links
		WHERE user_id = $1`,
		id)
	if err == nil {
		err = t.deleteSignIn(ctx, id)
	}
	if err == nil {
		err = t.db.swap(ctx, `
			DELETE FROM users
			WHERE id = $1 AND version = $2`,
			id, version)
	}
	if err != nil {
		return fmt.Errorf("delete user %s: %w", id, err)
	}
	return nil
}
