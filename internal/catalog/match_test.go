package catalog

import (
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/policy"
)

const (
	acct  = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
	zone  = "11223344556677889900aabbccddeeff"
	tok   = "5b7c9d1e2f304152637485960a1b2c3d"
	other = "ffeeddccbbaa00998877665544332211"
)

// fill puts plausible values into an operation's template.
func fill(op *Operation) string {
	path := op.Template
	for _, p := range op.params {
		value := map[string]string{"account_id": acct, "zone_id": zone, "token_id": tok}[p.name]
		switch {
		case value != "":
		case p.shape == shapeID:
			value = other
		case p.shape == shapeRest:
			value = "dir/file-1"
		default:
			value = "x1y2-" + strings.ReplaceAll(p.name, "_", "-")
		}
		path = strings.Replace(path, "{"+p.name+"}", value, 1)
	}
	return path
}

func TestEveryOperationMatchesItself(t *testing.T) {
	for op := range V4().Operations() {
		path := fill(op)
		m, miss := V4().Match(op.Method, path)
		if miss != Hit || m.Op != op {
			t.Errorf("%s %s: %s, %v; want %s", op.Method, path, miss, m.Op, op.ID)
			continue
		}
		if m.Path() != path {
			t.Errorf("%s %s: rebuilt as %s", op.Method, path, m.Path())
		}
		if _, miss := V4().Match("LOCK", path); miss == Hit {
			t.Errorf("LOCK %s is an operation", path)
		}
	}
}

func TestMatch(t *testing.T) {
	const a, z = "/accounts/" + acct, "/zones/" + zone
	hit := func(method, path, id string) {
		t.Helper()
		if m, miss := V4().Match(method, path); miss != Hit || m.Op.ID != id {
			t.Errorf("%s %s: %s, %+v; want %s", method, path, miss, m.Op, id)
		}
	}
	missed := func(method, path string, want Miss) {
		t.Helper()
		if m, miss := V4().Match(method, path); miss != want || m.Op != nil {
			t.Errorf("%s %s: %s, %+v; want %s", method, path, miss, m.Op, want)
		}
	}

	// A fixed segment wins over a parameter.
	hit("GET", "/user/tokens/verify", "user-api-tokens-verify-token")
	hit("GET", "/user/tokens/permission_groups", "permission-groups-list-permission-groups")
	hit("GET", "/user/tokens/"+tok, "user-api-tokens-token-details")
	hit("GET", a+"/tokens/verify", "account-api-tokens-verify-token")

	// Where its branch leads nowhere, the parameter is tried.
	hit("DELETE", a+"/images/v1/keys", "cloudflare-images-delete-image")
	hit("GET", a+"/images/v1/keys", "cloudflare-images-keys-list-signing-keys")
	hit("GET", a+"/images/v1/stats/blob", "cloudflare-images-base-image")
	missed("PUT", "/user/tokens/verify", BadID)
	missed("PUT", "/accounts/move", BadID)

	// A trailing slash is for reading collections.
	hit("GET", "/zones/", "zones-get")
	hit("GET", a+"/tokens/", "account-api-tokens-list-tokens")
	missed("PUT", a+"/tokens/", NoMethod)
	missed("DELETE", a+"/tokens/", NoMethod)
	missed("POST", a+"/tokens/", NoMethod)
	missed("GET", a+"/tokens/"+tok+"/", NoPath)
	missed("GET", a+"/tokens//", BadPath)
	missed("GET", a+"/", NoPath)

	// Methods are exact.
	missed("HEAD", "/zones", NoMethod)
	missed("get", "/zones", NoMethod)
	missed("", "/zones", NoMethod)
	missed("DELETE", "/zones", NoMethod)
	missed("POST", z+"/dns_records/"+tok, NoMethod)

	// Ids have a shape.
	missed("GET", "/zones/example.org", BadID)
	missed("GET", "/zones/"+strings.ToUpper(zone), BadID)
	missed("GET", "/zones/"+zone+"00", BadID)
	missed("GET", z+"/dns_records/short", BadID)
	missed("POST", z+"/dns_records/short", BadID)
	missed("GET", "/accounts/"+acct[:31]+"/tokens/verify", BadID)
	missed("GET", a+"/workers/scripts/"+strings.Repeat("x", 1025)+"/schedules", BadID)
	hit("GET", a+"/workers/scripts/"+strings.Repeat("x", 1024)+"/schedules", "worker-cron-trigger-get-cron-triggers")
	hit("GET", a+"/alerting/v3/destinations/pagerduty/connect/not-hex", "notification-destinations-with-pager-duty-connect-pager-duty-token")

	// Nothing there.
	missed("GET", "/", NoPath)
	missed("GET", "/nothing", NoPath)
	missed("GET", "/Zones", NoPath)
	missed("GET", z+"/DNS_records", NoPath)
	missed("GET", z+"/dns_records/"+tok+"/more", NoPath)
	missed("GET", strings.Repeat("/a", 4000), NoPath)

	// Literals inside a segment.
	hit("GET", a+"/urlscanner/v2/screenshots/s1.png", "urlscanner-get-scan-screenshot-v2")
	missed("GET", a+"/urlscanner/v2/screenshots/.png", NoPath)
	missed("GET", a+"/urlscanner/v2/screenshots/s1.gif", NoPath)
	hit("GET", a+"/magic/connectors/c/telemetry/events/17.4", "mconn-connector-telemetry-events-get")

	// Escapes are undone once, in fixed segments too.
	hit("GET", "/zone%73", "zones-get")
	missed("GET", "/zone%2573", NoPath)
}

