package client

import (
	"context"
	"net/http"
	"net/url"

	"github.com/tokenward/tokenward/v4"
)

// Templates are the templates for tokens of an owner: v4.OwnerUser or
// v4.OwnerAccount, or both when it is "". Only tokenward serves them.
func (c *Client) Templates(ctx context.Context, owner string) ([]v4.Template, error) {
	query := url.Values{}
	if owner != "" {
		query.Set("owner", owner)
	}
	return call[[]v4.Template](ctx, c, request{method: http.MethodGet, path: "/tokenward/templates", query: query})
}

// Compatibility says which products take tokens that an account owns. Only
// tokenward serves it.
func (c *Client) Compatibility(ctx context.Context) (v4.Compatibility, error) {
	return call[v4.Compatibility](ctx, c, request{method: http.MethodGet, path: "/tokenward/compatibility"})
}
