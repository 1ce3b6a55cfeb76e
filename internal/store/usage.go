package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

const daySeconds = 24 * 60 * 60

// RecordUsage implements [authority.Store].
func (s *Store) RecordUsage(ctx context.Context, b authority.UsageBatch) error {
	err := s.writer.write(ctx, func(ctx context.Context, t *tx) error {
		r := usageRecorder{t, map[string]bool{}, map[usedDay]int{}}
		if err := r.uses(ctx, b.Uses); err != nil {
			return err
		}
		if err := r.addresses(ctx, b.Addresses); err != nil {
			return err
		}
		return r.denials(ctx, b.Denials)
	})
	if err != nil {
		return fmt.Errorf("record the use of tokens: %w", err)
	}
	return nil
}

// usageRecorder remembers what it asked the database during one batch.
type usageRecorder struct {
	*tx
	there map[string]bool // tokens
	named map[usedDay]int // how many sorts of uses there are
}

type usedDay struct {
	token  string
	day    int64
	denied bool
}

func (r *usageRecorder) uses(ctx context.Context, list []authority.UseCount) error {
	for i := range list {
		c := &list[i]
		if ok, err := r.isToken(ctx, c.TokenID); err != nil || !ok {
			if err != nil {
				return err
			}
			continue
		}
		if err := r.use(ctx, c); err != nil {
			return fmt.Errorf("of token %s: %w", c.TokenID, err)
		}
	}
	return nil
}

// use adds to a row, to a new one while the day has room for it, else to the one that
// stands for the rest.
func (r *usageRecorder) use(ctx context.Context, c *authority.UseCount) error {
	if n, err := r.addUse(ctx, c); err != nil || n > 0 {
		return err
	}
	rest := authority.Use{Denied: c.Use.Denied}
	if c.Use == rest {
		return r.insertUse(ctx, c)
	}
	at := usedDay{c.TokenID, c.Day.Unix() / daySeconds, c.Use.Denied}
	n, known := r.named[at]
	if !known {
		var err error
		if n, err = r.countUses(ctx, at); err != nil {
			return err
		}
	}
	bound := authority.MaxAllowedUses
	if at.denied {
		bound = authority.MaxDeniedUses
	}
	if n >= bound {
		r.named[at] = n
		other := *c
		other.Use = rest
		return r.use(ctx, &other)
	}
	r.named[at] = n + 1
	return r.insertUse(ctx, c)
}

func (t *tx) addUse(ctx context.Context, c *authority.UseCount) (int64, error) {
	return t.db.count(ctx, `
		UPDATE token_uses
		SET count = count + $1, last_on = CASE WHEN last_on < $2 THEN $2 ELSE last_on END
		WHERE token_id = $3 AND day = $4 AND denied = $5 AND permission_group = $6 AND operation = $7 AND resource = $8`,
		c.Count, c.LastOn.Unix(), c.TokenID, c.Day.Unix()/daySeconds, c.Use.Denied, c.Use.Group, c.Use.Operation, c.Use.Resource)
}