func TestHostilePathsAreRefused(t *testing.T) {
	const a, z = "/accounts/" + acct, "/zones/" + zone
	for _, path := range []string{
		"", "zones", "zones/" + zone, "//zones", "/zones//" + zone, z + "//dns_records", z + "/dns_records//",
		"/./zones", "/zones/.", "/zones/..", "/zones/../user", z + "/../../user/tokens", "/user/./tokens",
		"/zones/%2e", "/zones/%2e%2e", "/zones/.%2E/user", "/%2e%2e/zones",
		"/zones%2F" + zone, "/zones%2f" + zone, z + "%2Fdns_records", a + "/workers/scripts/a%2Fb/schedules",
		"/zones\\" + zone, "/zones%5C" + zone, "/zones%5c..%5cuser", a + `/workers/scripts/a\b/schedules`,
		"/zones;x=1", "/zones%3Bx", z + ";/dns_records", a + "/workers/scripts/a%3bb/schedules",
		"/zones%00", "/zones\x00", z + "/dns_records%0a", z + "/dns_records%0D%0A", "/zones\t", "/zones%7f", "/zones ",
		a + "/workers/scripts/a%00/schedules", a + "/workers/scripts/a%C2%85/schedules",
		"/zones%", "/zones%2", "/zones%zz", "/zones%2", "/%", a + "/workers/scripts/%g0/schedules",
		a + "/workers/scripts/%ff/schedules", a + "/workers/scripts/%C0%AF/schedules", a + "/workers/scripts/\xff/schedules",
		"/zones?x", "/zones#x", z + "?/dns_records",
		"/" + strings.Repeat("a", 8192), strings.Repeat("/a", 4097),
		// Opaque is not boundless.
		a + "/storage/kv/namespaces/n/values/%2E%2E", a + "/storage/kv/namespaces/n/values/.",
		a + "/storage/kv/namespaces/n/values/%zz", a + "/storage/kv/namespaces/n%2Fm/values/k",
		a + "/r2/buckets/b/objects/a/../b", a + "/r2/buckets/b/objects/a//b", a + "/r2/buckets/b/objects/a%2F..%2Fb",
		a + "/r2/buckets/b/objects/..%2Fb", a + "/r2/buckets/b/objects/a%2F%2Fb", a + "/r2/buckets/b/objects/%2Fa",
		a + "/r2/buckets/b/objects/a%2F", a + "/r2/buckets/b/objects/a/%2e%2e",
		a + "/r2/buckets/b%2Fc/objects/a",
	} {
		if m, miss := V4().Match("GET", path); miss != BadPath || m.Op != nil {
			t.Errorf("GET %q: %s, want bad path", path, miss)
		}
	}
}

func TestOpaqueParameters(t *testing.T) {
	const a = "/accounts/" + acct
	for _, tt := range []struct{ path, name, value, rebuilt string }{
		{"/storage/kv/namespaces/n/values/a%2F..%2Fb", "key_name", "a/../b", "/storage/kv/namespaces/n/values/a%2F..%2Fb"},
		{"/storage/kv/namespaces/n/values/k%00;%ff%25", "key_name", "k\x00;\xff%", "/storage/kv/namespaces/n/values/k%00%3B%FF%25"},
		{"/storage/kv/namespaces/n/values/a:b@c", "key_name", "a:b@c", "/storage/kv/namespaces/n/values/a%3Ab%40c"},
		{"/r2/buckets/b/objects/a/b/c", "object_key", "a/b/c", "/r2/buckets/b/objects/a/b/c"},
		{"/r2/buckets/b/objects/a%2Fb/%C3%A9%3f", "object_key", "a/b/é?", "/r2/buckets/b/objects/a/b/%C3%A9%3F"},
		{"/r2/buckets/b/objects/" + strings.Repeat("d/", 400) + "e", "object_key", strings.Repeat("d/", 400) + "e", ""},
		{"/images/v1/dir%2Fpic", "image_id", "dir/pic", "/images/v1/dir%2Fpic"},
		{"/workers/scripts/a%20b%2B/schedules", "script_name", "a b+", "/workers/scripts/a%20b%2B/schedules"},
	} {
		m, miss := V4().Match("GET", a+tt.path)
		if tt.rebuilt == "" {
			tt.rebuilt = tt.path
		}
		if miss != Hit || m.Param(tt.name) != tt.value || m.Path() != a+tt.rebuilt {
			t.Errorf("%s: %s, %s is %q, rebuilt as %s", tt.path, miss, tt.name, m.Param(tt.name), m.Path())
		}
	}
	m, _ := V4().Match("POST", a+"/ai/run/@cf/vendor/model-1")
	if m.Param("model_name") != "@cf/vendor/model-1" || m.Path() != a+"/ai/run/@cf/vendor/model-1" {
		t.Errorf("model %q, rebuilt as %s", m.Param("model_name"), m.Path())
	}
}

