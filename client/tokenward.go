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

// exposed is the body of a report.
type exposed struct {
	Secrets []string `json:"secrets"`
	URL     string   `json:"url,omitempty"`
}

// ReportExposed ends the tokens and API keys whose secrets were found in public.
// It takes no credential, and nothing tells which of them were anybody's. where
// is the address of the page that they were found on, "" when it is not known.
// Only tokenward serves it.
func (c *Client) ReportExposed(ctx context.Context, secrets []string, where string) error {
	_, err := call[struct{}](ctx, c, request{method: http.MethodPost, path: "/tokenward/exposed", body: exposed{secrets, where}})
	return err
}
