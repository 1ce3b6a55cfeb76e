package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
)

const askPath = "/reference/permissions/ask"

func ask(text string) url.Values { return url.Values{"request": {text}} }

// secretLike looks like a secret and is none.
func secretLike() string { return "tkut_" + strings.Repeat("Ab3dE", 8) + "0badc0de" }

func TestAskingWhichPermissionARequestNeeds(t *testing.T) {
	t.Parallel()
	b := newWorld(t, false).signedIn()
	zone := strings.Repeat("ab", 16)
	for text, want := range map[string]string{
		"GET /zones/{id}/settings": "/zones/{zone_id}/settings",
		"/zones/:id/settings":      "/zones/{zone_id}/settings",
		"get https://api.example.com/client/v4/zones/$ZONE/settings?x=1":    "/zones/{zone_id}/settings",
		"GET /client/v4/zones/" + zone + "/settings HTTP/1.1":               "/zones/{zone_id}/settings",
		"curl -sX GET \"$BASE/client/v4/zones/<id>/settings\" -H 'A: b'":    "/zones/{zone_id}/settings",
		"curl https://h/client/v4/zones/" + zone + "/dns_records --json {}": `<span class="method post">POST</span> <code>/zones/{zone_id}/dns_records`,
		"curl \\\n -X DELETE \\\n  https://h/client/v4/zones/" + zone:       "/zones/{zone_id}",
	} {
		a := b.post(askPath, ask(text))
		a.wants(t, 200, want)
		checkPage(t, text, a.body)
	}
	b.post(askPath, ask("GET /zones/{id}/settings")).wants(t, 200, "Zone Settings Read", "The zone in the path",
		"permissionGroupKeys=", ">taken<", "Link to this answer")
	b.post(askPath, ask("GET /user/tokens")).wants(t, 200, "API Tokens Read", "not taken")
}

// TestAPastedSecretIsNotShownAgain: not in the page, not in an address, not in
// the log.
func TestAPastedSecretIsNotShownAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	secret := secretLike()
	for _, text := range []string{
		secret,
		"GET " + secret,
		secret + " /zones",
		"/zones/" + secret,
		"/nowhere/" + secret + "/x",
		"curl https://h/client/v4/zones -H 'Authorization: Bearer " + secret + "'",
		"curl https://user:" + secret + "@h/client/v4/zones?token=" + secret,
		"curl https://h/client/v4/nowhere -H 'Authorization: Bearer " + secret + "'",
		"curl -H 'Authorization: Bearer " + secret + " https://h/client/v4/zones",
		"PATCH https://" + secret + "/client/v4/zones#" + secret,
	} {
		a := b.post(askPath, ask(text))
		if a.status != http.StatusOK && a.status != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", text, a.status)
		}
		if strings.Contains(a.body+a.to, secret) || strings.Contains(strings.ToLower(a.body), strings.ToLower(secret)) {
			t.Errorf("%q: the secret is shown again", text)
		}
	}
	if strings.Contains(w.log.String(), secret) {
		t.Error("the secret is in the log")
	}
}

func TestAQuestionWithoutAnAnswerSaysWhy(t *testing.T) {
	t.Parallel()
	b := newWorld(t, false).signedIn()
	for text, want := range map[string]string{
		"":                                   "Enter a method and a path",
		"curl 'https://h/zones":              "not closed",
		"BREW /zones":                        "The method is not one of",
		"curl -H x":                          "There is no path in it",
		"GET /nowhere/at/all":                "no such path",
		"GET /zones/42/settings":             "Write {id} in its place",
		"GET /zones/../user":                 "spelled in a way",
		"DELETE /zones":                      "not with this method",
		"GET /" + strings.Repeat("x", 17000): "too long",
	} {
		a := b.post(askPath, ask(text))
		a.wants(t, 422, want, `id="f-request-error"`)
		checkPage(t, text, a.body)
	}
	b.post(askPath, ask("DELETE /zones")).wants(t, 422, "At this path", "operation?id=zones-get")
}

// TestTheCatalogueAnswersAsTheGateDoes for every operation that names its path.
func TestTheCatalogueAnswersAsTheGateDoes(t *testing.T) {
	t.Parallel()
	b := newWorld(t, false).signedIn()
	n := 0
	for op := range catalog.V4().Operations() {
		if n++; n%60 != 0 { // enough of the three thousand
			continue
		}
		a := b.post(askPath, ask(op.Method+" "+op.Template))
		a.wants(t, 200)
		if !strings.Contains(a.body, url.QueryEscape(op.ID)) && !strings.Contains(a.body, "operation?id=") {
			t.Errorf("%s %s: another operation answers", op.Method, op.Template)
		}
		own := b.get("/reference/permissions/operation?id=" + url.QueryEscape(op.ID))
		own.wants(t, 200)
		checkPage(t, op.ID, own.body)
	}
}

func TestPermissionsAreFoundByNameKeyAndOperation(t *testing.T) {
	t.Parallel()
	b := newWorld(t, false).signedIn()
	const list = "/reference/permissions"
	b.get(list).wants(t, 200, "Page 1 of", "All categories")
	b.get(list+"?q=dns").wants(t, 200, "DNS", "Operations")
	b.get(list+"?q=list+dns+records").wants(t, 200, "/zones/{zone_id}/dns_records")
	b.get(list+"?q=settings&scope=zone").wants(t, 200, "Zone Settings")
	a := b.get(list + "?q=nothing-is-called-so")
	a.wants(t, 200, "No permission is called so")
	checkPage(t, "no permission", a.body)
}

func TestAPermissionSaysWhatItOpens(t *testing.T) {
	t.Parallel()
	b := newWorld(t, false).signedIn()
	for _, g := range catalog.V4().Groups()[:40] {
		a := b.get("/reference/permissions/" + g.ID)
		a.wants(t, 200, g.ID, "For the API")
		checkPage(t, g.Name, a.body)
	}
	g, err := catalog.V4().TemplateGroup("dns", "edit")
	if err != nil {
		t.Fatal(err)
	}
	b.get("/reference/permissions/"+g.ID).wants(t, 200, "DNS Edit", "Edit zone DNS", "/zones/{zone_id}/dns_records", "Create an account’s token with this", "DNS Read")
	b.get("/reference/permissions/"+strings.Repeat("0", 32)).wants(t, 404, "no such permission")
	b.get("/reference/permissions/operation?id="+url.QueryEscape(authority.OpMembershipList)).wants(t, 200, "not taken")
	b.get("/reference/permissions/operation").wants(t, 404, "no such operation")
}

func TestTheCompatibilityMatrixShowsTheTableInForce(t *testing.T) {
	t.Parallel()
	b := newWorld(t, false).signedIn()
	table := catalog.V4().Compatibility()
	a := b.get("/reference/compatibility")
	a.wants(t, 200, table.Version, "takes them", "refuses them")
	if n := strings.Count(a.body, `data-label="Here"`); n != len(table.Products) {
		t.Errorf("%d products, want %d", n, len(table.Products))
	}
	only := b.get("/reference/compatibility?only=refused")
	only.wants(t, 200, "refuses them")
	if strings.Contains(only.body, "takes them") {
		t.Error("products that take them are among those that refuse")
	}
}
