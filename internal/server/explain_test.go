package server_test

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/v4"
)

// explained asks what an access would come to.
func (w *world) explained(t *testing.T, as credential, owner string, q v4.ExplainRequest) v4.Explanation {
	t.Helper()
	var x v4.Explanation
	a := w.ok(t, as, "POST", "/tokenward"+strings.TrimSuffix(owner, "/tokens")+"/explain", q)
	a.decode(t, &x)
	return x
}

// refused reports whether the gate did not let a request through.
func refused(a *answer) bool {
	switch {
	case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		return true
	case a.status == http.StatusBadRequest && len(a.envelope.Errors) > 0:
		return slices.Contains([]int{v4.CodeMissingCredential, v4.CodeIncompatible}, a.envelope.Errors[0].Code)
	}
	return false
}

// TestExplainAgreesWithWhatRequestsComeTo: random tokens of Alice's and of her
// accounts ask for random things, and what is denied for want of a policy is
// allowed once the grant is added.
func TestExplainAgreesWithWhatRequestsComeTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	dice := rand.New(rand.NewPCG(7, 7))
	var reads []*catalog.Operation
	for op := range w.authority.Catalog().Operations() {
		if op.Method == "GET" && !strings.Contains(op.ID, "openapi") && (op.Target == catalog.TargetZone || op.Target == catalog.TargetAccount || op.Target == catalog.TargetUser || dice.IntN(4) == 0) {
			reads = append(reads, op)
		}
	}
	allowed, granted := 0, 0
	for range 25 {
		owner := []string{"/user/tokens", w.accountTokens(), "/accounts/" + w.ids["account/2"] + "/tokens"}[dice.IntN(3)]
		ops := []*catalog.Operation{reads[dice.IntN(len(reads))], reads[dice.IntN(len(reads))]}
		draft := w.randomDraft(t, dice, ops, owner)
		var made struct{ ID, Value string }
		a := w.ok(t, w.key("alice"), "POST", owner, draft)
		a.decode(t, &made)
		for range 12 {
			op := ops[dice.IntN(2)]
			if dice.IntN(2) == 0 {
				op = reads[dice.IntN(len(reads))]
			}
			path := w.randomPath(dice, op)
			if m, miss := w.authority.Catalog().Match("GET", path); miss != catalog.Hit || m.Op != op {
				continue
			}
			x := w.explained(t, w.key("alice"), owner, v4.ExplainRequest{TokenID: made.ID, Method: "GET", Path: path, From: elsewhere})
			got := w.call(t, call{as: bearer(made.Value), method: "GET", path: path})
			if x.Operation.ID != op.ID || x.Allowed == refused(&got) && !(x.Allowed && x.Further) {
				t.Errorf("GET %s answers %d %s, explained as %+v", path, got.status, clip(got.raw), x)
			}
			if x.Allowed {
				allowed++
			}
			if x.Grant == nil || len(x.InTheWay) > 0 {
				continue
			}
			more := draft
			more.Policies = append(slices.Clone(draft.Policies), request(x.Grant))
			w.ok(t, w.key("alice"), "PUT", owner+"/"+made.ID, more)
			if got := w.call(t, call{as: bearer(made.Value), method: "GET", path: path}); refused(&got) {
				t.Errorf("with %+v GET %s answers %d %s", x.Grant, path, got.status, clip(got.raw))
			}
			w.ok(t, w.key("alice"), "PUT", owner+"/"+made.ID, draft)
			granted++
		}
	}
	if allowed < 10 || granted < 10 {
		t.Errorf("%d were allowed at once and %d by the grant", allowed, granted)
	}
}

// request is a suggested policy as a definition takes it.
func request(g *v4.SuggestedGrant) v4.PolicyRequest {
	p := v4.PolicyRequest{Effect: g.Effect, Resources: g.Resources}
	for _, group := range g.PermissionGroups {
		p.PermissionGroups = append(p.PermissionGroups, v4.GroupRefRequest{ID: group.ID})
	}
	return p
}

func (w *world) randomDraft(t *testing.T, dice *rand.Rand, ops []*catalog.Operation, owner string) v4.TokenRequest {
	t.Helper()
	d := v4.TokenRequest{Name: "random", Policies: []v4.PolicyRequest{}}
	account := strings.TrimSuffix(strings.TrimPrefix(owner, "/accounts/"), "/tokens")
	if owner == "/user/tokens" {
		account = w.ids["account/1"]
	}
	for _, op := range ops {
		for no := range op.Accepted.All {
			g := w.authority.Catalog().GroupByNo(no)
			key := map[string]string{
				catalog.KindZone: w.zoneKey([]string{"A", "B"}[dice.IntN(2)]), catalog.KindAccount: catalog.KindAccount + "." + account,
				catalog.KindUser: catalog.KindUser + "." + w.ids["user/alice"],
			}[g.Scope]
			if key == "" || g.Scope == catalog.KindUser && owner != "/user/tokens" || g.Scope == catalog.KindZone && account != w.ids["account/1"] || len(d.Policies) > 3 {
				continue
			}
			d.Policies = append(d.Policies, v4.PolicyRequest{
				Effect: []string{v4.EffectAllow, v4.EffectAllow, v4.EffectDeny}[dice.IntN(3)], Resources: v4.Resources{key: {Value: "*"}},
				PermissionGroups: []v4.GroupRefRequest{{ID: g.ID}},
			})
		}
	}
	return d
}

