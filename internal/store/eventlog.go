package store

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// EventLog implements [authority.Store]. Which index is walked, and which way, depends on
// what is asked, so each case is a statement. A number is given inside a writing
// transaction, and there is one of those at a time, so a lower number is never seen after
// a higher one.
func (s *Store) EventLog(ctx context.Context, q authority.LogQuery) ([]authority.LoggedEvent, error) {
	read, of := s.logOfAccount, q.Log.AccountID
	switch {
	case of == "" && q.Descending:
		read, of = s.logOfUserBackwards, q.Log.UserID
	case of == "":
		read, of = s.logOfUser, q.Log.UserID
	case q.Descending:
		read = s.logOfAccountBackwards
	}
	if of == "" {
		return nil, nil // events of neither are nobody's to read
	}
	b := boundsOf(&q)
	list, err := read(ctx, of, b)
	if err != nil {
		return nil, fmt.Errorf("read the event log: %w", err)
	}
	return list, nil
}

// bounds are what a query asks for, in the columns' form.
type bounds struct {
	above, below, since, before int64
	limit, offset               int
}

func boundsOf(q *authority.LogQuery) bounds {
	b := bounds{q.Above, q.Below, math.MinInt64, math.MaxInt64, max(q.Limit, 0), max(q.Offset, 0)}
	if b.below == 0 {
		b.below = math.MaxInt64
	}
	if !q.Since.IsZero() {
		b.since = q.Since.UnixMicro()
	}
	if !q.Before.IsZero() {
		b.before = q.Before.UnixMicro()
	}
	return b
}

func (r reader) logOfAccount(ctx context.Context, id string, b bounds) ([]authority.LoggedEvent, error) {
	return all(ctx, r.db, scanLogged, `
		SELECT seq, id, at, actor_type, actor_id, actor_email, actor_ip, actor_context, actor_token_id, actor_token_name,
			action, verb, success, resource_type, resource_id, account_id, user_id, zone_id, zone_name,
			old, new, metadata, request_id, request_method, request_uri, request_user_agent, request_status
		FROM events
		WHERE account_id = $1 AND seq > $2 AND seq < $3 AND at >= $4 AND at < $5
		ORDER BY seq
		LIMIT $6 + 0 OFFSET $7`,
		id, b.above, b.below, b.since, b.before, b.limit, b.offset)
}

func (r reader) logOfAccountBackwards(ctx context.Context, id string, b bounds) ([]authority.LoggedEvent, error) {
	return all(ctx, r.db, scanLogged, `
		SELECT seq, id, at, actor_type, actor_id, actor_email, actor_ip, actor_context, actor_token_id, actor_token_name,
			action, verb, success, resource_type, resource_id, account_id, user_id, zone_id, zone_name,
			old, new, metadata, request_id, request_method, request_uri, request_user_agent, request_status
		FROM events
		WHERE account_id = $1 AND seq > $2 AND seq < $3 AND at >= $4 AND at < $5
		ORDER BY seq DESC
		LIMIT $6 + 0 OFFSET $7`,
		id, b.above, b.below, b.since, b.before, b.limit, b.offset)
}

func (r reader) logOfUser(ctx context.Context, id string, b bounds) ([]authority.LoggedEvent, error) {
	return all(ctx, r.db, scanLogged, `
		SELECT seq, id, at, actor_type, actor_id, actor_email, actor_ip, actor_context, actor_token_id, actor_token_name,
			action, verb, success, resource_type, resource_id, account_id, user_id, zone_id, zone_name,
			old, new, metadata, request_id, request_method, request_uri, request_user_agent, request_status
		FROM events
		WHERE user_id = $1 AND seq > $2 AND seq < $3 AND at >= $4 AND at < $5
		ORDER BY seq
		LIMIT $6 + 0 OFFSET $7`,
		id, b.above, b.below, b.since, b.before, b.limit, b.offset)
}

func (r reader) logOfUserBackwards(ctx context.Context, id string, b bounds) ([]authority.LoggedEvent, error) {
	return all(ctx, r.db, scanLogged, `
		SELECT seq, id, at, actor_type, actor_id, actor_email, actor_ip, actor_context, actor_token_id, actor_token_name,
			action, verb, success, resource_type, resource_id, account_id, user_id, zone_id, zone_name,
			old, new, metadata, request_id, request_method, request_uri, request_user_agent, request_status
		FROM events
		WHERE user_id = $1 AND seq > $2 AND seq < $3 AND at >= $4 AND at < $5
		ORDER BY seq DESC
		LIMIT $6 + 0 OFFSET $7`,
		id, b.above, b.below, b.since, b.before, b.limit, b.offset)
}

func scanLogged(r row) (e authority.LoggedEvent, err error) {
	e.Event, err = scanEvent(withSeq{r, &e.Seq})
	return e, err
}

// withSeq is a row that has seq before the columns that are asked for.
type withSeq struct {
	row
	seq *int64
}

func (w withSeq) Scan(dest ...any) error { return w.row.Scan(append([]any{w.seq}, dest...)...) }

// CountEvents implements [authority.Store]. It reads an index alone.
func (s *Store) CountEvents(ctx context.Context, q authority.LogQuery, most int) (int, error) {
	count, of := s.countOfAccount, q.Log.AccountID
	if of == "" {
		count, of = s.countOfUser, q.Log.UserID
	}
	if of == "" {
		return 0, nil
	}
	n, err := count(ctx, of, boundsOf(&q), most)
	if err != nil {
		return 0, fmt.Errorf("count the event log: %w", err)
	}
	return n, nil
}

func (r reader) countOfAccount(ctx context.Context, id string, b bounds, most int) (int, error) {
	return one(ctx, r.db, scanInt, `
		SELECT count(*)
		FROM (
			SELECT seq
			FROM events
			WHERE account_id = $1 AND seq > $2 AND seq < $3 AND at >= $4 AND at < $5
			ORDER BY seq
			LIMIT $6 + 0) AS some`,
		id, b.above, b.below, b.since, b.before, max(most, 0))
}

func (r reader) countOfUser(ctx context.Context, id string, b bounds, most int) (int, error) {
	return one(ctx, r.db, scanInt, `
		SELECT count(*)
		FROM (
			SELECT seq
			FROM events
			WHERE user_id = $1 AND seq > $2 AND seq < $3 AND at >= $4 AND at < $5
			ORDER BY seq
			LIMIT $6 + 0) AS some`,
		id, b.above, b.below, b.since, b.before, max(most, 0))
}

// EventHead implements [authority.Store].
func (s *Store) EventHead(ctx context.Context) (int64, error) {
	n, err := one(ctx, s.db, scanInt64, `
		SELECT coalesce(max(seq), 0)
		FROM events`)
	if err != nil {
		return 0, fmt.Errorf("read the head of the event log: %w", err)
	}
	return n, nil
}

// PruneEvents implements [authority.Store].
func (s *Store) PruneEvents(ctx context.Context, before time.Time, limit int) (int, error) {
	var n int64
	err := s.writer.write(ctx, func(ctx context.Context, t *tx) (err error) {
		n, err = t.db.count(ctx, `
			DELETE FROM events
			WHERE seq IN (
				SELECT seq
				FROM events
				WHERE at < $1
				ORDER BY at, seq
				LIMIT $2 + 0)`,
			before.UnixMicro(), max(limit, 0))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("prune events: %w", err)
	}
	return int(n), nil
}

func scanInt64(r row) (n int64, err error) {
	err = r.Scan(&n)
	return n, err
}
