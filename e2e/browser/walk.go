package browser

import (
	"os"
	"strings"
	"testing"
)

// routesFile lists every route of the dashboard; a test beside it keeps it so.
const routesFile = "../../internal/dashboard/testdata/routes.txt"

// pagePatterns are the patterns of all pages that the dashboard serves.
func pagePatterns(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(routesFile)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(text)) {
		if pattern, ok := strings.CutPrefix(strings.TrimSpace(line), "GET "); ok {
			out = append(out, pattern)
		}
	}
	if len(out) < 40 {
		t.Fatalf("%s lists %d pages only", routesFile, len(out))
	}
	return out
}

// isFile reports whether a pattern is of a file and no page. What links to it
// downloads it.
func isFile(pattern string) bool {
	return strings.HasSuffix(pattern, "/export") || strings.HasSuffix(pattern, ".json")
}

// pathsOf are addresses that a pattern matches, with something to show.
func (s *site) pathsOf(t *testing.T, pattern string) []string {
	t.Helper()
	account := strings.HasPrefix(pattern, "/{account}")
	if strings.HasSuffix(pattern, "/{secret}") {
		link := map[string]string{"/invitations/{secret}": s.invitation, "/reset/{secret}": s.reset}[pattern]
		return []string{link, strings.Replace(pattern, "{secret}", "spent", 1)}
	}
	tokens := []string{busyToken}
	if strings.HasSuffix(pattern, "/{token}") || strings.HasSuffix(pattern, "/edit") {
		tokens = []string{busyToken, exposedToken, disabledToken, expiredToken, futureToken, apiOnlyToken, "certificates of the office"}
	}
	if strings.HasSuffix(pattern, "/suggestion") {
		tokens = []string{busyToken, exposedToken, "worker 01"}
	}
	if !strings.Contains(pattern, "{token}") {
		tokens = tokens[:1]
	}
	var out []string
	for _, name := range tokens {
		path := strings.NewReplacer(
			"{$}", "", "{account}", s.Boot.AccountID, "{token}", s.token[account][name].ID, "{zone}", s.zone, "{record}", s.record,
			"{member}", s.member, "{role}", s.role, "{group}", groupDNSWrite, "{event}", s.event[account], "{membership}", s.membership,
		).Replace(pattern)
		if strings.Contains(path, "{") {
			t.Fatalf("nothing is known that %s could show", pattern)
		}
		out = append(out, path)
	}
	for _, query := range queries[strings.TrimPrefix(strings.TrimPrefix(pattern, "/{account}"), "/profile")] {
		out = append(out, out[0]+query)
	}
	return out
}

// queries are pages that have an address of their own besides that of their
// route.
var queries = map[string][]string{
	"/api-tokens":                    {"?page=2", "?show=exposed", "?q=nothing+is+called+so"},
	"/api-tokens/create/form":        {"?template=edit-zone-dns", "?template=acme-dns-01", "?template=nothing"},
	"/api-tokens/{token}/suggestion": {"?days=7"},

	"/audit-log":             {"?result=denied", "?who=nobody+is+called+so"},
	"/members":               {"?status=pending", "?q=nobody"},
	"/reference/permissions": {"?q=dns"},
	"/zones/{zone}/records":  {"?type=TXT", "?q=nothing"},
}
