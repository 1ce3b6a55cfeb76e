package dashboard_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// filledIn is what a browser would send of the wizard's form on a page: the last
// form that posts.
func filledIn(t *testing.T, body string) url.Values {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	var v url.Values
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			switch n.Data {
			case "form":
				v = url.Values{}
			case "input":
				name, ticked := attr(n, "name"), slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "checked" })
				switch box := attr(n, "type") == "checkbox"; {
				case name == "" || v == nil:
				case box && ticked:
					v.Add(name, attr(n, "value"))
				case !box:
					v.Set(name, attr(n, "value"))
				}
			case "textarea":
				v.Set(attr(n, "name"), strings.ReplaceAll(textOf(n), "\n", "\r\n"))
			case "select":
				v.Set(attr(n, "name"), chosen(n))
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return v
}

func textOf(n *html.Node) string {
	out := ""
	if n.Type == html.TextNode {
		out = n.Data
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		out += textOf(c)
	}
	return out
}

// chosen is the value of a select: what is selected, or else its first option.
func chosen(n *html.Node) string {
	value, found := "", false
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Data == "option" {
			selected := slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "selected" })
			if !found || selected {
				value, found = attr(n, "value"), true
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return value
}

// with is a form with other values, given in pairs.
func with(v url.Values, pairs ...string) url.Values {
	v = maps.Clone(v)
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

// create goes from the form over the summary to the token, and gives the last
// page.
func (b *browser) create(t *testing.T, path string, v url.Values) answer {
	t.Helper()
	summary := b.post(path+"/summary", v)
	summary.wants(t, http.StatusOK, "Create this token?")
	return b.post(path, filledIn(t, summary.body))
}

// newest is the newest token of an owner.
func (w *world) newest(o authority.Owner) authority.Token {
	w.t.Helper()
	list, _, err := w.authority.Tokens(w.t.Context(), w.admin(), authority.TokenQuery{Owner: o, Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	list = slices.DeleteFunc(list, func(t authority.Token) bool { return t.ID == w.made.TokenID })
	if len(list) == 0 {
		w.t.Fatal("no token was made")
	}
	return slices.MaxFunc(list, func(a, b authority.Token) int { return a.IssuedOn.Compare(b.IssuedOn) })
}

func (w *world) ofUser() authority.Owner {
	return authority.Owner{Kind: authority.OwnerUser, ID: w.made.UserID}
}

// said writes policies as the tables below do.
func said(policies []policy.Policy) []string {
	var out []string
	for _, p := range policies {
		var names, on []string
		for _, id := range p.Groups {
			g, _ := catalog.V4().Group(id)
			names = append(names, g.Name)
		}
		for _, r := range p.Resources {
			key := r.Key
			if r.Nested != nil {
				key += ">" + strings.Join(r.Nested, "|")
			}
			on = append(on, key)
		}
		out = append(out, fmt.Sprintf("%s %s on %s", p.Effect, strings.Join(names, "+"), strings.ReplaceAll(strings.Join(on, "|"), "com.cloudflare.api.", "")))
	}
	return out
}

// TestWizardMakesTheTokenThatItsFormSays, without script: each run begins with a
// page, sends it with the buttons and values given, and ends with a token.
func TestWizardMakesTheTokenThatItsFormSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	zone, account := w.zone("one.example").ID, w.made.AccountID
	b := w.signedIn()
	runs := []struct {
		name, from string
		account    bool
		steps      []url.Values // each sent to the form, the last to the summary
		want       []string
	}{
		{"the only zone is chosen", "?template=edit-zone-dns", false, []url.Values{{}},
			[]string{"allow DNS Write on account.zone." + zone}},
		{"everything of a template", "?template=wordpress", false, []url.Values{{}},
			[]string{"allow Account Settings Read on account.*", "allow Analytics Read+Zone Read+Zone Settings Write+DNS Read+Cache Purge on account.zone.*"}},
		{"an account's own", "?template=edit-zone-dns", true, []url.Values{{}},
			[]string{"allow DNS Write on account.zone." + zone}},
		{"all zones of the account", "?template=edit-zone-dns", true, []url.Values{{"resources[0].kind": {"all_zones"}}},
			[]string{"allow DNS Write on account." + account + ">account.zone.*"}},
		{"a permission is added, and reads unless said otherwise", "", false,
			[]url.Values{{"name": {"mine"}, "permissions[0].group": {"dns"}, "add-permission": {"1"}}, {}},
			[]string{"allow DNS Read on account.zone." + zone}},
		{"one is added and one removed", "", false, []url.Values{
			{"name": {"mine"}, "permissions[0].group": {"dns"}, "add-permission": {"1"}},
			{"permissions[1].group": {"zone"}, "add-permission": {"1"}},
			{"remove-permission-0": {"1"}}, {"permissions[0].level": {"edit"}}},
			[]string{"allow Zone Write on account.zone." + zone}},
		{"all zones but one", "?template=edit-zone-dns", false, []url.Values{
			{"resources[0].kind": {"all_zones"}, "add-resource": {"1"}},
			{"resources[1].effect": {"exclude"}, "resources[1].kind": {"zone"}, "resources[1].zone": {zone}}},
			[]string{"allow DNS Write on account.zone.*", "deny DNS Write on account.zone." + zone}},
		{"the zones of an account", "?template=edit-zone-dns", false, []url.Values{{"resources[0].kind": {"account_zones"}, "resources[0].account": {account}}},
			[]string{"allow DNS Write on account." + account + ">account.zone.*"}},
		{"what was chosen before in a hidden field does not narrow", "?template=edit-zone-dns", false, []url.Values{{"resources[0].account": {account}}},
			[]string{"allow DNS Write on account.zone." + zone}},
		{"a search by Enter, then what it found", "", false, []url.Values{
			{"name": {"mine"}, "search": {"purge"}, "search-permission": {"1"}},
			{"permissions[0].group": {"cache"}, "add-permission": {"1"}}, {}},
			[]string{"allow Cache Purge on account.zone." + zone}},
		{"the challenges of certificates", "?template=acme-dns-01", false, []url.Values{{}},
			[]string{"allow Zone Read on account.zone." + zone, "allow DNS Write on account.zone." + zone + ">com.tokenward.dns.record.TXT:_acme-challenge.*"}},
		{"the address of a host", "?template=dynamic-dns", true, []url.Values{{"resources[0].name": {"home.one.example"}}},
			[]string{"allow Zone Read on account." + account + ">account.zone." + zone, "allow DNS Write on account.zone." + zone +
				">com.tokenward.dns.record.A:home.one.example|com.tokenward.dns.record.AAAA:home.one.example"}},
		{"a row becomes one of records", "?template=edit-zone-dns", false, []url.Values{
			{"resources[0].kind": {"zone_records"}, "resources[0].types": {"MX", "TXT"}, "resources[0].name": {"One.Example."}}},
			[]string{"allow DNS Write on account.zone." + zone + ">com.tokenward.dns.record.MX:one.example|com.tokenward.dns.record.TXT:one.example"}},
		{"records of all zones of an account, but one name", "?template=edit-zone-dns", false, []url.Values{
			{"resources[0].kind": {"account_records"}, "resources[0].account": {account}, "resources[0].types": {"*"}, "resources[0].name": {"*"}, "add-resource": {"1"}},
			{"resources[1].effect": {"exclude"}, "resources[1].kind": {"zone_records"}, "resources[1].zone": {zone}, "resources[1].types": {"A"}, "resources[1].name": {"www.one.example"}}},
			[]string{"allow DNS Write on account." + account + ">com.tokenward.dns.record.*:*", "deny DNS Write on account.zone." + zone + ">com.tokenward.dns.record.A:www.one.example"}},
		{"the user's own", "?template=create-additional-tokens", false, []url.Values{{}},
			[]string{"allow API Tokens Write on user." + w.made.UserID}},
	}
	for _, run := range runs {
		t.Run(run.name, func(t *testing.T) {
			w.add(2 * time.Second)
			base, owner := "/profile/api-tokens/create", w.ofUser()
			if run.account {
				base, owner = w.tokens("/create"), w.ofAccount()
			}
			a := b.get(base + "/form" + run.from)
			a.wants(t, http.StatusOK, "Create an API token")
			for i, step := range run.steps {
				v := filledIn(t, a.body)
				maps.Copy(v, step)
				if i < len(run.steps)-1 {
					a = b.post(base+"/form", v)
					a.wants(t, http.StatusOK)
					checkPage(t, run.name, a.body)
					continue
				}
				b.create(t, base, v).wants(t, http.StatusOK, "The token is ready")
			}
			if got := said(w.newest(owner).Policies); !slices.Equal(got, run.want) {
				t.Errorf("the token's policies are\n%q, want\n%q", got, run.want)
			}
		})
	}
}

// TestConditionsOfTheFormAreTheTokens: addresses, dates in the zone that was
// said, and a limit.
func TestConditionsOfTheFormAreTheTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.zone("one.example")
	b := w.signedIn()
	const path = "/profile/api-tokens/create"
	v := filledIn(t, b.get(path+"/form?template=edit-zone-dns").body)
	v = filledIn(t, b.post(path+"/form", with(v, "use-address", "1")).body)
	if v.Get("addresses[0].range") != "127.0.0.1" {
		t.Fatalf("the address is %q", v.Get("addresses[0].range"))
	}
	v = filledIn(t, b.post(path+"/form", with(v, "add-address", "1")).body)
	b.create(t, path, with(v, "addresses[1].is", "not_in", "addresses[1].range", "10.0.0.0/8", "time_zone", "Europe/Berlin",
		"expires_on.preset", "at", "expires_on.at", "2099-07-01T12:00", "rate_limit.requests", "50", "rate_limit.period", "60")).wants(t, http.StatusOK)
	made := w.newest(w.ofUser())
	if !slices.Equal(made.Condition.In, []string{"127.0.0.1/32"}) || !slices.Equal(made.Condition.NotIn, []string{"10.0.0.0/8"}) {
		t.Errorf("the condition is %+v", made.Condition)
	}
	if want := time.Date(2099, 7, 1, 10, 0, 0, 0, time.UTC); !made.ExpiresOn.Equal(want) {
		t.Errorf("it ends %v, want %v", made.ExpiresOn, want)
	}
	if made.RateLimit != (authority.RateLimit{Requests: 50, Period: 60}) {
		t.Errorf("its limit is %+v", made.RateLimit)
	}
}

// TestLinksFillInTheForm: template URLs as the documents of others print them.
func TestLinksFillInTheForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	zone, account := w.zone("one.example").ID, w.made.AccountID
	b := w.signedIn()
	keys := url.QueryEscape(`[{"key":"dns","type":"edit"},{"key":"zone","type":"read"}]`)
	for _, test := range []struct {
		link string
		want []string
	}{
		{"/profile/api-tokens?permissionGroupKeys=" + keys + "&accountId=*&zoneId=all&name=From+a+link",
			[]string{"allow DNS Write+Zone Read on account.zone.*"}},
		{"/profile/api-tokens?permissionGroupKeys=" + keys + "&accountId=*&zoneId=" + zone + "&name=x",
			[]string{"allow DNS Write+Zone Read on account.zone." + zone}},
		{"/profile/api-tokens?permissionGroupKeys=" + keys + "&accountId=" + account + "&zoneId=all&name=x",
			[]string{"allow DNS Write+Zone Read on account." + account + ">account.zone.*"}},
		{"/profile/api-tokens?permissionGroupKeys=" + keys + "&accountId=*&zoneId=" + zone + "&name=x&recordTypes=TXT&recordName=_acme-challenge.*",
			[]string{"allow Zone Read on account.zone." + zone, "allow DNS Write on account.zone." + zone + ">com.tokenward.dns.record.TXT:_acme-challenge.*"}},
		{"/?to=/:account/api-tokens&permissionGroupKeys=" + keys + "&name=x",
			[]string{"allow DNS Write+Zone Read on account." + account + ">account.zone.*"}},
	} {
		w.add(2 * time.Second)
		a := b.get(test.link)
		base, owner := "/profile/api-tokens/create", w.ofUser()
		if a.to != "" {
			a, base, owner = b.get(a.to), w.tokens("/create"), w.ofAccount()
		}
		a.wants(t, http.StatusOK, "DNS")
		b.create(t, base, filledIn(t, a.body)).wants(t, http.StatusOK)
		if got := said(w.newest(owner).Policies); !slices.Equal(got, test.want) {
			t.Errorf("%s makes\n%q, want\n%q", test.link, got, test.want)
		}
	}
	for _, link := range []string{
		"/profile/api-tokens?permissionGroupKeys=nonsense&accountId=*&zoneId=all",
		"/profile/api-tokens?permissionGroupKeys=" + url.QueryEscape(`[{"key":"no_such","type":"edit"}]`) + "&accountId=*&zoneId=all",
		"/profile/api-tokens/create/form?template=no-such",
	} {
		a := b.get(link)
		a.wants(t, http.StatusBadRequest, "It cannot be made like this yet")
		checkPage(t, link, a.body)
	}
}

