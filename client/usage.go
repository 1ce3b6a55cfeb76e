package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/tokenward/tokenward/v4"
)

// Usage tells how the token with this id was used in the last days, up to 90; 0
// days are 30. Only tokenward serves it.
func (o Owner) Usage(ctx context.Context, id string, days int) (v4.TokenUsage, error) {
	return ofDays[v4.TokenUsage](ctx, o, id, "/usage", days)
}

// Suggest tells how the token with this id could be narrowed to what it did in the
// last days, as many as for [Owner.Usage]. Nothing is changed by it; see
// [Narrowed] for how to apply it. Only tokenward serves it.
func (o Owner) Suggest(ctx context.Context, id string, days int) (v4.TokenSuggestion, error) {
	return ofDays[v4.TokenSuggestion](ctx, o, id, "/suggestion", days)
}

func ofDays[T any](ctx context.Context, o Owner, id, what string, days int) (T, error) {
	path, err := o.one(id)
	if err != nil {
		var none T
		return none, err
	}
	query := url.Values{}
	if days != 0 {
		query.Set("days", strconv.Itoa(days))
	}
	return call[T](ctx, o.c, request{method: http.MethodGet, path: "/tokenward" + path + what, query: query})
}