func (w *world) randomPath(dice *rand.Rand, op *catalog.Operation) string {
	var out []string
	for s := range strings.SplitSeq(op.Template, "/") {
		switch {
		case s == "{zone_id}":
			s = w.ids["zone/"+[]string{"A", "B", "C", "D"}[dice.IntN(4)]]
		case strings.HasPrefix(s, "{account_"):
			s = w.ids["account/"+[]string{"1", "2", "3"}[dice.IntN(3)]]
		case strings.HasPrefix(s, "{"):
			s = []string{newID(), "x", "1"}[dice.IntN(3)]
		}
		out = append(out, s)
	}
	return strings.Join(out, "/")
}

// TestExplanationsOnTheWire: the document of a denial, of a draft, and what is
// wrong with a question.
func TestExplanationsOnTheWire(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	_, id := w.token(t, w.key("alice"), w.accountTokens(), "DNS Read", catalog.KindZone, w.zoneKey("A"))
	reader, _ := w.token(t, w.key("alice"), w.accountTokens(), "Account API Tokens Read", catalog.KindAccount, w.accountKey("1"))
	x := w.explained(t, w.key("alice"), w.accountTokens(), v4.ExplainRequest{TokenID: id, Method: "POST", Path: w.records("A")})
	if x.Allowed || x.Grant == nil || x.Grant.PermissionGroups[0].Name != "DNS Write" || x.Grant.Resources[w.zoneKey("A")].Value != "*" ||
		!slices.Equal(x.Resource, []string{w.zoneKey("A"), w.accountKey("1")}) || len(x.MissingGroups) == 0 || x.Reason != "no policy grants it" {
		t.Errorf("the explanation is %+v", x)
	}
	// Who may read tokens and not zones learns nothing of where the zone lies.
	hidden := w.explained(t, reader, w.accountTokens(), v4.ExplainRequest{TokenID: id, Method: "GET", Path: w.records("A")})
	if hidden.Allowed || len(hidden.Resource) != 1 || hidden.InTheWay[0].Kind != "no_such_resource" {
		t.Errorf("who may not see the zone is told %+v", hidden)
	}
	draft := &v4.TokenRequest{Policies: []v4.PolicyRequest{}}
	if x := w.explained(t, w.key("alice"), "/user/tokens", v4.ExplainRequest{Draft: draft, Operation: "user-user-details"}); x.Grant == nil || x.Policy != nil {
		t.Errorf("of a draft it says %+v", x)
	}
	path := "/tokenward/accounts/" + w.ids["account/1"] + "/explain"
	for body, want := range map[string]int{
		`{}`: 400, `{"token_id": "` + id + `"}`: 400, `{"token_id": "` + newID() + `", "path": "/zones", "method": "GET"}`: 404,
		`{"token_id": "` + id + `", "path": "/zones", "method": "GET", "from": "here"}`:                  400,
		`{"token_id": "` + id + `", "path": "/zones", "method": "GET", "at": "soon"}`:                    400,
		`{"draft": {"policies": [{"effect": "perhaps"}]}, "operation": "zones-get"}`:                     400,
		`{"draft": {"policies": []}, "operation": "zones-get", "at": "2100-01-01T00:00:00Z"}`:            200,
		`{"token_id": "` + id + `", "operation": "zones-get", "resource": ["` + w.zoneKey("A") + `"]}`:   400,
		`{"token_id": "` + id + `", "operation": "zones-0-get", "resource": ["` + w.zoneKey("A") + `"]}`: 200,
	} {
		if a := w.call(t, call{as: w.key("alice"), method: "POST", path: path, body: []byte(body)}); a.status != want {
			t.Errorf("%s answers %d, want %d: %s", body, a.status, want, clip(a.raw))
		}
	}
	asked, _ := json.Marshal(v4.ExplainRequest{Draft: draft, Operation: "zones-get"})
	if a := w.call(t, call{as: reader, method: "POST", path: path, body: asked}); a.status != http.StatusForbidden {
		t.Errorf("who may only read tokens asks about a draft: %d", a.status)
	}
}
