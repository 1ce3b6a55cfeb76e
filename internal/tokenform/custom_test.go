package tokenform

import (
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/catalogfile"
	"github.com/tokenward/tokenward/internal/policy"
)

// The kinds of the example's catalogue: reviews of products in stores.
const (
	storeKind   = "com.example.shop.store"
	productKind = storeKind + ".product"
	reviewKind  = productKind + ".review"
)

// shopBasis is of the built-in catalogue with the example's beside it, whose
// account is what the file then says.
func shopBasis(tb testing.TB, b Basis, account string) Basis {
	tb.Helper()
	data, err := os.ReadFile("../../examples/catalogs/shop.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	spec, faults := catalogfile.Parse([]byte(strings.Replace(string(data), "account: configured", "account: "+account, 1)), "")
	if spec == nil {
		tb.Fatal(faults)
	}
	c, err := catalog.Extend(catalog.V4(), spec)
	if err != nil {
		tb.Fatal(err)
	}
	b.Picker = NewPicker(c)
	return b
}

// bases are those of a user and of an account, without and with the shop.
func bases(tb testing.TB) []Basis {
	tb.Helper()
	return []Basis{forUser(tb), forAccount(tb), shopBasis(tb, forUser(tb), acme), shopBasis(tb, forAccount(tb), acme)}
}

var shopPermissions = []string{
	"shop_stores read", "shop_stores edit", "shop_products read", "shop_products edit", "shop_reviews read", "shop_reviews moderate",
}

func permissionsOf(b Basis) []string {
	if len(b.Picker.kinds) == 0 {
		return somePermissions
	}
	return slices.Concat(somePermissions, shopPermissions)
}

func scopesOf(b Basis) []string {
	scopes := []string{catalog.KindZone, catalog.KindZone, catalog.KindAccount, catalog.KindUser}
	if len(b.Picker.kinds) > 0 {
		scopes = append(scopes, storeKind, productKind, reviewKind, reviewKind)
	}
	return scopes
}

// someID is an id that a kind can have.
func someID(r *rand.Rand, k *kind) string {
	return map[string]string{storeKind: pick(r, "north", "south"), productKind: pick(r, "7", "8"), reviewKind: pick(r, "r1", "r2")}[k.name]
}

func randomCustomRow(r *rand.Rand, b Basis, c class, account string) Resource {
	v := b.Picker.catalog.Vocabulary()
	k := b.Picker.kinds[v.KindName(policy.KindNo(c-onCustom))]
	row, out := customRow{what: pick(r, everyOf, oneOf, wholeOf), kind: k}, Resource{}
	if row.what == oneOf {
		out.ID = someID(r, k)
	}
	switch above := k.holders(); {
	case r.IntN(3) == 0:
		row.inAccount, out.AccountID = true, account
	case len(above) > 0 && r.IntN(2) == 0:
		row.holder = pick(r, above...)
		out.InID = someID(r, row.holder)
	}
	out.Kind = row.String()
	return out
}

func randomCustomResource(r *rand.Rand, account string, k *kind) policy.Resource {
	key := func(k *kind) string { return k.name + "." + pick(r, someID(r, k), "*") }
	out := pick(r, policy.Resource{Key: account}, policy.Resource{Key: key(k)}, policy.Resource{Key: account, Nested: []string{key(k)}})
	if above := k.holders(); len(above) > 0 && r.IntN(2) == 0 {
		h := pick(r, above...)
		out = pick(r, policy.Resource{Key: key(h)}, policy.Resource{Key: key(h), Nested: []string{key(k)}})
	}
	return out
}

func customPaths(r *rand.Rand, v *policy.Vocabulary, account policy.Ref) []policy.Path {
	store := policy.MakeRef(v.Kind(storeKind), pick(r, "north", "south", "west", ""))
	product := policy.MakeRef(v.Kind(productKind), pick(r, "7", "8", "9", ""))
	review := policy.MakeRef(v.Kind(reviewKind), pick(r, "r1", "r2", "r3", ""))
	return []policy.Path{
		policy.NewPath(store, account), policy.NewPath(product, store, account), policy.NewPath(review, product, store, account),
		policy.NewPath(review, product, store, account),
	}
}

func TestRowsOfCustomKindsMeanThesePolicies(t *testing.T) {
	user, account := shopBasis(t, forUser(t), acme), shopBasis(t, forAccount(t), acme)
	short := strings.NewReplacer(reviewKind, "review", productKind, "product", storeKind, "store")
	for name, row := range map[string]struct {
		give          string
		on            []Resource
		user, account string
	}{
		"one store":                 {"shop_stores edit", []Resource{{Kind: "one:" + storeKind, ID: "north"}}, "allow shop_stores.edit on store.north", "allow shop_stores.edit on store.north"},
		"all stores":                {"shop_stores read", []Resource{{Kind: "all:" + storeKind}}, "allow shop_stores.read on store.*", "allow shop_stores.read on account.acme[store.*]"},
		"all stores of an account":  {"shop_stores read", []Resource{{Kind: "all:" + storeKind + "@account", AccountID: acme}}, "allow shop_stores.read on account.acme[store.*]", "allow shop_stores.read on account.acme[store.*]"},
		"one store of an account":   {"shop_stores read", []Resource{{Kind: "one:" + storeKind + "@account", ID: "north", AccountID: acme}}, "allow shop_stores.read on account.acme[store.north]", "allow shop_stores.read on account.acme[store.north]"},
		"all products of one store": {"shop_products edit", []Resource{{Kind: "all:" + productKind + "/" + storeKind, InID: "north"}}, "allow shop_products.edit on store.north[product.*]", "allow shop_products.edit on store.north[product.*]"},
		"each kind by itself, and one excluded": {"shop_stores read,shop_reviews moderate", []Resource{
			{Kind: "one:" + storeKind, ID: "north"}, {Kind: "all:" + reviewKind + "/" + storeKind, InID: "north"},
			{Effect: Exclude, Kind: "one:" + reviewKind + "/" + productKind, ID: "r1", InID: "7"}},
			"allow shop_stores.read on store.north; allow shop_reviews.moderate on store.north[review.*]; deny shop_reviews.moderate on product.7[review.r1]", ""},
		"what is typed for another kind is nothing": {"shop_stores read", []Resource{{Kind: "all:" + storeKind, ID: "x", InID: "y", AccountID: rival}}, "allow shop_stores.read on store.*", ""},
	} {
		for i, want := range []string{row.user, row.account} {
			b := []Basis{user, account}[i]
			f := Form{Name: "x", Permissions: give(row.give), Resources: row.on}
			d, faults := f.Draft(b)
			if got := short.Replace(written(b, d.Policies)); want != "" && (got != want || len(faults) > 0) {
				t.Errorf("%s, for an account %v:\n%s\nwant\n%s\n%v", name, b.forAccount(), got, want, faults)
			}
		}
	}
}

func TestIdsOfCustomKindsAreHeldToTheirForms(t *testing.T) {
	b := shopBasis(t, forUser(t), acme)
	for _, row := range []struct {
		on   Resource
		want string
	}{
		{Resource{Kind: "one:" + storeKind}, "resources[0].id: Write the id of the store."},
		{Resource{Kind: "one:" + storeKind, ID: "North Street"}, "resources[0].id: This is not the id of a store: those are lowercase letters"},
		{Resource{Kind: "one:" + storeKind, ID: "*"}, "resources[0].id: This is not the id of a store"},
		{Resource{Kind: "one:" + storeKind + "@account", ID: "north"}, "resources[0].account: Choose an account."},
		{Resource{Kind: "one:" + storeKind + "@account", ID: "north", AccountID: "me"}, "resources[0].account: This is not the id of an account"},
		{Resource{Kind: "one:" + productKind, ID: "7"}, "resources[0].kind: None of the permissions acts on products."},
		{Resource{Kind: "one:" + storeKind + "/" + productKind, ID: "north", InID: "7"}, "resources[0].kind: Choose which resources are meant."},
		{Resource{Kind: "one:com.example.shop.moon", ID: "north"}, "resources[0].kind: Choose which resources are meant."},
		{Resource{}, "resources: Include the stores on which Stores Read is to hold."},
	} {
		f := Form{Name: "x", Permissions: give("shop_stores read"), Resources: []Resource{row.on}}
		_, faults := f.Draft(b)
		if len(faults) != 1 || !strings.HasPrefix(faults[0].Field+": "+faults[0].Message, row.want) {
			t.Errorf("%+v: %q, want %q", row.on, faults, row.want)
		}
	}
	f := Form{Name: "x", Permissions: give("shop_reviews read"), Resources: []Resource{{Kind: "all:" + reviewKind + "/" + productKind, InID: "seven"}}}
	if _, faults := f.Draft(b); len(faults) != 1 || faults[0].Field != "resources[0].in" || !strings.Contains(faults[0].Message, "product: those are whole numbers") {
		t.Errorf("%q", faults)
	}
}

func TestCustomResourcesInPlainWords(t *testing.T) {
	b, of := shopBasis(t, forUser(t), acme), shopBasis(t, forAccount(t), acme)
	res := func(outer string, inner ...string) policy.Resource { return policy.Resource{Key: outer, Nested: inner} }
	account := catalog.KindAccount + "." + acme
	for _, row := range []struct {
		basis Basis
		group string
		on    policy.Resource
		want  string
	}{
		{b, "shop_stores read", res(storeKind + ".north"), "can read Stores of store north"},
		{b, "shop_stores edit", res(storeKind + ".*"), "can read and change Stores of all stores"},
		{b, "shop_stores read", res(account, storeKind+".*"), "can read Stores of all stores of Acme"},
		{of, "shop_stores read", res(catalog.KindAccount+".*", storeKind+".*"), "can read Stores of all stores of Acme"},
		{b, "shop_stores read", res(account, storeKind+".north"), "can read Stores of store north in Acme"},
		{b, "shop_stores read", res(account), "can read Stores of the account Acme and all its stores"},
		{b, "shop_products read", res(storeKind+".north", productKind+".7"), "can read Products of product 7 of store north"},
		{b, "shop_products read", res(productKind + ".7"), "can read Products of product 7 of any store"},
		{b, "shop_reviews moderate", res(productKind+".7", reviewKind+".*"), "can use Reviews Moderate of all reviews of product 7 of any store"},
		{b, "shop_reviews read", res(storeKind+".north", reviewKind+".r1"), "can read Reviews of review r1 of any product of store north"},
	} {
		p := policy.Policy{Effect: policy.Allow, Groups: []string{id(b, row.group)}, Resources: []policy.Resource{row.on}}
		if got := Words(row.basis, &authority.Draft{Policies: []policy.Policy{p}}, names)[0].Text; got != row.want {
			t.Errorf("%s\nwant\n%s", got, row.want)
		}
		cell := Resources(row.basis, []policy.Policy{p}, names, 5)
		if strings.Contains(cell, "com.example") {
			t.Errorf("the cell is %q", cell)
		}
	}
}

func TestCustomGroupsArePickedUnderTheirProduct(t *testing.T) {
	p := shopBasis(t, forUser(t), acme).Picker
	var got []string
	for _, c := range p.Categories(true) {
		for _, f := range c.Families {
			if !strings.HasPrefix(f.Key, "shop_") {
				continue
			}
			text := c.Title + " | " + f.Name + " on " + f.Several() + ":"
			for i := range f.Levels {
				text += " " + f.Levels[i].Title
			}
			got = append(got, text)
		}
	}
	want := []string{
		"Shop API: Products | Products on products: Read Edit", "Shop API: Reviews | Reviews on reviews: Read Moderate", "Shop API: Stores | Stores on stores: Read Edit",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	if l := p.Level(id(Basis{Picker: p}, "shop_stores edit")); l.Operations != 3 || !l.Reads || !strings.Contains(l.Opens(), "/stores") {
		t.Errorf("%d operations, %s", l.Operations, l.Opens())
	}
	if found := p.Search("shop moderate", true); len(found) != 1 || found[0].Key != "shop_reviews" {
		t.Errorf("%d are found", len(found))
	}
}

// TestUserKindOfAnotherAPIIsNotTheUser: kinds of files may be called like those
// of the built-in catalogue.
func TestUserKindOfAnotherAPIIsNotTheUser(t *testing.T) {
	slug, err := policy.ParseIDForm("slug")
	if err != nil {
		t.Fatal(err)
	}
	const kind = "com.example.chat.user"
	c, err := catalog.Extend(catalog.V4(), &catalog.Spec{
		Name: "chat", Title: "Chat", CallersAccount: true, Kinds: []policy.Kind{{Name: kind, Parent: catalog.KindAccount, Form: slug}},
		Groups: []catalog.Group{{Group: policy.Group{ID: spelled("f7"), Name: "Users Read", Scope: kind}, Level: catalog.LevelRead, Label: "chat_users_read", Product: "Users"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	b := forAccount(t)
	b.Picker = NewPicker(c)
	if found := b.Picker.Search("chat", true); len(found) != 1 {
		t.Fatalf("%d families can be picked", len(found))
	}
	f := Form{Name: "x", Permissions: give("chat_users read"), Resources: []Resource{{Kind: "one:" + kind, ID: "ann"}}}
	d, faults := f.Draft(b)
	if len(faults) > 0 || Words(b, &d, names)[0].Text != "can read Users of "+kind+" ann" {
		t.Errorf("%v %v", Words(b, &d, names), faults)
	}
	b.Owner = forUser(t).Owner
	d, _ = f.Draft(b)
	if !warned(b, &d, OnlyAccounts) {
		t.Error("nothing says that a user's token is of no use there")
	}
}

func warned(b Basis, d *authority.Draft, code string) bool {
	return slices.ContainsFunc(Warnings(b, d, nil), func(w Warning) bool { return w.Code == code })
}

func TestAllResourcesOfACustomKindAreWorthAWarning(t *testing.T) {
	b := shopBasis(t, forUser(t), acme)
	for kind, want := range map[string]bool{
		"all:" + storeKind: true, "all:" + storeKind + "@account": true, "one:" + storeKind: false,
	} {
		f := Form{Name: "x", Permissions: give("shop_stores read"), Resources: []Resource{{Kind: kind, ID: "north", AccountID: acme}}}
		d, faults := f.Draft(b)
		if len(faults) > 0 || warned(b, &d, EveryResource) != want {
			t.Errorf("%s: %v %v", kind, Warnings(b, &d, nil), faults)
		}
	}
}

func TestChoicesOfRowsFollowThePermissions(t *testing.T) {
	reviews := give("shop_reviews read")
	for _, row := range []struct {
		basis Basis
		want  string
	}{
		{shopBasis(t, forUser(t), acme), "All reviews; All reviews of one product; All reviews of one store; One review, of any product; One review of one product; One review of one store | all:" + reviewKind + "/" + productKind},
		{shopBasis(t, forAccount(t), "caller"), "All reviews of the account; All reviews of one product; All reviews of one store; One review, of any product; One review of one product; One review of one store | all:" + reviewKind + "/" + productKind},
		{shopBasis(t, forUser(t), "caller"), "All reviews; All reviews of an account; One review, in one account | one:" + reviewKind + "@account"},
	} {
		f := Form{Permissions: reviews}
		var labels []string
		for _, c := range row.basis.CustomChoices(&f, Resource{}) {
			labels = append(labels, c.Label)
		}
		lacking := row.basis.Lacking(&f)
		if got := strings.Join(labels, "; ") + " | " + lacking[0].Kind; got != row.want {
			t.Errorf("%s\nwant\n%s", got, row.want)
		}
		f.Resources = lacking
		if more := row.basis.Lacking(&f); len(more) != 0 {
			t.Errorf("%+v is lacking still", more)
		}
	}
}

// TestTemplateOfAFileIsAForm, and gives what the template gives on everything
// that its groups act on.
func TestTemplateOfAFileIsAForm(t *testing.T) {
	for _, b := range bases(t)[2:] {
		tpl, ok := b.Picker.catalog.Template("shop-moderate-reviews", b.forAccount())
		if !ok {
			t.Fatal("the catalogue has no such template")
		}
		f := FromTemplate(b, &tpl)
		d, faults := f.Draft(b)
		if len(faults) > 0 || len(f.Permissions) != 3 || len(f.Resources) != 2 {
			t.Fatalf("%+v %v", f, faults)
		}
		made := set(t, b, &d)
		v := b.Picker.catalog.Vocabulary()
		for account, want := range map[string]bool{acme: true, rival: false} {
			path := policy.NewPath(policy.MakeRef(v.Kind(reviewKind), "r1"), policy.MakeRef(v.Kind(productKind), "7"),
				policy.MakeRef(v.Kind(storeKind), "north"), policy.MakeRef(v.Kind(catalog.KindAccount), account))
			access := policy.Access{Accepted: new(policy.GroupSet), Path: path}
			no, _ := v.Group(id(b, "shop_reviews moderate"))
			access.Accepted.Add(no)
			if got := made.Evaluate(&access); got.Allowed != want {
				t.Errorf("in %s: %+v", account, got)
			}
		}
	}
}

func TestCustomResourcesInEquivalents(t *testing.T) {
	b := shopBasis(t, forUser(t), acme)
	f := Form{Name: "x", Permissions: give("shop_products edit"), Resources: []Resource{{Kind: "all:" + productKind + "/" + storeKind, InID: "north"}}}
	d, _ := f.Draft(b)
	curl, err := CurlCreate(Site{BaseURL: "https://x.example", Owner: b.Owner}, b.Picker, &d)
	if err != nil {
		t.Fatal(err)
	}
	command, err := CommandCreate(b, &d)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{curl, command, Terraform(Site{Owner: b.Owner}, b.Picker, &d)} {
		if !strings.Contains(text, storeKind+".north") || !strings.Contains(text, productKind+".*") {
			t.Errorf("%s", text)
		}
	}
	text, err := b.Picker.Document(&d)
	if err != nil {
		t.Fatal(err)
	}
	_, read, faults := ReadDocument(b, text)
	back, ok, why := FromDraft(b, &read)
	if len(faults) > 0 || !ok || back.Resources[0].Kind != f.Resources[0].Kind || back.Resources[0].InID != "north" {
		t.Errorf("%+v %s %v", back, why, faults)
	}
}

// swallows reports whether a row of a whole resource goes for a row of something
// in it too.
func swallows(b Basis, whole, r Resource) bool {
	w, ok := b.Picker.customRow(whole.Kind)
	c, also := b.Picker.customRow(r.Kind)
	if !ok || !also || whole.Effect != r.Effect || w.kind != c.kind || w.what != wholeOf || c.what == wholeOf {
		return false
	}
	ownAccount := b.forAccount() && w.holder == nil && c.holder == nil && (c.what == everyOf || c.inAccount) // however it is spelled
	return ownAccount || w.holder == c.holder && w.inAccount == c.inAccount && whole.InID == r.InID && whole.AccountID == r.AccountID && (w.holder != nil || w.inAccount)
}
