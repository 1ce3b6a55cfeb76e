package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// FindTokens implements [authority.Store]. The search reads one index, once; then the
// rows of the page are read. One that is deleted in between is missing.
//
// What each token costs counts here, so a statement has only the conditions that are
// asked for and one order: there are some hundred different ones at the most. How many
// were found is told with a page that is empty, too.
func (r reader) FindTokens(ctx context.Context, s authority.TokenSearch) ([]authority.Token, int, error) {
	c := conditionsOf(&s)
	by, direction := orderOf(&s)
	order := "place" + direction + ", id" + direction
	found, err := all(ctx, r.db, scanFound, `
		WITH found AS `+c.keep()+` (
			SELECT id, `+by+` AS place
			FROM `+listed+`
			WHERE `+c.text+`)
		SELECT total, coalesce(id, '')
		FROM (SELECT count(*) AS total FROM found) AS counted
		LEFT JOIN (
			SELECT id, place
			FROM found
			ORDER BY `+order+`
			LIMIT `+c.arg(max(s.Limit, 0))+` + 0 OFFSET `+c.arg(max(s.Offset, 0))+`) AS page ON true
		ORDER BY `+order,
		c.args...)
	if err != nil {
		return nil, 0, fmt.Errorf("find tokens: %w", err)
	}
	list, err := r.tokensByID(ctx, s.Owner, found)
	return list, found[0].total, err
}

// foundToken is a token of the page, or no token of an empty one, and how many
// there are on all pages.
type foundToken struct {
	total int
	id    string
}

func scanFound(r row) (f foundToken, err error) {
	err = r.Scan(&f.total, &f.id)
	return f, err
}

func (r reader) tokensByID(ctx context.Context, owner authority.Owner, found []foundToken) ([]authority.Token, error) {
	var list []authority.Token
	for _, f := range found {
		if f.id == "" {
			continue
		}
		t, err := r.Token(ctx, owner, f.id)
		if errors.Is(err, authority.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}

// listed are the tokens of an owner with their status at a time: as
// authority.Token.StatusAt has it, but for those not valid yet.
const listed = `(
			SELECT id, name, creator_id, issued_on, expires_on, last_used_on,
				CASE WHEN status <> 'active' THEN status
					WHEN expires_on <= $3 THEN 'expired'
					WHEN not_before > $3 THEN 'not yet valid'
					ELSE 'active' END AS state
			FROM tokens
			WHERE owner_kind = $1 AND owner_id = $2) AS listed`

// conditions collect what a search asks for. Their text holds no value.
type conditions struct {
	text   string
	args   []any
	narrow bool // something was asked for
}

// arg gives the placeholder of a value.
func (c *conditions) arg(v any) string {
	c.args = append(c.args, v)
	return "$" + strconv.Itoa(len(c.args))
}

// keep says whether what was found is kept to be counted and sorted: that of a
// search is, so that its conditions are tried once; of all tokens there are too many.
func (c *conditions) keep() string {
	if c.narrow {
		return "MATERIALIZED"
	}
	return "NOT MATERIALIZED"
}

func conditionsOf(s *authority.TokenSearch) *conditions {
	c := &conditions{args: []any{s.Owner.Kind, s.Owner.ID, s.Now.UnixMicro()}}
	terms := []string{"$3 = $3"} // PostgreSQL wants every placeholder to be used
	and := func(term string) { terms = append(terms, term) }
	if s.CreatorID != "" {
		and("creator_id = " + c.arg(s.CreatorID))
	}
	if s.Search != "" {
		text := likeText(s.Search)
		and("(lower(name) LIKE " + c.arg("%"+text+"%") + " ESCAPE '!' OR id LIKE " + c.arg(text+"%") + " ESCAPE '!')")
	}
	if s.Status != "" {
		and("state = " + c.arg(string(s.Status)))
	}
	if s.ExpiringWithin > 0 {
		and("expires_on <= " + c.arg(s.Now.Add(s.ExpiringWithin).UnixMicro()))
	}
	if s.UnusedFor > 0 {
		and("coalesce(last_used_on, issued_on) <= " + c.arg(s.Now.Add(-s.UnusedFor).UnixMicro()))
	}
	if s.NeverUsed {
		and("last_used_on IS NULL")
	}
	if s.NoExpiry {
		and("expires_on IS NULL")
	}
	if s.ExpiringWithin > 0 || s.UnusedFor > 0 || s.NeverUsed || s.NoExpiry {
		and("state IN ('active', 'not yet valid')")
	}
	c.text, c.narrow = strings.Join(terms, " AND "), len(terms) > 1
	return c
}

// orderOf is what tokens are sorted by, and in which direction.
func orderOf(s *authority.TokenSearch) (by, direction string) {
	by = map[authority.TokenSort]string{
		authority.ByName:    "lower(name)",
		authority.ByLastUse: "coalesce(last_used_on, 0)",
		authority.ByExpiry:  "coalesce(expires_on, 9223372036854775807)",
		authority.ByStatus:  "state",
	}[s.Sort]
	if by == "" {
		by = "issued_on"
	}
	if s.Descending {
		direction = " DESC"
	}
	return by, direction
}

// likeText is a text that LIKE finds as it is. Only A to Z are folded, as lower() of
// SQLite does.
func likeText(s string) string {
	s = strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}

// CountTokens implements [authority.Store]. It does not ask for the status of listed:
// that would be found out anew for each count, which takes six times as long.
func (r reader) CountTokens(ctx context.Context, owner authority.Owner, creatorID string, now time.Time) (authority.TokenCounts, error) {
	n, err := one(ctx, r.db, scanCounts, `
		SELECT count(*),
			count(*) FILTER (WHERE `+usable+` AND (not_before IS NULL OR not_before <= $3)),
			count(*) FILTER (WHERE status = 'disabled'),
			count(*) FILTER (WHERE expires_on <= $3 AND status = 'active'),
			count(*) FILTER (WHERE not_before > $3 AND `+usable+`),
			count(*) FILTER (WHERE status = 'revoked (exposed)'),
			count(*) FILTER (WHERE expires_on <= $5 AND `+usable+`),
			count(*) FILTER (WHERE coalesce(last_used_on, issued_on) <= $6 AND `+usable+`),
			count(*) FILTER (WHERE last_used_on IS NULL AND `+usable+`),
			count(*) FILTER (WHERE expires_on IS NULL AND status = 'active')
		FROM tokens
		WHERE owner_kind = $1 AND owner_id = $2 AND ($4 = '' OR creator_id = $4)`,
		owner.Kind, owner.ID, now.UnixMicro(), creatorID,
		now.Add(authority.ExpiringSoon).UnixMicro(), now.Add(-authority.UnusedLong).UnixMicro())
	if err != nil {
		return n, fmt.Errorf("count tokens by status: %w", err)
	}
	return n, nil
}

// usable are the tokens that are active or not valid yet.
const usable = `status = 'active' AND (expires_on IS NULL OR expires_on > $3)`

func scanCounts(r row) (n authority.TokenCounts, err error) {
	err = r.Scan(&n.Total, &n.Active, &n.Disabled, &n.Expired, &n.NotYetValid, &n.Exposed,
		&n.ExpiringIn30d, &n.Unused90d, &n.NeverUsed, &n.NoExpiry)
	return n, err
}