// TestFormThatFailsLosesNothing and says all that is wrong, each beside its
// field, with the list of it as what the reader goes on from.
func TestFormThatFailsLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.zone("one.example")
	w.zone("two.example")
	b := w.signedIn()
	const path = "/profile/api-tokens/create"
	sent := with(filledIn(t, b.get(path+"/form?template=edit-zone-dns").body), "name", "", "addresses[0].is", "in", "addresses[0].range", "not an <address>",
		"expires_on.preset", "at", "expires_on.at", "next week", "rate_limit.requests", "many", "rate_limit.period", "60")
	a := b.post(path+"/summary", sent)
	a.wants(t, http.StatusUnprocessableEntity, "Give the token a name.", "Choose a zone.", "Write a date and time", "Write a number.",
		`id="problems" autofocus`, `href="#row-addresses-0"`, `id="row-addresses-0"`, `href="#f-name"`)
	checkPage(t, "a form with faults", a.body)
	got := filledIn(t, a.body)
	for name := range sent {
		if got.Get(name) != sent.Get(name) {
			t.Errorf("%s was %q and is %q", name, sent.Get(name), got.Get(name))
		}
	}
	b.post(path, with(sent, "once", strings.Repeat("A", 26))).wants(t, http.StatusUnprocessableEntity, "Give the token a name.")
}

