package dashboard_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// TestEditSaysWhatChanges before it is saved, and what another changed meanwhile
// is looked at again.
func TestEditSaysWhatChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	made, _ := w.token("deploy", func(d *authority.Draft) {
		d.Policies[0].Resources = []policy.Resource{{Key: catalog.KindZone + "." + w.zone("one.example").ID}}
	})
	b := w.signedIn()
	path := w.tokens("/", made.ID, "/edit")
	a := b.get(path)
	a.wants(t, http.StatusOK, "Edit deploy")
	checkPage(t, "an edit", a.body)
	form := filledIn(t, a.body)
	b.post(path+"/summary", form).wants(t, http.StatusOK, "Nothing.")
	summary := b.post(path+"/summary", with(form, "name", "release", "permissions[0].level", "edit"))
	summary.wants(t, http.StatusOK, "<del>deploy</del>", "<ins>release</ins>", "<del>can read DNS of one.example</del>", "<ins>can read and change DNS of one.example</ins>")
	checkPage(t, "the summary of an edit", summary.body)

	w.add(time.Second)
	if _, err := w.authority.SwitchToken(t.Context(), w.admin(), w.ofAccount(), made.ID, false); err != nil {
		t.Fatal(err)
	}
	moved := b.post(path, filledIn(t, summary.body))
	moved.wants(t, http.StatusOK, "Somebody changed this token meanwhile", "<del>disabled</del>")
	b.post(path, filledIn(t, moved.body)).leads(t, w.tokens("/", made.ID))
	now, err := w.authority.Token(t.Context(), w.admin(), w.ofAccount(), made.ID)
	if err != nil || now.Name != "release" || said(now.Policies)[0][:15] != "allow DNS Write" {
		t.Errorf("the token is %+v, %v", now, err)
	}
}

// TestWhatTheFormCannotSayIsEditedAsJSON, with what is wrong beside its line.
func TestWhatTheFormCannotSayIsEditedAsJSON(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	zone := catalog.KindZone + "." + w.zone("one.example").ID
	made, _ := w.token("uneven", func(d *authority.Draft) {
		d.Policies = append(d.Policies, policy.Policy{Effect: policy.Allow, Groups: []string{group(t, "Zone Read")}, Resources: []policy.Resource{{Key: zone}}})
	})
	b := w.signedIn()
	path := w.tokens("/", made.ID, "/edit")
	a := b.get(path)
	a.wants(t, http.StatusOK, "The form has no words for this.", "can read DNS", "&#34;effect&#34;: &#34;allow&#34;")
	checkPage(t, "the JSON", a.body)
	form := filledIn(t, a.body)
	b.post(path+"/form", with(form, "to-form", "1")).wants(t, http.StatusOK, "The form has no words for this.")

	wrong := b.post(path+"/summary", with(form, "document", strings.Replace(strings.Replace(form.Get("document"), "uneven", "better", 1), `"allow"`, `"maybe"`, 1)))
	wrong.wants(t, http.StatusUnprocessableEntity, `id="line-`, "Effect must be", "better")
	if !regexp.MustCompile(`<li id="line-\d+" class="bad[^>]*><span class="line-number">\d+</span><code>[^<]*maybe`).MatchString(wrong.body) {
		t.Errorf("the line is not marked\n%s", wrong.body)
	}
	checkPage(t, "JSON with faults", wrong.body)
	b.post(path+"/summary", with(form, "document", "{ nonsense")).wants(t, http.StatusUnprocessableEntity, "This is not JSON")

	summary := b.post(path+"/summary", with(form, "document", strings.Replace(form.Get("document"), "uneven", "better", 1)))
	summary.wants(t, http.StatusOK, "<ins>better</ins>")
	b.post(path, filledIn(t, summary.body)).leads(t, w.tokens("/", made.ID))
	if now, err := w.authority.Token(t.Context(), w.admin(), w.ofAccount(), made.ID); err != nil || now.Name != "better" || len(now.Policies) != 2 {
		t.Errorf("the token is %+v, %v", now, err)
	}
}

// TestFormAndJSONAreTheSameThing: from one to the other and back.
func TestFormAndJSONAreTheSameThing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.zone("one.example")
	b := w.signedIn()
	const path = "/profile/api-tokens/create"
	form := filledIn(t, b.get(path+"/form?template=edit-zone-dns").body)
	a := b.post(path+"/form", with(form, "to-json", "1"))
	a.wants(t, http.StatusOK, "Definition of the token", "DNS Write")
	back := b.post(path+"/form", with(filledIn(t, a.body), "to-form", "1"))
	back.wants(t, http.StatusOK, "From the template Edit zone DNS.")
	if got := filledIn(t, back.body); got.Get("resources[0].zone") != form.Get("resources[0].zone") || got.Get("permissions[0].level") != "edit" {
		t.Errorf("the form was\n%s\nand is\n%s", form.Encode(), got.Encode())
	}
	b.create(t, path, filledIn(t, a.body)).wants(t, http.StatusOK, "The token is ready")
	b.post(path+"/form", with(form, "to-json", "1", "rate_limit.requests", "many")).wants(t, http.StatusOK, "Write a number.", `value="many"`)
}

