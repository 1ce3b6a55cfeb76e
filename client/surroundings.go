package client

import (
	"context"
	"net/http"
	"net/url"

	"github.com/tokenward/tokenward/v4"
)

// Accounts are those that the credential can see.
func (c *Client) Accounts(ctx context.Context) ([]v4.Account, error) {
	return pages(ctx, c, "/accounts", url.Values{}, func(a v4.Account) string { return a.ID })
}

// Zones are those with this name, or all when it is "", that the credential can
// see.
func (c *Client) Zones(ctx context.Context, name string) ([]v4.Zone, error) {
	query := url.Values{}
	if name != "" {
		query.Set("name", name)
	}
	return pages(ctx, c, "/zones", query, func(z v4.Zone) string { return z.ID })
}

// Me is the user whose credential the client has.
func (c *Client) Me(ctx context.Context) (v4.User, error) {
	return call[v4.User](ctx, c, request{method: http.MethodGet, path: "/user"})
}