func (t *tx) insertUse(ctx context.Context, c *authority.UseCount) error {
	return t.db.exec(ctx, `
		INSERT INTO token_uses (token_id, day, denied, permission_group, operation, resource, count, last_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		c.TokenID, c.Day.Unix()/daySeconds, c.Use.Denied, c.Use.Group, c.Use.Operation, c.Use.Resource, c.Count, c.LastOn.Unix())
}

// countUses leaves out the row that stands for the rest.
func (t *tx) countUses(ctx context.Context, at usedDay) (int, error) {
	return one(ctx, t.db, scanInt, `
		SELECT count(*)
		FROM token_uses
		WHERE token_id = $1 AND day = $2 AND denied = $3 AND operation <> ''`,
		at.token, at.day, at.denied)
}

func (r *usageRecorder) isToken(ctx context.Context, id string) (bool, error) {
	ok, known := r.there[id]
	if known {
		return ok, nil
	}
	n, err := one(ctx, r.db, scanInt, `
		SELECT count(*)
		FROM tokens
		WHERE id = $1`,
		id)
	r.there[id] = n > 0
	return n > 0, err
}

func (r *usageRecorder) addresses(ctx context.Context, list []authority.AddressCount) error {
	seen := map[string]bool{}
	for i := range list {
		c := &list[i]
		if ok, err := r.isToken(ctx, c.TokenID); err != nil {
			return err
		} else if !ok {
			continue
		}
		if err := r.addAddress(ctx, c); err != nil {
			return fmt.Errorf("of token %s: %w", c.TokenID, err)
		}
		seen[c.TokenID] = true
	}
	for id := range seen {
		if err := r.trimAddresses(ctx, id); err != nil {
			return fmt.Errorf("of token %s: %w", id, err)
		}
	}
	return nil
}

func (t *tx) addAddress(ctx context.Context, c *authority.AddressCount) error {
	return t.db.exec(ctx, `
		INSERT INTO token_addresses (token_id, address, count, first_on, last_on)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (token_id, address) DO UPDATE
		SET count = token_addresses.count + excluded.count,
			first_on = CASE WHEN excluded.first_on < token_addresses.first_on THEN excluded.first_on ELSE token_addresses.first_on END,
			last_on = CASE WHEN excluded.last_on > token_addresses.last_on THEN excluded.last_on ELSE token_addresses.last_on END`,
		c.TokenID, c.Address, c.Count, c.FirstOn.Unix(), c.LastOn.Unix())
}

func (t *tx) trimAddresses(ctx context.Context, id string) error {
	return t.db.exec(ctx, `
		DELETE FROM token_addresses
		WHERE token_id = $1 AND address IN (
			SELECT address
			FROM token_addresses
			WHERE token_id = $1
			ORDER BY last_on DESC, address
			LIMIT -1 OFFSET $2)`,
		id, authority.MaxUseAddresses)
}

func (r *usageRecorder) denials(ctx context.Context, list []authority.Denial) error {
	seen := map[string]bool{}
	for i := range list {
		d := &list[i]
		if ok, err := r.isToken(ctx, d.TokenID); err != nil {
			return err
		} else if !ok {
			continue
		}
		if err := r.insertDenial(ctx, d); err != nil {
			return fmt.Errorf("of token %s: %w", d.TokenID, err)
		}
		seen[d.TokenID] = true
	}
	for id := range seen {
		if err := r.trimDenials(ctx, id); err != nil {
			return fmt.Errorf("of token %s: %w", id, err)
		}
	}
	return nil
}

func (t *tx) insertDenial(ctx context.Context, d *authority.Denial) error {
	return t.db.exec(ctx, `
		INSERT INTO token_denials (token_id, at, operation, resource, reason, address)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		d.TokenID, d.At.Unix(), d.Operation, d.Resource, d.Reason, d.Address)
}

func (t *tx) trimDenials(ctx context.Context, id string) error {
	return t.db.exec(ctx, `
		DELETE FROM token_denials
		WHERE seq IN (
			SELECT seq
			FROM token_denials
			WHERE token_id = $1
			ORDER BY at DESC, seq DESC
			LIMIT -1 OFFSET $2)`,
		id, authority.MaxKeptDenials)
}

// PruneUsage implements [authority.Store]. Days end where a time begins.
func (s *Store) PruneUsage(ctx context.Context, before time.Time, limit int) (int, error) {
	var most int64
	err := s.writer.write(ctx, func(ctx context.Context, t *tx) error {
		most = 0
		for _, prune := range []func(context.Context, time.Time, int) (int64, error){t.pruneUses, t.pruneAddresses, t.pruneDenials} {
			n, err := prune(ctx, before, max(limit, 0))
			if err != nil {
				return err
			}
			most = max(most, n)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("prune usage: %w", err)
	}
	return int(most), nil
}