// TestWhoCannotGiveItIsToldWhat: the permission and the place, before anything is
// sent for good, beside the row.
func TestWhoCannotGiveItIsToldWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	zone := w.zone("one.example")
	w.person("dns@example.com")
	w.invite(authority.MemberDraft{Email: "dns@example.com", Roles: []string{authority.RoleDNS}, Status: authority.MembershipAccepted})
	b := w.as("dns@example.com")
	const path = "/profile/api-tokens/create"
	form := filledIn(t, b.get(path+"/form?template=purge-cache").body)
	a := b.post(path+"/summary", with(form, "resources[0].zone", zone.ID))
	a.wants(t, http.StatusUnprocessableEntity, "You cannot give Cache Purge on one.example, because you do not have it there yourself.", `id="error-permissions-0"`)
	b.get(w.tokens("/create")).wants(t, http.StatusForbidden, "You may not do this")
	dns := b.get(path + "/form?template=edit-zone-dns")
	b.create(t, path, filledIn(t, dns.body)).wants(t, http.StatusOK, "The token is ready")
}

// TestZonesAreFoundByNameWhereTheyAreMany.
func TestZonesAreFoundByNameWhereTheyAreMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	var want authority.Zone
	for i := range 70 {
		want = w.zone(fmt.Sprintf("zone-%02d.example", i))
	}
	b := w.signedIn()
	const path = "/profile/api-tokens/create"
	a := b.get(path + "/form?template=edit-zone-dns")
	a.lacks(t, "zone-03.example")
	form := filledIn(t, a.body)
	found := b.post(path+"/form", with(form, "resources[0].find", "zone-6", "find", "1"))
	found.wants(t, http.StatusOK, "zone-61.example", "zone-69.example")
	found.lacks(t, "zone-01.example")
	checkPage(t, "zones that were found", found.body)
	byName := filledIn(t, b.post(path+"/form", with(form, "resources[0].find", want.Name, "find", "1")).body)
	if byName.Get("resources[0].zone") != want.ID || byName.Get("resources[0].find") != "" {
		t.Errorf("the name leads to %q", byName.Get("resources[0].zone"))
	}
	b.create(t, path, with(form, "resources[0].find", want.Name)).wants(t, http.StatusOK, "The token is ready")
	if got := said(w.newest(w.ofUser()).Policies); !slices.Equal(got, []string{"allow DNS Write on account.zone." + want.ID}) {
		t.Errorf("the token's policies are %q", got)
	}
}

// TestButtonsForRowsSayWhereToGoOn, with and without script.
func TestButtonsForRowsSayWhereToGoOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.zone("one.example")
	b := w.signedIn()
	const path = "/profile/api-tokens/create"
	form := filledIn(t, b.get(path+"/form?template=wordpress").body)
	for button, focus := range map[string]string{
		"add-resource":        "f-resources-2-kind",
		"add-address":         "f-addresses-0-range",
		"use-address":         "f-addresses-0-range",
		"remove-permission-1": "remove-permission-1",
		"remove-permission-5": "remove-permission-4",
		"remove-resource-1":   "remove-resource-1",
		"search-permission":   "f-permission",
	} {
		v := with(form, button, "1")
		if button == "search-permission" {
			v.Set("search", "waf")
		}
		b.post(path+"/form", v).wants(t, http.StatusOK, `id="`+focus+`" autofocus`)
	}
	b.post(path+"/form", with(form, "permissions[6].group", "dns_firewall", "add-permission", "1")).wants(t, http.StatusOK, `id="f-permissions-6-level" autofocus`)
	b.post(path+"/summary", with(form, "search", "waf")).wants(t, http.StatusOK, "was found in") // Enter in the search
}

// TestPermissionsAreKeptByBrowsers under the hash of what they are.
func TestPermissionsAreKeptByBrowsers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	at := regexp.MustCompile(`data-pick="([^"]+)"`).FindStringSubmatch(b.get("/profile/api-tokens/create/form").body)
	if at == nil {
		t.Fatal("the form does not name them")
	}
	a := b.get(at[1])
	a.wants(t, http.StatusOK, `"key":"dns"`)
	if got := a.header.Get("Cache-Control"); got != "private, max-age=31536000, immutable" {
		t.Errorf("Cache-Control is %q", got)
	}
	if got := b.get("/profile/api-tokens/permissions.json?v=other").header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("under another hash Cache-Control is %q", got)
	}
}

// TestWizardIsLight: with everything that a page loads, before it is packed,
// for the templates of a few permissions; packed for the one of all of them.
func TestWizardIsLight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	loaded := regexp.MustCompile(`(?:src|href|data-pick)="((?:/static/|/profile/api-tokens/permissions)[^"]+)"`)
	weight := func(template string) int {
		total := 0
		get := func(path string) string {
			r := b.request("GET", path, nil)
			r.Header.Set("Accept-Encoding", "gzip")
			a := b.do(r)
			total += len(a.body)
			return b.get(path).body
		}
		for _, m := range loaded.FindAllStringSubmatch(get("/profile/api-tokens/create/form?template="+template), -1) {
			get(m[1])
		}
		return total
	}
	for _, template := range []string{"edit-zone-dns", "read-all-resources"} {
		if n := weight(template); n > 100<<10 || n < 10<<10 {
			t.Errorf("%s: %d bytes are sent", template, n)
		}
	}
}
