package e2e

import (
	"context"
	"fmt"
	"testing"

	"github.com/cloudflare/cloudflare-go/v6/accounts"
	"github.com/cloudflare/cloudflare-go/v6/shared"
	"github.com/cloudflare/cloudflare-go/v6/user"
	"github.com/tokenward/tokenward/e2e/demo"
)

// tokensV6 are the calls for tokens of one owner.
type tokensV6 struct {
	create func(ctx context.Context, name string) (id, secret string, err error)
	get    func(ctx context.Context, id string) (*shared.Token, error)
	update func(ctx context.Context, id, name string) (*shared.Token, error)
	roll   func(ctx context.Context, id string) (*string, error)
	delete func(ctx context.Context, id string) error
	verify func(ctx context.Context, secret string) (id, status string, err error)
	list   func(ctx context.Context, perPage float64) ([]shared.Token, error)
}

func (s *server) userTokensV6() tokensV6 {
	api := s.v6(s.Boot.Token.Value).user.Tokens
	return tokensV6{
		create: func(ctx context.Context, name string) (string, string, error) {
			var p user.TokenNewParams
			set(&p.Name, name)
			set(&p.Policies, s.readsZoneV6())
			res, err := api.New(ctx, p)
			if err != nil {
				return "", "", err
			}
			return res.ID, res.Value, nil
		},
		get: func(ctx context.Context, id string) (*shared.Token, error) { return api.Get(ctx, id) },
		update: func(ctx context.Context, id, name string) (*shared.Token, error) {
			return api.Update(ctx, id, user.TokenUpdateParams{Token: s.tokenV6(name)})
		},
		roll: func(ctx context.Context, id string) (*string, error) {
			return api.Value.Update(ctx, id, user.TokenValueUpdateParams{Body: map[string]any{}})
		},
		delete: func(ctx context.Context, id string) error { _, err := api.Delete(ctx, id); return err },
		verify: func(ctx context.Context, secret string) (string, string, error) {
			res, err := s.v6(secret).user.Tokens.Verify(ctx)
			if err != nil {
				return "", "", err
			}
			return res.ID, string(res.Status), nil
		},
		list: func(ctx context.Context, perPage float64) ([]shared.Token, error) {
			var p user.TokenListParams
			set(&p.PerPage, perPage)
			return collect(api.ListAutoPaging(ctx, p))
		},
	}
}

func (s *server) accountTokensV6() tokensV6 {
	api := s.v6(s.Boot.Token.Value).account.Tokens
	return tokensV6{
		create: func(ctx context.Context, name string) (string, string, error) {
			var p accounts.TokenNewParams
			set(&p.AccountID, s.Boot.AccountID)
			set(&p.Name, name)
			set(&p.Policies, s.readsZoneV6())
			res, err := api.New(ctx, p)
			if err != nil {
				return "", "", err
			}
			return res.ID, res.Value, nil
		},
		get: func(ctx context.Context, id string) (*shared.Token, error) {
			var p accounts.TokenGetParams
			set(&p.AccountID, s.Boot.AccountID)
			return api.Get(ctx, id, p)
		},
		update: func(ctx context.Context, id, name string) (*shared.Token, error) {
			p := accounts.TokenUpdateParams{Token: s.tokenV6(name)}
			set(&p.AccountID, s.Boot.AccountID)
			return api.Update(ctx, id, p)
		},
		roll: func(ctx context.Context, id string) (*string, error) {
			p := accounts.TokenValueUpdateParams{Body: map[string]any{}}
			set(&p.AccountID, s.Boot.AccountID)
			return api.Value.Update(ctx, id, p)
		},
		delete: func(ctx context.Context, id string) error {
			var p accounts.TokenDeleteParams
			set(&p.AccountID, s.Boot.AccountID)
			_, err := api.Delete(ctx, id, p)
			return err
		},
		verify: func(ctx context.Context, secret string) (string, string, error) {
			var p accounts.TokenVerifyParams
			set(&p.AccountID, s.Boot.AccountID)
			res, err := s.v6(secret).account.Tokens.Verify(ctx, p)
			if err != nil {
				return "", "", err
			}
			return res.ID, string(res.Status), nil
		},
		list: func(ctx context.Context, perPage float64) ([]shared.Token, error) {
			var p accounts.TokenListParams
			set(&p.AccountID, s.Boot.AccountID)
			set(&p.PerPage, perPage)
			return collect(api.ListAutoPaging(ctx, p))
		},
	}
}

// tokenV6 is a whole definition, as an update sends it.
func (s *server) tokenV6(name string) (p shared.TokenParam) {
	set(&p.Name, name)
	set(&p.Policies, s.readsZoneV6())
	var ip shared.TokenConditionRequestIPParam
	set(&ip.In, []string{"127.0.0.0/8"})
	var c shared.TokenConditionParam
	set(&c.RequestIP, ip)
	set(&p.Condition, c)
	return p
}

func TestV6TokenIsMadeReadListedChangedRolledAndDeleted(t *testing.T) {
	t.Parallel()
	for owner, of := range map[string]func(*server) tokensV6{"user": (*server).userTokensV6, "account": (*server).accountTokensV6} {
		t.Run(owner, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			api, ctx := of(s), t.Context()
			id, secret, err := api.create(ctx, "by v6")
			if err != nil || len(id) != 32 || !demo.SecretPattern.MatchString(secret) {
				t.Fatalf("create: id %q, error %v", id, err)
			}
			got, err := api.get(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			d := s.readsZone("by v6")
			checkToken(t, "read", got.JSON.RawJSON(), d, "active")
			if verified, status, err := api.verify(ctx, secret); err != nil || verified != id || status != "active" {
				t.Errorf("verify: %q is %q, error %v", verified, status, err)
			}
			if got, err = api.update(ctx, id, "changed by v6"); err != nil {
				t.Fatal(err)
			}
			d.name, d.in = "changed by v6", []string{"127.0.0.0/8"}
			checkToken(t, "updated", got.JSON.RawJSON(), d, "active")
			fresh, err := api.roll(ctx, id)
			if err != nil || *fresh == secret {
				t.Fatalf("roll: %v", err)
			}
			_, _, err = api.verify(ctx, secret)
			refusedV6(t, "the old secret", err, 401, 1000)
			if verified, _, err := api.verify(ctx, *fresh); err != nil || verified != id {
				t.Errorf("the new secret: %q, error %v", verified, err)
			}
			if err := api.delete(ctx, id); err != nil {
				t.Fatal(err)
			}
			_, err = api.get(ctx, id)
			refusedV6(t, "the deleted token", err, 404, 1003)
		})
	}
}

func TestV6PagerSeesEveryTokenOnce(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api := s.accountTokensV6()
	const n = 11
	for i := range n {
		if _, _, err := api.create(t.Context(), fmt.Sprintf("token %02d", i)); err != nil {
			t.Fatal(err)
		}
	}
	s.calls.take()
	list, err := api.list(t.Context(), 5)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, l := range list {
		seen[l.ID] = true
	}
	if len(list) != n || len(seen) != n {
		t.Errorf("%d tokens, %d of them different; want %d", len(list), len(seen), n)
	}
	if pages := s.calls.count("GET", "/accounts/"+s.Boot.AccountID+"/tokens"); pages != 4 {
		t.Errorf("%d pages, want 3 and the empty one", pages)
	}
}
