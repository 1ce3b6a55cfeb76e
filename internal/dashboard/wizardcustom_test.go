package dashboard_test

import (
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/catalogfile"
	"github.com/tokenward/tokenward/internal/token"
)

const (
	storeKind   = "com.example.shop.store"
	productKind = storeKind + ".product"
)

// shop is the built-in catalogue with the example's beside it, changed by pairs of
// texts.
func (w *world) shop(pairs ...string) *catalog.Catalog {
	w.t.Helper()
	data, err := os.ReadFile("../../examples/catalogs/shop.yaml")
	if err != nil {
		w.t.Fatal(err)
	}
	pairs = append(pairs, "account: configured", "account: "+w.made.AccountID)
	spec, faults := catalogfile.Parse([]byte(strings.NewReplacer(pairs...).Replace(string(data))), "")
	if spec == nil {
		w.t.Fatal(faults)
	}
	c, err := catalog.Extend(catalog.V4(), spec)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) use(c *catalog.Catalog) {
	w.t.Helper()
	if err := w.authority.Reload(c); err != nil {
		w.t.Fatal(err)
	}
}

// opens judges a request to the shop with a secret.
func (w *world) opens(secret, request string) bool {
	w.t.Helper()
	method, path, _ := strings.Cut(request, " ")
	api, _ := w.authority.Catalog().API("shop")
	m, miss := api.Match(method, path)
	parsed, err := token.Format{}.Parse(secret)
	if miss != catalog.Hit || err != nil {
		w.t.Fatalf("%s: %v, %v", request, miss, err)
	}
	_, d, err := w.authority.Authorize(w.t.Context(), token.Credential{Kind: token.Bearer, Secret: parsed}, &authority.Attempt{Op: m.Op, Path: m.Resource(""), Addr: w.addr()})
	if err != nil {
		w.t.Fatal(err)
	}
	return d.Allowed
}

var shownSecret = regexp.MustCompile(`name="secret" value="([^"]+)"`)

// TestTokenForOneStoreOpensOnlyThisStore: what the wizard makes of a custom
// catalogue's permissions is what the gate judges by.
func TestTokenForOneStoreOpensOnlyThisStore(t *testing.T) {
	t.Parallel()
	for _, ofAccount := range []bool{false, true} {
		w := newWorld(t, false)
		w.use(w.shop())
		b := w.signedIn()
		base, owner := "/profile/api-tokens/create", w.ofUser()
		if ofAccount {
			base, owner = w.tokens("/create"), w.ofAccount()
		}
		form := b.get(base + "/form")
		form.wants(t, http.StatusOK, "Shop API: Stores", `<option value="shop_stores">Stores</option>`)
		v := with(filledIn(t, form.body), "name", "one store", "permissions[0].group", "shop_stores", "add-permission", "1")
		a := b.post(base+"/form", v)
		a.wants(t, http.StatusOK, "One store", "All stores", "Write the id of the store.")
		checkPage(t, base, a.body)
		v = filledIn(t, a.body)
		if v.Get("resources[0].kind") != "one:"+storeKind {
			t.Fatalf("the row is %q", v.Get("resources[0].kind"))
		}
		bad := b.post(base+"/summary", with(v, "resources[0].id", "North Street"))
		bad.wants(t, http.StatusUnprocessableEntity, "This is not the id of a store", `value="North Street"`)
		summary := b.post(base+"/summary", with(filledIn(t, bad.body), "resources[0].id", "north", "permissions[0].level", "edit"))
		summary.wants(t, http.StatusOK, "can read and change Stores of store north", "store north")
		made := b.post(base, filledIn(t, summary.body))
		made.wants(t, http.StatusOK, "The token is ready")
		secret := shownSecret.FindStringSubmatch(made.body)[1]
		for request, want := range map[string]bool{
			"GET /stores/north": true, "GET /stores/south": false, "POST /stores": false, "GET /stores/north/products/7": false,
		} {
			if got := w.opens(secret, request); got != want {
				t.Errorf("of an account %v: %s: %v", ofAccount, request, got)
			}
		}
		if got, want := said(w.newest(owner).Policies), "on "+storeKind+".north"; len(got) != 1 || !strings.HasSuffix(got[0], want) {
			t.Errorf("the policies are %q", got)
		}
		edit := b.get(strings.TrimSuffix(base, "create") + w.newest(owner).ID + "/edit")
		if got := filledIn(t, edit.body); got.Get("resources[0].id") != "north" || got.Get("permissions[0].level") != "edit" {
			t.Errorf("its form holds %v", got)
		}
	}
}

