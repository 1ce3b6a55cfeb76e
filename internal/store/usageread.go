package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// TokenUsage implements [authority.Store]. Its parts are read one after the other: a
// batch that is written in between may show in some of them.
func (r reader) TokenUsage(ctx context.Context, tokenID string, since time.Time, limit int) (u authority.Usage, err error) {
	from := since.Unix() / daySeconds
	if u.Days, err = r.daysOfToken(ctx, tokenID, from); err == nil {
		u.Uses, err = r.usesOfToken(ctx, tokenID, from, max(limit, 0))
	}
	if err == nil {
		u.Addresses, err = r.addressesOfToken(ctx, tokenID)
	}
	if err == nil {
		u.Denials, err = r.denialsOfToken(ctx, tokenID)
	}
	if err != nil {
		return authority.Usage{}, fmt.Errorf("read the use of token %s: %w", tokenID, err)
	}
	return u, nil
}

func (r reader) daysOfToken(ctx context.Context, id string, from int64) ([]authority.DayUse, error) {
	return all(ctx, r.db, scanDay, `
		SELECT day, sum(CASE WHEN denied = 0 THEN count ELSE 0 END), sum(CASE WHEN denied = 1 THEN count ELSE 0 END)
		FROM token_uses
		WHERE token_id = $1 AND day >= $2
		GROUP BY day
		ORDER BY day`,
		id, from)
}

func scanDay(r row) (d authority.DayUse, err error) {
	var day int64
	err = r.Scan(&day, &d.Allowed, &d.Denied)
	d.Day = time.Unix(day*daySeconds, 0).UTC()
	return d, err
}

func (r reader) usesOfToken(ctx context.Context, id string, from int64, limit int) ([]authority.UseSum, error) {
	return all(ctx, r.db, scanUse, `
		SELECT denied, permission_group, operation, resource, sum(count), max(last_on)
		FROM token_uses
		WHERE token_id = $1 AND day >= $2
		GROUP BY denied, permission_group, operation, resource
		ORDER BY sum(count) DESC, denied, permission_group, operation, resource
		LIMIT $3 + 0`,
		id, from, limit)
}

func scanUse(r row) (u authority.UseSum, err error) {
	err = r.Scan(&u.Use.Denied, &u.Use.Group, &u.Use.Operation, &u.Use.Resource, &u.Count, unixTime{&u.LastOn})
	return u, err
}

func (r reader) addressesOfToken(ctx context.Context, id string) ([]authority.AddressCount, error) {
	return all(ctx, r.db, scanAddress, `
		SELECT token_id, address, count, first_on, last_on
		FROM token_addresses
		WHERE token_id = $1
		ORDER BY last_on DESC, address`,
		id)
}

func scanAddress(r row) (c authority.AddressCount, err error) {
	err = r.Scan(&c.TokenID, &c.Address, &c.Count, unixTime{&c.FirstOn}, unixTime{&c.LastOn})
	return c, err
}

func (r reader) denialsOfToken(ctx context.Context, id string) ([]authority.Denial, error) {
	return all(ctx, r.db, scanDenial, `
		SELECT token_id, at, operation, resource, reason, address
		FROM token_denials
		WHERE token_id = $1
		ORDER BY at DESC, seq DESC`,
		id)
}

func scanDenial(r row) (d authority.Denial, err error) {
	err = r.Scan(&d.TokenID, unixTime{&d.At}, &d.Operation, &d.Resource, &d.Reason, &d.Address)
	return d, err
}

// unixTime scans whole seconds since 1970: usage is kept no finer.
type unixTime struct{ t *time.Time }

func (u unixTime) Scan(v any) error {
	sec, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a time is a %T", v)
	}
	*u.t = time.Unix(sec, 0).UTC()
	return nil
}
