package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// chain writes the error_chain of the first error on one line.
func (r *reply) chain(t *testing.T) string {
	t.Helper()
	var e struct {
		Errors []struct {
			Chain []struct {
				Code    int
				Message string
			} `json:"error_chain"`
		}
	}
	if err := json.Unmarshal([]byte(r.body), &e); err != nil || len(e.Errors) == 0 {
		t.Fatalf("%v in %s", err, r.body)
	}
	var items []string
	for _, c := range e.Errors[0].Chain {
		items = append(items, fmt.Sprintf("%d %s", c.Code, c.Message))
	}
	return strings.Join(items, " | ")
}

// TestALiveCredentialIsToldWhatItTakes: groups, the resource as it was sent, and
// the scope of RFC 6750.
func TestALiveCredentialIsToldWhatItTakes(t *testing.T) {
	w := newWorld(t, nil)
	users := bearer(w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}))
	accounts := bearer(w.ring.add(t, holder{of: catalog.TargetAccount}, policy.Condition{}))
	for _, c := range []struct{ name, target, auth, chain, scope string }{
		{"a zone", zoneURL, users,
			"7020 Needs any one of the permission groups DNS Read (zone), DNS Write (zone) | 7021 On zone " + zone, "dns_read dns_write"},
		{"the user", "/client/v4/user/audit_logs", users,
			"7020 Needs any one of the permission groups User Details Read (user), User Details Write (user) | 7021 On your own user", "user_details_read user_details_write"},
		{"a bucket", "/client/v4/accounts/" + account + "/r2/buckets/logs", users,
			"7020 Needs any one of the permission groups Workers R2 Storage Read (account), Workers R2 Storage Write (account) | 7021 On account " + account, "workers_r2_read workers_r2_write"},
		{"a path for users", "/client/v4/user", accounts, "7023 Needs a user's credential; this token is owned by an account", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := w.get(c.target, c.auth)
			if chain := got.chain(t); chain != c.chain {
				t.Errorf("chain\n got %s\nwant %s", chain, c.chain)
			}
			want := ""
			if c.scope != "" {
				want = `Bearer error="insufficient_scope", scope="` + c.scope + `"`
			}
			if h := got.Header.Get("WWW-Authenticate"); h != want {
				t.Errorf("WWW-Authenticate is %s, want %s", h, want)
			}
		})
	}
}

// TestAListOfGroupsIsCut: some operations accept more than a hundred.
func TestAListOfGroupsIsCut(t *testing.T) {
	w := newWorld(t, nil)
	got := w.get(coreURL, bearer(w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{})))
	chain := got.chain(t)
	if n := strings.Count(chain, "(account)"); n != 10 || !strings.Contains(chain, " and 19 more") {
		t.Errorf("%d groups in %s", n, chain)
	}
	if scope := got.Header.Get("WWW-Authenticate"); strings.Count(scope, " ") != 11 {
		t.Errorf("the scope is %s", scope)
	}
}

// TestADeadCredentialIsToldNothing, nor one that is unknown, elsewhere or asks
// whether it is alive.
func TestADeadCredentialIsToldNothing(t *testing.T) {
	w := newWorld(t, func(c *Config[*holder]) {
		c.DeniedBy = func(context.Context, *holder, Attempt, policy.Decision) string { return "told" }
	})
	elsewhere := policy.Condition{In: []string{"203.0.113.0/24"}}
	for name, auth := range map[string]string{
		"unknown":   bearer(w.ring.format.New(token.User).Reveal()),
		"disabled":  bearer(w.ring.add(t, holder{of: catalog.TargetUser, dead: policy.Disabled}, policy.Condition{})),
		"expired":   bearer(w.ring.add(t, holder{of: catalog.TargetUser, dead: policy.Expired}, policy.Condition{})),
		"elsewhere": bearer(w.ring.add(t, holder{of: catalog.TargetUser}, elsewhere)),
	} {
		for _, target := range []string{zoneURL, coreURL, productURL} {
			got := w.get(target, auth)
			if chain := got.chain(t); chain != "" || strings.Contains(got.Header.Get("WWW-Authenticate"), "scope") {
				t.Errorf("%s: %s: %s", name, target, got.body)
			}
		}
	}
	account := w.ring.add(t, holder{of: catalog.TargetAccount}, policy.Condition{})
	if got := w.get(verifyURL, bearer(account)); got.chain(t) != "" {
		t.Errorf("verify: %s", got.body)
	}
}

// TestTheDenyingPolicyIsAskedForOnlyThen: the id costs a look into the store.
func TestTheDenyingPolicyIsAskedForOnlyThen(t *testing.T) {
	asked := 0
	w := newWorld(t, func(c *Config[*holder]) {
		c.DeniedBy = func(_ context.Context, h *holder, at Attempt, d policy.Decision) string {
			asked++
			return fmt.Sprintf("%s/%d", h.name, d.Policy)
		}
	})
	secret := w.ring.add(t, holder{of: catalog.TargetUser, name: "alice"}, policy.Condition{},
		allow("DNS Read", "account.zone."+zone), deny("DNS Read", "account.zone."+zone))
	got := w.get(zoneURL, bearer(secret))
	if chain := got.chain(t); !strings.HasSuffix(chain, " | 7022 Denied by policy alice/2 of this token") {
		t.Errorf("the chain is %s", chain)
	}
	w.get("/client/v4/zones/"+otherZone+"/dns_records", bearer(secret))
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}
