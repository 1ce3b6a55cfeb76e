package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestRecordsAreAskedForWithTheirFaultsBesideThem: at once where a name is wrong,
// and beside the input once the form was sent. Nothing that was typed is lost.
func TestRecordsAreAskedForWithTheirFaultsBesideThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.zone("one.example")
	b := w.signedIn()
	const path = "/profile/api-tokens/create"
	a := b.get(path + "/form?template=dynamic-dns")
	a.wants(t, http.StatusOK, "DNS records in one zone", `value="AAAA" checked`)
	checkPage(t, "dynamic-dns", a.body)
	const wrong = "Write the complete name, with the zone&#39;s: home.example.com."
	typed := with(filledIn(t, a.body), "resources[0].name", "home")
	b.post(path+"/form", typed).wants(t, http.StatusOK, `id="live-resources-0-name"`, wrong, `value="home"`)

	failed := b.post(path+"/summary", typed)
	failed.wants(t, http.StatusUnprocessableEntity, `href="#row-resources-0"`, wrong, `aria-invalid="true"`, `value="home"`, `value="AAAA" checked`)
	checkPage(t, "failed", failed.body)

	typed = with(filledIn(t, failed.body), "resources[0].name", "home.one.example")
	typed["resources[0].types"] = []string{"AAAA"}
	summary := b.post(path+"/summary", typed)
	summary.wants(t, http.StatusOK, "can read and change AAAA records named home.one.example in one.example", "can read Zone of one.example",
		"--record AAAA:home.one.example", "creates, imports, changes and deletes these records")
	back := filledIn(t, b.post(path+"/form", filledIn(t, summary.body)).body)
	if got := back["resources[0].types"]; strings.Join(got, " ") != "AAAA" || back.Get("resources[0].name") != "home.one.example" {
		t.Errorf("back from the summary it is %q %q", got, back.Get("resources[0].name"))
	}
}

// TestTokenOnRecordsIsEditedInTheForm that it came from, and a permission that
// cannot be held to records is given a row of its own.
func TestTokenOnRecordsIsEditedInTheForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.zone("one.example")
	b := w.signedIn()
	const path = "/profile/api-tokens/create"
	b.create(t, path, filledIn(t, b.get(path+"/form?template=acme-dns-01").body)).wants(t, http.StatusOK, "The token is ready")
	edit := "/profile/api-tokens/" + w.newest(w.ofUser()).ID + "/edit"
	a := b.get(edit)
	a.wants(t, http.StatusOK, `value="_acme-challenge.*"`, `value="TXT" checked`)
	v := filledIn(t, a.body)
	if v.Has("resources[1].kind") {
		t.Errorf("there is a second row: %q", v.Get("resources[1].kind"))
	}
	v = with(v, "permissions[2].group", "cache", "add-permission", "1")
	if v = filledIn(t, b.post(edit+"/form", v).body); v.Get("resources[1].kind") != "zone" {
		t.Errorf("the row for the purge is %q", v.Get("resources[1].kind"))
	}
}

// TestRecordsAreOfferedWithPermissionsOnDNS only.
func TestRecordsAreOfferedWithPermissionsOnDNS(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	const kind = `value="zone_records"`
	if a := b.get("/profile/api-tokens/create/form?template=purge-cache"); strings.Contains(a.body, kind) {
		t.Error("records are offered to who purges")
	}
	b.get("/profile/api-tokens/create/form?template=edit-zone-dns").wants(t, http.StatusOK, kind)
	link := url.Values{"permissionGroupKeys": {`[{"key":"cache","type":"purge"}]`}, "accountId": {"*"}, "zoneId": {"all"}, "recordTypes": {"A"}}
	b.get("/profile/api-tokens/create/form?"+link.Encode()).wants(t, http.StatusBadRequest, "no group of it can be given on records")
}