// TestBackFromTheSummaryKeepsAll.
func TestBackFromTheSummaryKeepsAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	zone := w.zone("one.example").ID
	b := w.signedIn()
	const path = "/profile/api-tokens/create"
	before := with(filledIn(t, b.get(path+"/form?template=wordpress").body), "name", `a "name" & more`,
		"resources[2].effect", "exclude", "resources[2].kind", "zone_in_account", "resources[2].zone", zone, "resources[2].account", w.made.AccountID)
	before = filledIn(t, b.post(path+"/form", before).body)
	summary := b.post(path+"/summary", before)
	summary.wants(t, http.StatusOK, "Create this token?", "but never", "It reaches all zones")
	checkPage(t, "the summary", summary.body)
	after := filledIn(t, b.post(path+"/form", filledIn(t, summary.body)).body)
	if before.Encode() != after.Encode() {
		t.Errorf("the form was\n%s\nand is\n%s", before.Encode(), after.Encode())
	}
}

// TestSecretIsShownOnce: loading the answer again makes no other token.
func TestSecretIsShownOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.zone("one.example")
	b := w.signedIn()
	const path = "/profile/api-tokens/create"
	form := filledIn(t, b.get(path+"/form?template=edit-zone-dns").body)
	sent := filledIn(t, b.post(path+"/summary", form).body)
	a := b.post(path, sent)
	a.wants(t, http.StatusOK, "tkut_", "tokens/verify", "shown this once")
	if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Content-Encoding") != "" {
		t.Errorf("the secret came with %v", a.header)
	}
	again := b.post(path, sent)
	again.wants(t, http.StatusConflict, "This was done already")
	again.lacks(t, "tkut_")
	if strings.Contains(w.log.String(), "tkut_") {
		t.Error("the secret is in the log")
	}
}
