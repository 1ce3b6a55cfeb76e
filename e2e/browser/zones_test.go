package browser

import (
	"strings"
	"testing"
)

// TestZoneAndItsRecordsAreKept: added, changed, deleted, imported and exported.
func TestZoneAndItsRecordsAreKept(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, l look) {
		s := newServer(t)
		b := signedIn(t, s, l)
		zones := "/" + s.Boot.AccountID + "/zones"
		b.open(zones)
		b.follow("Add a zone")
		b.fill("Domain name", "example.com")
		b.follow("Add the zone")
		b.sees("already exists")
		b.fill("Domain name", "garden.example")
		b.follow("Add the zone")
		b.sees("garden.example", "No records yet")
		b.axe()

		b.follow("Add a record")
		b.fill("Name", "www")
		b.fill("IPv4 address", "203.0.113.999")
		b.follow("Add the record")
		b.axe()
		if b.fault("IPv4 address") == "" || b.value("Name") != "www" {
			t.Errorf("no address: the page says %q, and %q is left of the name", b.fault("IPv4 address"), b.value("Name"))
		}
		b.fill("IPv4 address", "203.0.113.9")
		b.follow("Add the record")
		b.sees("203.0.113.9")

		b.follow("Edit the A record of www.garden.example")
		b.fill("IPv4 address", "203.0.113.10")
		b.follow("Save the record")
		b.sees("203.0.113.10")

		b.follow("Import")
		b.fill("Zone file", "this is no zone file\n")
		b.follow("Import")
		b.sees("Nothing was imported")
		b.axe()
		b.fill("Zone file", "shop 300 IN A 203.0.113.20\nwww 1 IN A 203.0.113.10\n")
		b.follow("Import")
		b.sees("added")
		b.axe()
		b.follow("To the records")
		b.sees("203.0.113.20")
		if got := b.download(func() { b.click("Export") }); !strings.Contains(got, "shop.garden.example.") {
			t.Errorf("exported is\n%s", got)
		}

		b.confirm("Delete the A record of shop.garden.example", "Delete the record")
		b.sees("203.0.113.10")
		b.seesNot("203.0.113.20")

		b.follow("About the zone")
		if l.noScript {
			b.follow("Delete garden.example")
		} else {
			b.click("Delete garden.example")
		}
		b.fill("Type garden.example to confirm", "garden.example")
		b.follow("Delete the zone")
		b.at(zones)
		if b.offers("garden.example") {
			t.Error("the zone is still there")
		}
	})
}
