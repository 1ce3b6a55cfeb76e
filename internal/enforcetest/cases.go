package enforcetest

import (
	"encoding/json"
	"strings"
)

// Case is a question about a request and its answer, whoever asks and however.
type Case struct {
	What, Method, Target string
	Secret               string // of the token that is shown, "" for none
	Status               int    // of the answer, 204 for a yes
}

// Denied are requests to the shop that must not pass.
func (w *World) Denied() []Case {
	tok := w.Issue("north", "Stores Read", "north").Secret
	full := w.Issue("full", "Products Write", "*").Secret
	return []Case{
		{"no credential", "GET", "/stores/north", "", 400},
		{"malformed", "GET", "/stores/north", "short", 400},
		{"unknown", "GET", "/stores/north", strings.Repeat("x", 48), 401},
		{"another store", "GET", "/stores/south", tok, 403},
		{"another method", "PUT", "/stores/north", tok, 403},
		{"no such path", "GET", "/nowhere", tok, 404},
		{"no such method", "DELETE", "/stores/north", tok, 405},
		{"two slashes", "GET", "//stores/north", tok, 400},
		{"dots", "GET", "/stores/south/../north", tok, 400},
		{"escaped dots", "GET", "/stores/south/%2e%2e/north", tok, 400},
		{"an escaped slash", "GET", "/stores%2Fnorth", tok, 400},
		{"an escaped slash beside a quote", "GET", `/stores/north%2F"`, tok, 400},
		{"a backslash", "GET", `/stores\north`, tok, 400},
		{"a bad escape", "GET", "/stores/%zz", tok, 400},
		{"a NUL", "GET", "/stores/north%00", tok, 400},
		{"a parameter", "GET", "/stores/north;x", tok, 400},
		{"a fragment", "GET", "/stores/north#/../south", tok, 400},
		{"lower case", "get", "/stores/north", tok, 403},
		{"a whole URL", "GET", "http://x/stores/north", tok, 403},
		{"nothing", "GET", "", tok, 403},
		{"a list", "GET", "/stores", tok, 403},
		{"a resource in the body", "POST", "/moves", full, 403},
		{"an override in the query", "GET", "/stores/north?a=b&_method=PUT", tok, 403},
	}
}

// Prefixed are requests to the shop behind the prefix /api.
func (w *World) Prefixed() []Case {
	var all []Case
	tok := w.Issue("prefixed", "Stores Read", "north").Secret
	for target, status := range map[string]int{
		"/api/stores/north": 204, "/stores/north": 404, "/api//stores/north": 400, "/%61pi/stores/north": 404, "/apistores/north": 404,
		"/api/../api/stores/north": 400,
	} {
		all = append(all, Case{target, "GET", target, tok, status})
	}
	return all
}

// BuiltIn are requests that are judged by the built-in catalogue.
func (w *World) BuiltIn() []Case {
	var all []Case
	tok := w.IssueTo(w.Owner(), "dns", "DNS Read", "com.cloudflare.api.account.zone."+w.Zone).Secret
	for request, status := range map[string]int{
		"GET /client/v4/zones/" + w.Zone + "/dns_records":                       204,
		"GET /client/v4/zones/" + strings.Repeat("ab", 16) + "/dns_records":     403,
		"POST /client/v4/zones/" + w.Zone + "/dns_records":                      403,
		"GET /client/v4/zones":                                                  403, // a list
		"GET /client/v4/zones/" + w.Zone + "/dns_records/%2e%2e/dns_records":    400,
		"GET /client/v4/zones/" + strings.ToUpper(w.Zone) + "/dns_records":      400,
		"GET /client/v4/zones/" + w.Zone + "/dns_records?zone_id=another&x=%zz": 204,
	} {
		method, target, _ := strings.Cut(request, " ")
		all = append(all, Case{request, method, target, tok, status})
	}
	return all
}

// Overrides are headers by which a client asks to have its request taken for
// another one.
func Overrides() []string {
	return []string{"X-Http-Method-Override", "X-Http-Method", "X-Method-Override", "X-Original-Url", "X-Rewrite-Url"}
}

// IsFailure reports whether a body is an envelope that says what went wrong.
func IsFailure(body string) bool {
	var e struct {
		Success bool              `json:"success"`
		Errors  []json.RawMessage `json:"errors"`
	}
	return json.Unmarshal([]byte(body), &e) == nil && !e.Success && len(e.Errors) > 0
}