// TestTemplateOfAFileMakesAToken without more than the account that it asks for;
// then narrowed to the products of one store, with one excluded.
func TestTemplateOfAFileMakesAToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.use(w.shop())
	b := w.signedIn()
	const base = "/profile/api-tokens/create"
	b.get(base).wants(t, http.StatusOK, "Moderate reviews", "Products Read, Reviews Read, Reviews Moderate")
	v := filledIn(t, b.get(base+"/form?template=shop-moderate-reviews").body)
	if got := v.Get("resources[0].kind"); got != "all:"+productKind+"@account" || v.Get("resources[0].account") != w.made.AccountID {
		t.Fatalf("the first row is %q of %q", got, v.Get("resources[0].account"))
	}
	steps := []url.Values{
		{"resources[0].kind": {"all:" + productKind + "/" + storeKind}, "resources[0].in": {"north"}, "add-resource": {"1"}},
		{"resources[2].effect": {"exclude"}, "resources[2].kind": {"one:" + productKind + "/" + storeKind}, "resources[2].id": {"8"}, "resources[2].in": {"north"}},
	}
	maps.Copy(v, steps[0])
	v = filledIn(t, b.post(base+"/form", v).body)
	maps.Copy(v, steps[1])
	made := b.create(t, base, v)
	made.wants(t, http.StatusOK, "The token is ready")
	secret := shownSecret.FindStringSubmatch(made.body)[1]
	for request, want := range map[string]bool{
		"GET /stores/north/products/7": true, "GET /stores/north/products/8": false, "GET /stores/south/products/7": false,
		"GET /stores/south/products/7/reviews/r1": true, "PUT /stores/north/products/7": false,
	} {
		if got := w.opens(secret, request); got != want {
			t.Errorf("%s: %v", request, got)
		}
	}
	list := b.get("/profile/api-tokens")
	list.wants(t, http.StatusOK, "all products of store north", "with exceptions")
}

// TestPagesFollowTheCatalogueThatIsLoaded: nothing of the one before is kept.
func TestPagesFollowTheCatalogueThatIsLoaded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	const path = "/profile/api-tokens/create/form"
	if a := b.get(path); strings.Contains(a.body, "shop_stores") {
		t.Error("the shop is offered before it is loaded")
	}
	w.use(w.shop())
	b.get(path).wants(t, http.StatusOK, ">Stores</option>")
	w.use(w.shop("name: Stores Read", "name: Branches Read", "name: Stores Write", "name: Branches Write"))
	b.get(path).wants(t, http.StatusOK, ">Branches</option>")
	w.use(catalog.V4())
	if a := b.get(path); strings.Contains(a.body, "shop_stores") {
		t.Error("the shop is offered after it was taken away")
	}
}

// TestPermissionPagesShowCustomOperations with paths after the API's base, and say
// of which API they are.
func TestPermissionPagesShowCustomOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.use(w.shop())
	b := w.signedIn()
	groups := w.authority.Catalog().Groups()
	i := slices.IndexFunc(groups, func(g catalog.Group) bool { return g.Label == "shop_products_read" })
	a := b.get("/reference/permissions/" + groups[i].ID)
	a.wants(t, http.StatusOK, "Products Read", "<dd>products</dd>", "/stores/{store}/products/{product}", "Shop API, after its base path", "of the catalogue shop", "Moderate reviews")
	checkPage(t, "permission", a.body)
	a = b.get("/reference/permissions/operation?id=shop:get-product")
	a.wants(t, http.StatusOK, "/stores/{store}/products/{product}", "Shop API; its paths begin where its base path ends", "Products Read")
	b.get("/reference/permissions?q=shop").wants(t, http.StatusOK, "Shop API: Reviews", "Reviews")
}
