package server_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/httpapi"
)

// TestEveryHandlerIsAnOperationOfTheCatalogue: what is keyed by another id would
// stand behind no gate, or never be called.
func TestEveryHandlerIsAnOperationOfTheCatalogue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	handlers := httpapi.New(httpapi.Config{Authority: w.authority}).Endpoints()
	if len(handlers) == 0 {
		t.Fatal("there are no handlers")
	}
	for id := range handlers {
		op, ok := w.authority.Catalog().Operation(id)
		if !ok {
			t.Errorf("no operation is called %s", id)
		} else if op.Rule == catalog.Unstated {
			t.Errorf("%s is served, and nobody stated what it accepts", id)
		}
	}
}

// TestNoOperationAnswersWithoutACredential walks the whole catalogue. Each family
// has its own words for it (contract 2.2).
func TestNoOperationAnswersWithoutACredential(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	want := map[catalog.Family]refusal{
		catalog.FamilyCore:    {400, 9106},
		catalog.FamilyVerify:  {400, 1001},
		catalog.FamilyProduct: {400, 9106},
		catalog.FamilyZone:    {400, 9106},
	}
	w.walk(t, nil, func(op *catalog.Operation) refusal { return want[op.Family] })
}

func TestNoOperationAnswersAStranger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	want := map[catalog.Family]refusal{
		catalog.FamilyCore:    {403, 9109},
		catalog.FamilyVerify:  {401, 1000},
		catalog.FamilyProduct: {401, 10000},
		catalog.FamilyZone:    {403, 9109},
	}
	w.walk(t, stranger(), func(op *catalog.Operation) refusal { return want[op.Family] })
}

// TestATokenThatHoldsNothingMaySeeOnlyItself: what any live or known credential
// may do is verify itself, and list the rows that it may see, which are none.
func TestATokenThatHoldsNothingMaySeeOnlyItself(t *testing.T) {
	t.Parallel()
	lacks := map[catalog.Family]refusal{
		catalog.FamilyCore:    {403, 9109},
		catalog.FamilyProduct: {403, 10000},
		catalog.FamilyZone:    {403, 10000},
	}
	const noBody = 400 // POST /zones names its account in a body, and there is none
	for _, c := range []struct {
		path   string
		open   map[string]refusal
		closed refusal // of paths for users only, where it differs
	}{
		{path: "/user/tokens", open: map[string]refusal{
			authority.OpUserTokenVerify: {200, 10000}, authority.OpAccountList: {200, 0}, authority.OpZoneList: {200, 0},
			authority.OpAcctTokenVerify: {401, 1000}, authority.OpZoneCreate: {noBody, 1001},
		}},
		{path: "/accounts/<account/1>/tokens", closed: refusal{400, 9106}, open: map[string]refusal{
			authority.OpAcctTokenVerify: {200, 10000}, authority.OpAccountList: {200, 0}, authority.OpZoneList: {200, 0},
			authority.OpUserTokenVerify: {401, 1000}, authority.OpZoneCreate: {noBody, 1001},
		}},
	} {
		t.Run(c.path, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, config{})
			token := w.issue(t, strings.ReplaceAll(c.path, "<account/1>", w.ids["account/1"]))
			served := map[string]refusal{}
			for _, id := range facts {
				served[id] = refusal{404, 7003}
				if httpapi.New(httpapi.Config{Authority: w.authority}).Endpoints()[id].Serve != nil {
					served[id] = refusal{200, 0}
				}
			}
			w.hear() // a walk from the cache is as good and takes less time
			w.walk(t, token, func(op *catalog.Operation) refusal {
				if want, ok := c.open[op.ID]; ok {
					return want
				}
				if slices.Contains(facts, op.ID) {
					return served[op.ID]
				}
				forAccount := c.closed != (refusal{})
				if forAccount && op.Incompatible != "" {
					return refusal{400, 1011}
				}
				forUsers := op.UserOnly || op.Target == catalog.TargetUser
				if forUsers && op.Family == catalog.FamilyProduct && forAccount {
					return c.closed
				}
				return lacks[op.Family]
			})
		})
	}
}

// facts are operations of our own that tell any live credential what the program
// knows: nothing of anybody's.
var facts = []string{"tokenward-templates-list", "tokenward-compatibility-list"}

// opIPs tells which networks requests come from.
const opIPs = "cloudflare-ips-cloudflare-ip-details"

// refusal is how an operation answers: its status and its first number.
type refusal struct{ status, code int }

// walk attempts every operation of the catalogue, on an account, a zone and a
// record that are there.
func (w *world) walk(t *testing.T, as credential, want func(*catalog.Operation) refusal) {
	t.Helper()
	n, public := 0, []string{}
	for op := range w.authority.Catalog().Operations() {
		n++
		path := w.pathOf(op)
		if m, miss := w.authority.Catalog().Match(op.Method, path); miss != catalog.Hit || m.Op != op {
			t.Errorf("%s %s is not %s", op.Method, path, op.ID)
			continue
		}
		a := w.call(t, call{as: as, method: op.Method, path: path})
		code, text := a.first()
		wanted := want(op)
		if op.Rule == catalog.Public {
			public = append(public, op.ID)
			wanted = refusal{400, 1001} // it asks for the secret of a link, and there is no body
		}
		if op.ID == opIPs {
			wanted = refusal{200, 0} // what it tells is no secret
		}
		if got := (refusal{a.status, code}); got != wanted {
			t.Errorf("%s %s answers %d %d %s, want %v", op.Method, op.Template, a.status, code, text, wanted)
		}
		if a.status == http.StatusUnauthorized && a.header.Get("Www-Authenticate") == "" {
			t.Errorf("%s %s: a 401 without WWW-Authenticate", op.Method, op.Template)
		}
	}
	// Each new one needs a reason in docs/decisions.
	slices.Sort(public)
	if !slices.Equal(public, []string{opIPs, authority.OpExposedReport, authority.OpInvitationAccept, authority.OpPasswordForgot, authority.OpPasswordReset}) {
		t.Errorf("the public operations are %v", public)
	}
	if n < 3000 {
		t.Errorf("the catalogue has only %d operations", n)
	}
}

// pathOf is a path of an operation. A parameter that the catalogue gives no
// shape gets an id too, which fits all.
func (w *world) pathOf(op *catalog.Operation) string {
	return parameter.ReplaceAllStringFunc(op.Template, func(name string) string {
		switch name {
		case "{account_id}", "{account_tag}":
			return w.ids["account/1"]
		case "{zone_id}":
			return w.ids["zone/A"]
		case "{dns_record_id}":
			return w.ids["record"]
		}
		return newID()
	})
}

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// issue makes a token without policies.
func (w *world) issue(t *testing.T, path string) credential {
	t.Helper()
	a := w.call(t, call{as: w.key("alice"), method: "POST", path: path, body: []byte(`{"name": "nothing", "policies": []}`)})
	var made struct{ Value string }
	a.decode(t, &made)
	return bearer(made.Value)
}
