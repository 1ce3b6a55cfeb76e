package client

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/tokenward/tokenward/v4"
)

// Owner is whose tokens a call is about. It comes from [Client.User] or
// [Client.Account].
type Owner struct {
	c    *Client
	path string
	err  error // the account's id was none
}

// User is the user whose credential the client has.
func (c *Client) User() Owner { return Owner{c: c, path: "/user/tokens"} }

// Account is the account with this id. Its tokens act for the account.
func (c *Client) Account(id string) Owner {
	if !isID(id) {
		return Owner{err: errors.New("client: that is not an account id, which is up to 32 letters and digits")}
	}
	return Owner{c: c, path: "/accounts/" + id + "/tokens"}
}

// ListOptions narrow a list.
type ListOptions struct {
	IncludeExpired bool // also tokens that have expired
}

// List is every token of the owner.
func (o Owner) List(ctx context.Context, opts ListOptions) ([]v4.Token, error) {
	if o.err != nil {
		return nil, o.err
	}
	query := url.Values{}
	if opts.IncludeExpired {
		query.Set("include_expired", "true")
	}
	tokens, err := pages(ctx, o.c, o.path, query, func(t v4.Token) string { return t.ID })
	for i := range tokens {
		tokens[i].Value = ""
	}
	return tokens, err
}

// Get is the token with this id. Its Value is empty.
func (o Owner) Get(ctx context.Context, id string) (v4.Token, error) {
	return o.token(ctx, id, request{method: http.MethodGet})
}

// Update replaces the definition of the token with this id. r is the whole of
// it: see [Definition] for how to keep what is not to change. The secret stays.
func (o Owner) Update(ctx context.Context, id string, r v4.TokenRequest) (v4.Token, error) {
	return o.token(ctx, id, request{method: http.MethodPut, body: r})
}

// UpdateVersion is Update of a token that nobody has changed since it had this
// version, which its [Owner.Suggest] gives. Only tokenward looks at it.
func (o Owner) UpdateVersion(ctx context.Context, id string, version int64, r v4.TokenRequest) (v4.Token, error) {
	return o.token(ctx, id, request{method: http.MethodPut, body: r, match: strconv.Quote(strconv.FormatInt(version, 10))})
}

// token makes a call about a token that answers with it.
func (o Owner) token(ctx context.Context, id string, r request) (v4.Token, error) {
	var err error
	if r.path, err = o.one(id); err != nil {
		return v4.Token{}, err
	}
	t, err := call[v4.Token](ctx, o.c, r)
	if err == nil && t.ID == "" {
		err = errors.New(r.method + " " + r.path + ": the answer has no token")
	}
	t.Value = "" // only the answer to create has one
	return t, err
}

// Create issues a token. Its Value is the secret, which no later call shows.
func (o Owner) Create(ctx context.Context, r v4.TokenRequest) (v4.Token, error) {
	if o.err != nil {
		return v4.Token{}, o.err
	}
	t, err := call[v4.Token](ctx, o.c, request{method: http.MethodPost, path: o.path, body: r})
	if err == nil && (t.ID == "" || t.Value == "") {
		err = errors.New("POST " + o.path + ": the answer has no token or no secret")
	}
	return t, err
}

// Roll gives the token a new secret, which it returns. The old one is dead.
func (o Owner) Roll(ctx context.Context, id string) (string, error) {
	path, err := o.one(id)
	if err != nil {
		return "", err
	}
	path += "/value"
	secret, err := call[string](ctx, o.c, request{method: http.MethodPut, path: path, body: struct{}{}})
	if err == nil && secret == "" {
		err = errors.New("PUT " + path + ": the answer has no secret")
	}
	return secret, err
}

// Delete revokes the token for good.
func (o Owner) Delete(ctx context.Context, id string) error {
	path, err := o.one(id)
	if err != nil {
		return err
	}
	_, err = call[*v4.DeletedID](ctx, o.c, request{method: http.MethodDelete, path: path})
	return err
}

// Verify says what the client's own token is. A token of an account is verified
// as the account's, not as the user's.
func (o Owner) Verify(ctx context.Context) (v4.Verify, error) {
	if o.err != nil {
		return v4.Verify{}, o.err
	}
	path := o.path + "/verify"
	v, err := call[v4.Verify](ctx, o.c, request{method: http.MethodGet, path: path})
	if err == nil && v.Status == "" {
		err = errors.New("GET " + path + ": the answer has no status")
	}
	return v, err
}

// PermissionGroups are the groups that the owner's tokens may have, by exact name
// and scope when these are not "".
func (o Owner) PermissionGroups(ctx context.Context, name, scope string) ([]v4.PermissionGroup, error) {
	if o.err != nil {
		return nil, o.err
	}
	query := url.Values{}
	for key, value := range map[string]string{"name": name, "scope": scope} {
		if value != "" {
			query.Set(key, value)
		}
	}
	return call[[]v4.PermissionGroup](ctx, o.c, request{
		method: http.MethodGet, path: o.path + "/permission_groups", query: query,
	})
}

// one is the path of a token. A secret is longer than an id, so one that was
// given by mistake ends neither in a URL nor in an error.
func (o Owner) one(id string) (string, error) {
	if o.err != nil {
		return "", o.err
	}
	if !isID(id) {
		return "", errors.New("client: that is not a token id, which is up to 32 letters and digits")
	}
	return o.path + "/" + id, nil
}

func isID(s string) bool {
	for _, c := range s {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z') {
			return false
		}
	}
	return 1 <= len(s) && len(s) <= 32
}
