package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/accounts"
	"github.com/cloudflare/cloudflare-go/v7/shared"
	"github.com/cloudflare/cloudflare-go/v7/user"
	"github.com/tokenward/tokenward/e2e/demo"
)

// definition is what a token is to be.
type definition struct {
	name      string
	grants    []grant
	in, notIn []string
	notBefore time.Time
	expiresOn time.Time
	status    string // for an update only
}

// madeV7 is the answer to a creation.
type madeV7 struct{ id, secret, raw string }

// tokensV7 are the calls for tokens of one owner. The SDK has them twice, once
// for users and once for accounts, and the server promises the same for both.
type tokensV7 interface {
	create(context.Context, definition) (madeV7, error)
	get(ctx context.Context, id string) (*shared.Token, error)
	list(ctx context.Context, perPage float64) ([]shared.Token, error)
	update(ctx context.Context, id string, d definition) (*shared.Token, error)
	roll(ctx context.Context, id string) (string, error)
	delete(ctx context.Context, id string) (deleted string, err error)
	verify(ctx context.Context) (id, status string, err error)
	groups(ctx context.Context, name, scope string) ([]group, error)
}

// group is a permission group as it is listed.
type group struct {
	id, name string
	scopes   []string
}

// mustCreate creates a token that the test needs.
func mustCreate(t *testing.T, tokens tokensV7, d definition) madeV7 {
	t.Helper()
	made, err := tokens.create(t.Context(), d)
	if err != nil {
		t.Fatalf("create token %q: %s", d.name, demo.Redact(err.Error()))
	}
	if !demo.SecretPattern.MatchString(made.secret) || len(made.id) != 32 {
		t.Fatalf("token %q has id %q and a secret of %d characters", d.name, made.id, len(made.secret))
	}
	return made
}

// userTokensV7 are the tokens of the client's user.
type userTokensV7 struct{ api *user.TokenService }

func (c *v7) userTokens() tokensV7 { return userTokensV7{c.user.Tokens} }

func (u userTokensV7) create(ctx context.Context, d definition) (madeV7, error) {
	var p user.TokenNewParams
	set(&p.Name, d.name)
	set(&p.Policies, params(d.grants...))
	if d.in != nil || d.notIn != nil {
		var ip user.TokenNewParamsConditionRequestIP
		setLists(&ip.In, d.in, &ip.NotIn, d.notIn)
		var c user.TokenNewParamsCondition
		set(&c.RequestIP, ip)
		set(&p.Condition, c)
	}
	setTimes(&p.NotBefore, d.notBefore, &p.ExpiresOn, d.expiresOn)
	res, err := u.api.New(ctx, p)
	if err != nil {
		return madeV7{}, err
	}
	return madeV7{res.ID, res.Value, res.JSON.RawJSON()}, nil
}

func (u userTokensV7) get(ctx context.Context, id string) (*shared.Token, error) {
	return u.api.Get(ctx, id)
}

func (u userTokensV7) list(ctx context.Context, perPage float64) ([]shared.Token, error) {
	var p user.TokenListParams
	if perPage != 0 {
		set(&p.PerPage, perPage)
	}
	return collect(u.api.ListAutoPaging(ctx, p))
}

func (u userTokensV7) update(ctx context.Context, id string, d definition) (*shared.Token, error) {
	return u.api.Update(ctx, id, user.TokenUpdateParams{Token: d.token()})
}

func (u userTokensV7) roll(ctx context.Context, id string) (string, error) {
	secret, err := u.api.Value.Update(ctx, id, user.TokenValueUpdateParams{Body: map[string]any{}})
	if err != nil {
		return "", err
	}
	return *secret, nil
}

func (u userTokensV7) delete(ctx context.Context, id string) (string, error) {
	res, err := u.api.Delete(ctx, id)
	if err != nil {
		return "", err
	}
	return res.ID, nil
}

func (u userTokensV7) verify(ctx context.Context) (id, status string, err error) {
	res, err := u.api.Verify(ctx)
	if err != nil {
		return "", "", err
	}
	return res.ID, string(res.Status), nil
}

func (u userTokensV7) groups(ctx context.Context, name, scope string) ([]group, error) {
	var p user.TokenPermissionGroupListParams
	setFilters(&p.Name, name, &p.Scope, scope)
	rows, err := collect(u.api.PermissionGroups.ListAutoPaging(ctx, p))
	out := make([]group, len(rows))
	for i, r := range rows {
		out[i] = group{r.ID, r.Name, texts(r.Scopes)}
	}
	return out, err
}

// accountTokensV7 are the tokens of an account.
type accountTokensV7 struct {
	api     *accounts.TokenService
	account string
}

func (c *v7) accountTokens(account string) tokensV7 {
	return accountTokensV7{c.accounts.Tokens, account}
}

