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
	path, err := o.one(id)
	if err != nil {
		return v4.TokenUsage{}, err
	}
	query := url.Values{}
	if days != 0 {
		query.Set("days", strconv.Itoa(days))
	}
	return call[v4.TokenUsage](ctx, o.c, request{method: http.MethodGet, path: "/tokenward" + path + "/usage", query: query})
}
