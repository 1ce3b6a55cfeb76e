package dashboard

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// historyRow is an event about a token.
type historyRow struct {
	At        time.Time
	What, Who string
	IP        string
}

func historyRowOf(e *authority.Event) historyRow {
	if e.Actor.Context == "report" { // nobody says who reports
		return historyRow{At: e.At, What: tokenDeed(e), IP: e.Actor.IP}
	}
	return historyRow{At: e.At, What: tokenDeed(e), Who: strings.TrimSpace(whoOf(e) + " " + byOf(e)), IP: e.Actor.IP}
}

// tokenDeed says what was done to a token.
func tokenDeed(e *authority.Event) string {
	switch e.Action {
	case "token_create":
		return "Created"
	case "token_roll":
		return "Rolled: it has another secret"
	case "token_exposed":
		return "Found in public and switched off"
	case "token_revoke":
		return "Deleted"
	case "token_update":
		return tokenUpdate(e)
	}
	return e.Action
}

// tokenUpdate names what an update changed.
func tokenUpdate(e *authority.Event) string {
	old, now := members(e.Old), members(e.New)
	if old == nil || now == nil {
		return "Changed"
	}
	words := map[string]string{
		"name": "name", "policies": "permissions", "condition": "addresses", "rate_limit": "rate limit",
		"not_before": "start", "expires_on": "end",
	}
	var changed []string
	for _, key := range slices.Sorted(maps.Keys(words)) {
		if old[key] != now[key] {
			changed = append(changed, words[key])
		}
	}
	switched := ""
	if old["status"] != now["status"] {
		switched = map[string]string{`"disabled"`: "Disabled", `"active"`: "Enabled"}[now["status"]]
	}
	switch {
	case len(changed) == 0 && switched != "":
		return switched
	case len(changed) == 0:
		return "Saved without a change"
	case switched != "":
		switched = "; " + strings.ToLower(switched)
	}
	return "Changed: " + strings.Join(changed, ", ") + switched
}

// members are those of a JSON object, as text; nil for anything else.
func members(object json.RawMessage) map[string]string {
	var raw map[string]json.RawMessage
	if json.Unmarshal(object, &raw) != nil || raw == nil {
		return nil
	}
	out := make(map[string]string, len(raw))
	for key, value := range raw {
		out[key] = string(value)
	}
	return out
}