func TestParam(t *testing.T) {
	m, _ := V4().Match("GET", "/zones/"+zone+"/dns_records/"+tok)
	if m.Param("zone_id") != zone || m.Param("dns_record_id") != tok || m.Param("account_id") != "" {
		t.Errorf("%q %q %q", m.Param("zone_id"), m.Param("dns_record_id"), m.Param("account_id"))
	}
	var none Match
	if none.Param("zone_id") != "" || none.Path() != "" {
		t.Error("the zero Match has a parameter or a path")
	}
}

func TestResource(t *testing.T) {
	v := V4().Vocabulary()
	ref := func(kind, id string) policy.Ref { return policy.MakeRef(v.Kind(kind), id) }
	bucket := func(name string) policy.Path { return policy.NewPath(ref(KindBucket, name), ref(KindAccount, acct)) }
	const object = "/accounts/" + acct + "/r2/buckets/b_1/objects/k"
	for _, tt := range []struct {
		method, path, jurisdiction string
		want                       policy.Path
	}{
		{"GET", "/zones/" + zone + "/dns_records", "", policy.NewPath(ref(KindZone, zone))},
		{"GET", "/accounts/" + acct + "/tokens", "", policy.NewPath(ref(KindAccount, acct))},
		{"GET", "/accounts/" + acct + "/tokens", "eu", policy.NewPath(ref(KindAccount, acct))},
		{"PUT", "/accounts/" + acct + "/addressing/address_maps/m/zones/" + zone, "", policy.NewPath(ref(KindAccount, acct))},
		{"DELETE", "/accounts/" + acct + "/r2/buckets/b_1", "", policy.NewPath(ref(KindAccount, acct))},
		{"GET", object, "", bucket(acct + "_default_b_1")},
		{"GET", object, "eu", bucket(acct + "_eu_b_1")},
		{"GET", object, "default_b", policy.Path{}},
		{"GET", object, "EU", policy.Path{}},
		{"GET", "/user", "", policy.Path{}},
		{"GET", "/zones", "", policy.Path{}},
		{"GET", "/nothing", "", policy.Path{}},
	} {
		m, _ := V4().Match(tt.method, tt.path)
		if got := m.Resource(tt.jurisdiction); got != tt.want {
			t.Errorf("%s %s, jurisdiction %q: %v", tt.method, tt.path, tt.jurisdiction, got)
		}
	}
}

func TestPatternBinds(t *testing.T) {
	for _, tt := range []struct{ segment, text, want string }{
		{"{a}.{b}", "1.2.3", "1 2.3"},
		{"{a}.{b}", ".x.y", ".x y"},
		{"{a}.{b}", "1.", ""},
		{"{a}.{b}", "12", ""},
		{"{a}:run", "x:run:run", "x:run"},
		{"{a}:run", ":run", ""},
		{"v{a}-{b}z", "v1-2z", "1 2"},
		{"v{a}-{b}z", "w1-2z", ""},
	} {
		var values [2]string
		n := parsePattern(tt.segment).bind(tt.text, values[:])
		if got := strings.Join(values[:n], " "); got != tt.want {
			t.Errorf("%s on %q binds %q, want %q", tt.segment, tt.text, got, tt.want)
		}
	}
}

func TestIDsAreWhatPolicyTakes(t *testing.T) {
	for c := range 256 {
		s := zone[:31] + string([]byte{byte(c)})
		if _, ok := policy.ParseID(s); isID(s) != ok {
			t.Errorf("%q: %v, policy says %v", s, isID(s), ok)
		}
	}
	if isID(zone[:31]) || isID(zone+"0") || isID("") {
		t.Error("an id of another length")
	}
}
