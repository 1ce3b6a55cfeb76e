package catalog

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzMatch holds what the gate relies on: whatever is sent, a hit's rebuilt
// path names the same operation with the same parameters, and no parameter can
// climb out of its place.
func FuzzMatch(f *testing.F) {
	n := 0
	for op := range V4().Operations() {
		if n++; n%40 == 0 || op.Target == TargetBucket {
			f.Add(op.Method, fill(op))
		}
	}
	for _, path := range []string{
		"/zones/", "/%7aones", "/zones/../user", "/accounts/" + acct + "/r2/buckets/b/objects/a%2f%2e%2e/b",
		"/accounts/" + acct + "/storage/kv/namespaces/n/values/%2F%00", "/accounts/" + acct + "/ai/run/@cf/a/b",
		"/accounts/" + acct + "/magic/connectors/c/telemetry/events/1.2.3", "/zones/\xff", "/zones/%c2%85",
	} {
		f.Add("GET", path)
	}
	f.Fuzz(func(t *testing.T, method, path string) {
		m, miss := V4().Match(method, path)
		if (miss == Hit) != (m.Op != nil) {
			t.Fatalf("%s with operation %v", miss, m.Op)
		}
		if miss != Hit {
			if p := m.Resource(""); p.Len() != 0 {
				t.Fatal("a miss names a resource")
			}
			return
		}
		if m.Op.Method != method {
			t.Fatalf("%s is answered by %s", method, m.Op.Method)
		}
		for i, p := range m.Op.params {
			checkValue(t, p, m.values[i])
		}
		checkRebuilt(t, &m)
	})
}

func checkValue(t *testing.T, p param, value string) {
	t.Helper()
	if dots(value) || len(value) > maxValue {
		t.Fatalf("%s is %q", p.name, value)
	}
	switch p.shape {
	case shapeID:
		if len(value) != 32 || strings.Trim(value, "0123456789abcdef") != "" {
			t.Fatalf("%s is %q", p.name, value)
		}
	case shapeSegment:
		if strings.ContainsAny(value, "/\\;\x00\r\n") || !utf8.ValidString(value) {
			t.Fatalf("%s is %q", p.name, value)
		}
	case shapeRest:
		for part := range strings.SplitSeq(value, "/") {
			if dots(part) {
				t.Fatalf("%s is %q", p.name, value)
			}
		}
	}
}

func checkRebuilt(t *testing.T, m *Match) {
	t.Helper()
	rebuilt := m.Path()
	if len(rebuilt) > maxPath {
		return // escaping made it longer than what Match takes
	}
	for part := range strings.SplitSeq(rebuilt[1:], "/") {
		if dots(part) || strings.ContainsAny(part, "\\;?# ") {
			t.Fatalf("rebuilt as %q", rebuilt)
		}
	}
	again, miss := V4().Match(m.Op.Method, rebuilt)
	if miss != Hit || again != *m || again.Path() != rebuilt {
		t.Fatalf("rebuilt as %q, which is %s %v", rebuilt, miss, again)
	}
}