func (a accountTokensV7) create(ctx context.Context, d definition) (madeV7, error) {
	var p accounts.TokenNewParams
	set(&p.AccountID, a.account)
	set(&p.Name, d.name)
	set(&p.Policies, params(d.grants...))
	if d.in != nil || d.notIn != nil {
		var ip accounts.TokenNewParamsConditionRequestIP
		setLists(&ip.In, d.in, &ip.NotIn, d.notIn)
		var c accounts.TokenNewParamsCondition
		set(&c.RequestIP, ip)
		set(&p.Condition, c)
	}
	setTimes(&p.NotBefore, d.notBefore, &p.ExpiresOn, d.expiresOn)
	res, err := a.api.New(ctx, p)
	if err != nil {
		return madeV7{}, err
	}
	return madeV7{res.ID, res.Value, res.JSON.RawJSON()}, nil
}

func (a accountTokensV7) get(ctx context.Context, id string) (*shared.Token, error) {
	var p accounts.TokenGetParams
	set(&p.AccountID, a.account)
	return a.api.Get(ctx, id, p)
}

func (a accountTokensV7) list(ctx context.Context, perPage float64) ([]shared.Token, error) {
	var p accounts.TokenListParams
	set(&p.AccountID, a.account)
	if perPage != 0 {
		set(&p.PerPage, perPage)
	}
	return collect(a.api.ListAutoPaging(ctx, p))
}

func (a accountTokensV7) update(ctx context.Context, id string, d definition) (*shared.Token, error) {
	p := accounts.TokenUpdateParams{Token: d.token()}
	set(&p.AccountID, a.account)
	return a.api.Update(ctx, id, p)
}

func (a accountTokensV7) roll(ctx context.Context, id string) (string, error) {
	p := accounts.TokenValueUpdateParams{Body: map[string]any{}}
	set(&p.AccountID, a.account)
	secret, err := a.api.Value.Update(ctx, id, p)
	if err != nil {
		return "", err
	}
	return *secret, nil
}

func (a accountTokensV7) delete(ctx context.Context, id string) (string, error) {
	var p accounts.TokenDeleteParams
	set(&p.AccountID, a.account)
	res, err := a.api.Delete(ctx, id, p)
	if err != nil {
		return "", err
	}
	return res.ID, nil
}

func (a accountTokensV7) verify(ctx context.Context) (id, status string, err error) {
	var p accounts.TokenVerifyParams
	set(&p.AccountID, a.account)
	res, err := a.api.Verify(ctx, p)
	if err != nil {
		return "", "", err
	}
	return res.ID, string(res.Status), nil
}

func (a accountTokensV7) groups(ctx context.Context, name, scope string) ([]group, error) {
	var p accounts.TokenPermissionGroupListParams
	set(&p.AccountID, a.account)
	setFilters(&p.Name, name, &p.Scope, scope)
	rows, err := collect(a.api.PermissionGroups.ListAutoPaging(ctx, p))
	out := make([]group, len(rows))
	for i, r := range rows {
		out[i] = group{r.ID, r.Name, texts(r.Scopes)}
	}
	return out, err
}

// token is the definition as the SDK takes it in an update.
func (d *definition) token() shared.TokenParam {
	var p shared.TokenParam
	set(&p.Name, d.name)
	set(&p.Policies, params(d.grants...))
	if d.in != nil || d.notIn != nil {
		var ip shared.TokenConditionRequestIPParam
		setLists(&ip.In, d.in, &ip.NotIn, d.notIn)
		var c shared.TokenConditionParam
		set(&c.RequestIP, ip)
		set(&p.Condition, c)
	}
	setTimes(&p.NotBefore, d.notBefore, &p.ExpiresOn, d.expiresOn)
	if d.status != "" {
		set(&p.Status, d.status)
	}
	return p
}

func setLists(in any, inList []string, notIn any, notInList []string) {
	if inList != nil {
		set(in, inList)
	}
	if notInList != nil {
		set(notIn, notInList)
	}
}

func setTimes(notBefore any, from time.Time, expiresOn any, to time.Time) {
	if !from.IsZero() {
		set(notBefore, from)
	}
	if !to.IsZero() {
		set(expiresOn, to)
	}
}

func setFilters(nameField any, name string, scopeField any, scope string) {
	if name != "" {
		set(nameField, name)
	}
	if scope != "" {
		set(scopeField, scope)
	}
}

// pager is any of the SDK's automatic pagers.
type pager[T any] interface {
	Next() bool
	Current() T
	Err() error
}

// collect asks for every page. A server that never sends an empty one would
// keep the SDK asking for ever, so there is an end.
func collect[T any](p pager[T]) ([]T, error) {
	const tooMany = 10_000
	var out []T
	for len(out) < tooMany && p.Next() {
		out = append(out, p.Current())
	}
	return out, p.Err()
}

func texts[S ~string](in []S) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = string(s)
	}
	return out
}
