package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// MaxSession is the length of a session's data, in bytes.
const MaxSession = 32 << 10

// sessionsPruned is how many expired sessions go with each that is written: more than
// come, so that none stay for long, and never so many that a write takes long.
const sessionsPruned = 16

// Sessions keeps the sessions of a dashboard. What is in them is not known here. It has
// the methods that the session library asks of its stores.
//
// A session is found by the SHA-256 of its token; the token is not stored, so that
// whoever reads the database is nobody's session. Tokens are random and long, which makes
// a plain hash enough.
type Sessions struct {
	store *Store
	now   func() time.Time
}

// NewSessions gives the sessions of a database. now tells the time.
func NewSessions(s *Store, now func() time.Time) *Sessions { return &Sessions{s, now} }

// FindCtx gives a session's data, and false when there is none or it has expired.
func (s *Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	digest := sha256.Sum256([]byte(token))
	data, err := one(ctx, s.store.db, scanBytes, `
		SELECT data
		FROM sessions
		WHERE digest = $1 AND expires_on > $2`,
		digest[:], micros(s.now()))
	if errors.Is(err, authority.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read a session: %w", err)
	}
	return data, true, nil
}

func scanBytes(r row) (b []byte, err error) {
	err = r.Scan(&b)
	return b, err
}

// CommitCtx writes a session's data until expiry, over what was there. It deletes some of
// the expired ones.
func (s *Sessions) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	if len(b) > MaxSession {
		return fmt.Errorf("write a session: it has %d bytes, and %d are possible", len(b), MaxSession)
	}
	digest := sha256.Sum256([]byte(token))
	err := s.store.writer.write(ctx, func(ctx context.Context, t *tx) error {
		if err := t.pruneSessions(ctx, s.now()); err != nil {
			return err
		}
		return t.db.exec(ctx, `
			INSERT INTO sessions (digest, data, expires_on)
			VALUES ($1, $2, $3)
			ON CONFLICT (digest) DO UPDATE
			SET data = excluded.data, expires_on = excluded.expires_on`,
			digest[:], append([]byte{}, b...), micros(expiry))
	})
	if err != nil {
		return fmt.Errorf("write a session: %w", err)
	}
	return nil
}

func (t *tx) pruneSessions(ctx context.Context, now time.Time) error {
	return t.db.exec(ctx, `
		DELETE FROM sessions
		WHERE digest IN (
			SELECT digest
			FROM sessions
			WHERE expires_on <= $1
			ORDER BY expires_on
			LIMIT $2 + 0)`,
		micros(now), sessionsPruned)
}

// DeleteCtx deletes a session; there may be none.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	digest := sha256.Sum256([]byte(token))
	err := s.store.writer.write(ctx, func(ctx context.Context, t *tx) error {
		return t.db.exec(ctx, `
			DELETE FROM sessions
			WHERE digest = $1`,
			digest[:])
	})
	if err != nil {
		return fmt.Errorf("delete a session: %w", err)
	}
	return nil
}

// Find, Commit and Delete are the same without a context. The library's interface has
// them; it calls those above.

// Find is FindCtx.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx.
func (s *Sessions) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

// Delete is DeleteCtx.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
