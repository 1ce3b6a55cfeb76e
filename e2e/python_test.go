package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// TestPythonClientGetsWhatItNeeds drives python3-cloudflare, over which certbot
// works too.
func TestPythonClientGetsWhatItNeeds(t *testing.T) {
	t.Parallel()
	const modules = "/usr/lib/python3/dist-packages/CloudFlare"
	if _, err := os.Stat(modules); err != nil {
		t.Fatalf("python3-cloudflare is missing, run make deps: %v", err)
	}
	s := newServer(t)
	base, seen := s.recorded(t)
	made := s.dnsToken(t, "python")
	script, err := filepath.Abs(filepath.Join("python", "dns.py"))
	if err != nil {
		t.Fatal(err)
	}
	r := run(t, []string{
		"CLOUDFLARE_API_URL=" + base, "SCOPED=" + made.secret, "ROOT=" + s.Boot.Token.Value, "TOKEN_ID=" + made.id,
		"ZONE_NAME=" + s.Boot.Zones[0].Name, "OTHER_ZONE_NAME=" + s.Boot.Zones[1].Name, "PYTHONDONTWRITEBYTECODE=1",
	}, "/usr/bin/python3", script)
	var got map[string]any
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil || r.code != 0 {
		r.fails(t, "the script failed")
	}
	for name, want := range map[string]any{
		"zones": []any{s.zone(0)}, "made": "unquoted", "found": []any{true}, "patched": "192.0.2.2",
		"put": []any{"192.0.2.3", 300.0, "python.example.com"}, "deleted": true, "unknown_zones": []any{},
		"verified": made.id, "rolled": true, "new": made.id,
		"missing": map[string]any{"code": 81044.0, "message": "Record does not exist."},
		"denied":  map[string]any{"code": 10000.0, "message": "Authentication error"},
		"old":     map[string]any{"code": 1000.0, "message": "Invalid API Token"},
	} {
		if !reflect.DeepEqual(got[name], want) {
			t.Errorf("%s: %v, want %v", name, got[name], want)
		}
	}
	if n := len(seen.take()); n != 15 {
		t.Errorf("%d calls, want 15", n)
	}
}

// dnsToken is a user's token that may find one zone and edit its records.
func (s *server) dnsToken(t *testing.T, name string) madeV7 {
	t.Helper()
	return mustCreate(t, s.rootV7().userTokens(), definition{name: name, grants: []grant{
		{groups: []string{groupZoneRead, groupDNSWrite}, flat: []string{zoneKey(s.zone(0))}},
	}})
}
