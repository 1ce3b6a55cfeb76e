package e2e

import (
	"slices"
	"strings"
	"testing"
)

func TestFlarectlManagesZones(t *testing.T) {
	t.Parallel()
	s, c := newTLSServer(t)
	f := s.flarectl(t, c, s.Boot.Token.Value)
	if me := f.rows(t, "user", "info"); len(me) != 1 || me[0]["ID"] != s.Boot.UserID || me[0]["Email"] != s.Boot.Email {
		t.Errorf("user: %v", me)
	}
	f.quietly(t, "zone", "create", "--zone=example.org", "--account-id="+s.Boot.AccountID)
	all := []string{"example.com", "example.net", "example.org"}
	if got := column(f.rows(t, "zone", "list"), "Name"); !slices.Equal(got, all) {
		t.Errorf("zones: %v, want %v", got, all)
	}
	info := f.rows(t, "zone", "info", "--zone=example.org")
	if len(info) != 1 || info[0]["Zone"] != "example.org" || info[0]["Plan"] == "" || info[0]["Status"] != "active" ||
		info[0]["Paused"] != "false" || info[0]["Type"] != "full" || len(strings.Split(info[0]["Name Servers"], ", ")) != 2 {
		t.Errorf("zone: %v", info)
	}
	if purged := f.rows(t, "zone", "purge", "--zone=example.org", "--everything"); len(purged) != 1 || purged[0]["ID"] == "" {
		t.Errorf("purge: %v", purged)
	}
	f.quietly(t, "zone", "delete", "--zone=example.org")
	if got := column(f.rows(t, "zone", "list"), "Name"); !slices.Equal(got, all[:2]) {
		t.Errorf("zones after delete: %v, want %v", got, all[:2])
	}
}

func TestFlarectlManagesRecordsOfItsZone(t *testing.T) {
	t.Parallel()
	s, c := newTLSServer(t)
	made := s.dnsToken(t, "flarectl")
	f := s.flarectl(t, c, made.secret)
	const zone = "--zone=example.com"
	row := f.rows(t, "dns", "create", zone, "--name=flare", "--type=a", "--content=192.0.2.1", "--ttl=300")
	if len(row) != 1 || row[0]["Name"] != "flare.example.com" || row[0]["Content"] != "192.0.2.1" || row[0]["TTL"] != "300" || row[0]["Proxy"] != "false" {
		t.Fatalf("created: %v", row)
	}
	changed := f.rows(t, "dns", "create-or-update", zone, "--name=flare", "--type=A", "--content=192.0.2.2", "--ttl=120", "--proxy")
	if len(changed) != 1 || changed[0]["ID"] != row[0]["ID"] || changed[0]["Content"] != "192.0.2.2" || changed[0]["Proxy"] != "true" {
		t.Errorf("updated: %v", changed)
	}
	added := f.rows(t, "dns", "create-or-update", zone, "--name=other", "--type=TXT", "--content=hello", "--ttl=120")
	if len(added) != 1 || added[0]["Name"] != "other.example.com" || added[0]["Content"] != "hello" {
		t.Errorf("added: %v", added)
	}
	if got := f.rows(t, "dns", "list", zone); len(got) != 7 {
		t.Errorf("%d records, want the demo's 5 and 2 new ones", len(got))
	}
	f.quietly(t, "dns", "delete", zone, "--id="+row[0]["ID"])
	if got := f.rows(t, "dns", "list", zone, "--name=flare.example.com"); len(got) != 0 {
		t.Errorf("a deleted record is listed: %v", got)
	}
	if r := f.run(t, "dns", "list", "--zone=example.net"); r.code == 0 || !strings.Contains(r.stdout+r.stderr, "zone could not be found") {
		r.fails(t, "flarectl found a zone that its token may not see")
	}
}

func TestFlarectlListsTheNetworks(t *testing.T) {
	t.Parallel()
	s, c := newTLSServer(t, "--ips=192.0.2.0/24,198.51.100.0/25", "--ips=2001:db8::/32")
	r := s.flarectl(t, c, "").run(t, "ips")
	got := strings.Fields(r.stdout)
	if want := []string{"192.0.2.0/24", "198.51.100.0/25", "2001:db8::/32"}; r.code != 0 || !slices.Equal(got, want) {
		r.fails(t, "flarectl does not tell the networks")
	}
}
