package browser

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestAuditLogIsFilteredAndExported(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bothWays(t, func(t *testing.T, l look) {
		b := signedIn(t, s, l)
		s.root(t).newToken(true, named("noted", policy("allow", onZone(s.Boot.Zones[0].ID), groupDNSRead)))
		b.open("/" + s.Boot.AccountID + "/audit-log")
		b.sees("noted")
		b.fill("Resource", "noted")
		b.follow("Filter")
		b.sees("noted")
		b.axe()
		b.fill("Address", "nowhere")
		b.follow("Filter")
		if b.fault("Address") == "" || b.value("Resource") != "noted" {
			t.Errorf("no address: the page says %q, and %q is left of the resource", b.fault("Address"), b.value("Resource"))
		}
		b.follow("Clear")
		lines := b.download(func() { b.click("JSON lines") })
		for line := range strings.Lines(lines) {
			if !json.Valid([]byte(line)) {
				t.Errorf("%q is no JSON", line)
			}
		}
		if !strings.Contains(lines, "noted") {
			t.Error("the export lacks what the page shows")
		}
		if text := b.download(func() { b.click("CSV") }); !strings.Contains(text, "noted") || strings.Count(text, "\n") < 2 {
			t.Errorf("the CSV is\n%s", text)
		}
	})
}

func TestCatalogueFindsAndAnswers(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bothWays(t, func(t *testing.T, l look) {
		b := signedIn(t, s, l)
		b.open("/reference/permissions")
		b.fill("Search", "cache purge")
		b.follow("Search")
		b.sees("Cache Purge")
		b.follow("Purge")
		b.sees("Cache Purge", "purge_cache")
		b.axe()
		b.open("/reference/permissions")
		b.fill("The request", "GET /zones/{id}/settings")
		b.follow("Find out")
		b.sees("Zone Settings Read")
		b.axe()
		secret := "tkut_" + strings.Repeat("B", 40) + "0badcafe"
		b.fill("The request", `curl -X DELETE "https://api.example/client/v4/zones/`+strings.Repeat("1", 32)+`/dns_records/`+strings.Repeat("2", 32)+`" -H "Authorization: Bearer `+secret+`"`)
		b.follow("Find out")
		b.sees("DNS Edit")
		b.seesNot(secret)
		b.fill("The request", "GET /there/is/nothing/like/that")
		b.follow("Find out")
		b.axe()
		if b.fault("The request") == "" || b.value("The request") != "GET /there/is/nothing/like/that" {
			t.Errorf("no such path: the page says %q, and %q is left", b.fault("The request"), b.value("The request"))
		}
	})
}
