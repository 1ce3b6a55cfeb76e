package openapi

import (
	"regexp"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/httpapi"
)

var placeholder = regexp.MustCompile(`\{([^}]*)\}`)

// parameters are those of the path, of the query and of the header.
func parameters(op *catalog.Operation, e httpapi.Endpoint) []Parameter {
	var out []Parameter
	for _, m := range placeholder.FindAllStringSubmatch(op.Template, -1) {
		out = append(out, Parameter{
			Name: m[1], In: "path", Required: true, Description: inPath(m[1]), Schema: &jsonschema.Schema{Type: "string"},
		})
	}
	for _, name := range e.Query {
		out = append(out, Parameter{Name: name, In: "query", Description: inQuery(op, name), Schema: &jsonschema.Schema{Type: kindOfQuery(name)}})
	}
	for _, name := range e.Header {
		out = append(out, Parameter{Name: name, In: "header", Description: inHeader[name], Schema: &jsonschema.Schema{Type: "string"}})
	}
	return out
}

// inHeader says what fields of the header do.
var inHeader = map[string]string{
	"If-Match": `The version that is to be changed, in double quotes: "3". When there is another one by then, nothing is changed.`,
}

// inPath says what a parameter of a path is.
func inPath(name string) string {
	thing, ok := strings.CutSuffix(name, "_id")
	if !ok {
		thing, ok = strings.CutSuffix(name, "_identifier")
	}
	if !ok {
		return "The " + strings.ReplaceAll(name, "_", " ") + "."
	}
	return "The id of the " + strings.NewReplacer("_", " ", "dns", "DNS", "id", "id").Replace(thing) + "."
}

func kindOfQuery(name string) string {
	switch name {
	case "page", "per_page", "limit", "days":
		return "integer"
	case "include_expired", "hide_user_logs", "export", "proxied":
		return "boolean"
	}
	return "string"
}

// inQuery says what a parameter of a query does.
func inQuery(op *catalog.Operation, name string) string {
	if text := queryOf[op.ID][name]; text != "" {
		return text
	}
	if text := query[name]; text != "" {
		return text
	}
	member, how, _ := cutLast(name, ".")
	if text := comparison[how]; text != "" && member != "" {
		return strings.ReplaceAll(text, "%", member)
	}
	return "Only those whose " + strings.NewReplacer(".", " ", "_", " ").Replace(name) + " is this."
}

// cutLast is [strings.Cut] at the last sep.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return "", s, false
}

// query says what parameters do that mean the same everywhere.
var query = map[string]string{
	"page":            "The number of the page, from 1.",
	"per_page":        "How many items a page has; what is outside of the limits is brought within, and result_info says so.",
	"direction":       `"asc" or "desc".`,
	"order":           "What the list is sorted by.",
	"limit":           "How many items a page has at most.",
	"cursor":          "Where an earlier page ended, from its result_info.",
	"match":           `"all", or "any" for those that one of the filters lets through.`,
	"tag_match":       `"all", or "any" for records that one of the tag filters lets through.`,
	"search":          "Only records that have this in their name, type, content, comment or tags.",
	"since":           "Only events from this time on: a date or an RFC 3339 time.",
	"before":          "Only events before this time: a date or an RFC 3339 time.",
	"export":          "Answer with CSV.",
	"hide_user_logs":  "Without sign-ins and what was done to users' own tokens.",
	"action_time":     "The time that the event bears.",
	"days":            "How many days to look at, today included: 1 to 90, or 30.",
	"include_expired": "With tokens that have expired.",
	"proxied":         "Only records that are proxied, or are not.",
	"scope":           "Only permission groups that act on this kind of resource.",
	"owner":           `Only templates for tokens of a "user", or of an "account".`,
	"actor.ip":        "Only events caused from this address, or from one in this range.",

	"actor_ip_address":     "Only events caused from this address, or from one in this range.",
	"actor_ip_address.not": "Without events caused from this address, or from one in this range.",
	"product_category":     "Only events of the products of this category.",
}

// queryOf says what parameters do that mean something else in one operation.
var queryOf = map[string]map[string]string{
	"permission-groups-list-permission-groups":     {"name": "Only permission groups of this name, in any case."},
	"account-api-tokens-list-permission-groups":    {"name": "Only permission groups of this name, in any case."},
	"accounts-list-accounts":                       {"name": "Only accounts that have this in their name."},
	"dns-records-for-a-zone-list-dns-records":      {"name": "Only records of this complete name.", "type": "Only records of this type."},
	"account-members-list-members":                 {"status": `Only members who are "accepted", "pending" or "rejected".`},
	"user'-s-account-memberships-list-memberships": {"status": `Only memberships that are "accepted", "pending" or "rejected".`},
}

// comparison says what filters do that are a member's name and a way to compare.
var comparison = map[string]string{
	"not":        "Without those whose % is this.",
	"exact":      "Only those whose % is this.",
	"contains":   "Only those that have this in their %.",
	"startswith": "Only those whose % begins with this.",
	"endswith":   "Only those whose % ends with this.",
	"present":    "Only those that have a %.",
	"absent":     "Only those that have no %.",
}
