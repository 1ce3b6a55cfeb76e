package internal_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/tokenward/tokenward/"

// rooms is the house: what each package may import of ours. Arrows run down
// only, so that reading a package's row is enough to know what it can touch.
var rooms = map[string]string{
	"internal/token":            "",
	"internal/prefetch":         "",
	"internal/policy":           "internal/prefetch",
	"internal/clientip":         "",
	"v4":                        "",
	"internal/catalog":          "internal/policy",
	"internal/catalog/compile":  "",
	"internal/catalog/gen":      "internal/catalog/compile",
	"internal/catalogfile":      "internal/catalog internal/policy",
	"internal/narrowing":        "internal/catalog internal/policy",
	"internal/authority":        "internal/prefetch internal/token internal/policy internal/catalog internal/narrowing",
	"internal/dns":              "internal/authority v4",
	"internal/mail":             "",
	"internal/pasted":           "",
	"internal/plainhttp":        "",
	"internal/store":            "internal/authority internal/dns internal/token internal/policy",
	"internal/storetest":        "internal/authority internal/dns internal/token internal/policy",
	"internal/ratelimit":        "",
	"internal/gateway":          "internal/policy internal/token internal/catalog internal/clientip v4",
	"internal/h1":               "",
	"internal/upstream":         "internal/h1 internal/gateway internal/catalog internal/policy v4",
	"internal/tokenwire":        "internal/authority internal/policy v4",
	"internal/tokenform":        "internal/authority internal/catalog internal/policy internal/tokenwire v4",
	"internal/recordwire":       "internal/authority internal/dns v4",
	"internal/httpapi":          "internal/recordwire internal/tokenwire internal/authority internal/dns internal/catalog internal/narrowing internal/policy internal/token v4",
	"internal/openapi":          "internal/httpapi internal/catalog v4",
	"internal/dashboard":        "internal/authority internal/dns internal/catalog internal/narrowing internal/policy internal/token internal/clientip internal/tokenform internal/tokenwire internal/recordwire internal/pasted",
	"internal/server":           "internal/enforce internal/gateway/extauthz internal/upstream internal/openapi internal/catalog internal/httpapi internal/gateway internal/ratelimit internal/clientip internal/authority internal/dns internal/policy internal/token v4",
	"internal/enforcewire":      "",
	"internal/enforce":          "internal/enforcewire internal/gateway internal/authority internal/catalog internal/clientip internal/policy internal/token v4",
	"internal/enforcetest":      "internal/plainhttp internal/server internal/authority internal/catalog internal/catalogfile internal/clientip internal/policy internal/store",
	"internal/gateway/extauthz": "internal/enforce internal/enforcewire internal/gateway v4",
	"client":                    "v4",
	"middleware":                "internal/enforcewire internal/gateway internal/token v4",
	"examples/shop":             "",
	"examples/proxies":          "",
	"examples/go-middleware":    "middleware",
	"cmd/tokenward":             "internal/authority internal/catalog internal/catalogfile internal/clientip internal/dashboard internal/dns internal/mail internal/pasted internal/plainhttp internal/ratelimit internal/server internal/store internal/token internal/upstream client v4",
}

// standardOnly import nothing but the standard library and what stands in
// rooms: outsiders' code and ours build on them.
var standardOnly = []string{"internal/token", "internal/policy", "internal/clientip", "internal/mail", "internal/pasted", "internal/plainhttp", "v4", "client", "internal/catalog", "internal/gateway", "internal/h1", "internal/upstream", "internal/enforcewire", "internal/enforce", "middleware"}

// withGRPC is the only room with gRPC and Envoy's types.
const withGRPC = "internal/gateway/extauthz"

func TestEveryPackageImportsOnlyWhatItsRoomAllows(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}:{{join .Imports " "}}`, module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		path, imports, _ := strings.Cut(strings.TrimSpace(line), ":")
		room := strings.TrimPrefix(path, module)
		if room == "internal" {
			continue // this test
		}
		allowed, ok := rooms[room]
		if !ok {
			t.Errorf("%s is not in the table of rooms", room)
			continue
		}
		seen++
		for _, imp := range strings.Fields(imports) {
			if ours, ok := strings.CutPrefix(imp, module); ok {
				if !slices.Contains(strings.Fields(allowed), ours) {
					t.Errorf("%s imports %s, which its room does not allow", room, ours)
				}
			} else if strings.Contains(strings.Split(imp, "/")[0], ".") && slices.Contains(standardOnly, room) {
				t.Errorf("%s imports %s: it is to use the standard library only", room, imp)
			} else if room != withGRPC && (strings.HasPrefix(imp, "google.golang.org/") || strings.HasPrefix(imp, "github.com/envoyproxy/")) {
				t.Errorf("%s imports %s, which is for %s alone", room, imp, withGRPC)
			}
		}
	}
	if seen != len(rooms) {
		t.Errorf("found %d packages of the %d in the table", seen, len(rooms))
	}
}
