package store

import (
	"context"
	"fmt"

	"github.com/tokenward/tokenward/internal/authority"
)

// Events implements [authority.Store]. Which index is walked depends on what is asked,
// so each case is a statement.
func (s *Store) Events(ctx context.Context, q authority.EventQuery, limit int) ([]authority.Event, error) {
	read := s.eventsOfAll
	switch {
	case q.AccountID != "":
		read = s.eventsOfAccount
	case q.UserID != "":
		read = s.eventsOfUser
	}
	list, err := read(ctx, q, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	return list, nil
}

func (r reader) eventsOfAccount(ctx context.Context, q authority.EventQuery, limit int) ([]authority.Event, error) {
	return all(ctx, r.db, scanEvent, `
		SELECT id, at, actor_type, actor_id, actor_email, actor_ip, actor_context, actor_token_id, actor_token_name,
			action, verb, success, resource_type, resource_id, account_id, user_id, zone_id, zone_name,
			old, new, metadata, request_id, request_method, request_uri, request_user_agent, request_status
		FROM events
		WHERE account_id = $1 AND ($2 = '' OR user_id = $2) AND ($3 = '' OR action = $3)
		ORDER BY at DESC, seq DESC
		LIMIT $4 + 0`,
		q.AccountID, q.UserID, q.Action, limit)
}

func (r reader) eventsOfUser(ctx context.Context, q authority.EventQuery, limit int) ([]authority.Event, error) {
	return all(ctx, r.db, scanEvent, `
		SELECT id, at, actor_type, actor_id, actor_email, actor_ip, actor_context, actor_token_id, actor_token_name,
			action, verb, success, resource_type, resource_id, account_id, user_id, zone_id, zone_name,
			old, new, metadata, request_id, request_method, request_uri, request_user_agent, request_status
		FROM events
		WHERE user_id = $1 AND ($2 = '' OR action = $2)
		ORDER BY at DESC, seq DESC
		LIMIT $3 + 0`,
		q.UserID, q.Action, limit)
}

func (r reader) eventsOfAll(ctx context.Context, q authority.EventQuery, limit int) ([]authority.Event, error) {
	return all(ctx, r.db, scanEvent, `
		SELECT id, at, actor_type, actor_id, actor_email, actor_ip, actor_context, actor_token_id, actor_token_name,
			action, verb, success, resource_type, resource_id, account_id, user_id, zone_id, zone_name,
			old, new, metadata, request_id, request_method, request_uri, request_user_agent, request_status
		FROM events
		WHERE $1 = '' OR action = $1
		ORDER BY at DESC, seq DESC
		LIMIT $2 + 0`,
		q.Action, limit)
}

func scanEvent(r row) (authority.Event, error) {
	var e authority.Event
	err := r.Scan(&e.ID, instant{&e.At}, &e.Actor.Type, &e.Actor.ID, &e.Actor.Email, &e.Actor.IP, &e.Actor.Context,
		&e.Actor.TokenID, &e.Actor.TokenName, &e.Action, &e.Verb, &e.Success, &e.Resource.Type, &e.Resource.ID,
		&e.AccountID, &e.UserID, &e.ZoneID, &e.ZoneName, rawColumn{&e.Old}, rawColumn{&e.New}, jsonColumn{&e.Metadata},
		&e.Request.ID, &e.Request.Method, &e.Request.URI, &e.Request.UserAgent, &e.Request.Status)
	return e, err
}

func (t *tx) AppendEvent(ctx context.Context, e authority.Event) error {
	var metadata any // NULL for none
	if e.Metadata != nil {
		text, err := jsonText(e.Metadata)
		if err != nil {
			return fmt.Errorf("append event %s: %w", e.Action, err)
		}
		metadata = text
	}
	err := t.db.exec(ctx, `
		INSERT INTO events (id, at, actor_type, actor_id, actor_email, actor_ip, actor_context,
			actor_token_id, actor_token_name, action, verb, success, resource_type, resource_id,
			account_id, user_id, zone_id, zone_name, old, new, metadata,
			request_id, request_method, request_uri, request_user_agent, request_status)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
			$22, $23, $24, $25, $26)`,
		e.ID, micros(e.At), e.Actor.Type, e.Actor.ID, e.Actor.Email, e.Actor.IP, e.Actor.Context,
		e.Actor.TokenID, e.Actor.TokenName, e.Action, e.Verb, e.Success, e.Resource.Type, e.Resource.ID,
		e.AccountID, e.UserID, e.ZoneID, e.ZoneName, rawText(e.Old), rawText(e.New), metadata,
		e.Request.ID, e.Request.Method, e.Request.URI, e.Request.UserAgent, e.Request.Status)
	if err != nil {
		return fmt.Errorf("append event %s: %w", e.Action, err)
	}
	return nil
}
