package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/v4"
)

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// row writes one line of a table; cells come from the API.
func row(w io.Writer, cells ...string) {
	for i := range cells {
		cells[i] = plain(cells[i])
	}
	fmt.Fprintln(w, strings.Join(cells, "\t"))
}

// printTable is one line for each token.
func printTable(w io.Writer, tokens []v4.Token) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row(t, "ID", "NAME", "STATUS", "EXPIRES", "LAST USED")
	for _, tok := range tokens {
		row(t, tok.ID, tok.Name, tok.Status, moment(tok.ExpiresOn, "never"), moment(tok.LastUsedOn, "never"))
	}
	return t.Flush()
}

// printSummary is a token in words.
func printSummary(w io.Writer, tok v4.Token) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row(t, "Token", tok.ID)
	row(t, "Name", tok.Name)
	row(t, "Status", tok.Status)
	row(t, "Issued", moment(&tok.IssuedOn, "unknown"))
	row(t, "Changed", moment(&tok.ModifiedOn, "unknown"))
	row(t, "Last used", moment(tok.LastUsedOn, "never"))
	row(t, "Valid from", moment(tok.NotBefore, "at once"))
	row(t, "Expires", moment(tok.ExpiresOn, "never"))
	row(t, "Usable from", addresses(tok.Condition))
	if l := tok.RateLimit; l != nil {
		row(t, "Rate limit", rateLimitWords(*l))
	}
	for _, p := range tok.Policies {
		row(t, map[string]string{v4.EffectAllow: "Allows", v4.EffectDeny: "Denies"}[p.Effect], groupNames(p))
		for _, key := range sortedKeys(p.Resources) {
			for _, words := range resourceWords(key, p.Resources[key]) {
				row(t, "", "on "+words)
			}
		}
	}
	if len(tok.Policies) == 0 {
		row(t, "Allows", "nothing")
	}
	return t.Flush()
}

func moment(t *v4.Time, absent string) string {
	if t == nil || t.IsZero() {
		return absent
	}
	return t.UTC().Format(time.RFC3339)
}

func addresses(c *v4.Condition) string {
	if c == nil || c.RequestIP == nil {
		return "any address"
	}
	text := "any address"
	if c.RequestIP.In != nil {
		text = strings.Join(c.RequestIP.In, ", ")
	}
	if text == "" {
		text = "no address"
	}
	if len(c.RequestIP.NotIn) > 0 {
		text += " except " + strings.Join(c.RequestIP.NotIn, ", ")
	}
	return text
}

func groupNames(p v4.Policy) string {
	var names []string
	for _, g := range p.PermissionGroups {
		if g.Name == "" {
			g.Name = g.ID
		}
		names = append(names, g.Name)
	}
	return strings.Join(names, ", ")
}

// resourceWords says what a resource is; one that it does not know is printed as
// it is.
func resourceWords(key string, r v4.Resource) []string {
	if r.Nested == nil {
		return []string{keyWords(key, r.Value)}
	}
	var words []string
	for _, inner := range sortedKeys(r.Nested) {
		words = append(words, keyWords(inner, r.Nested[inner])+" of "+keyWords(key, "*"))
	}
	return words
}

func keyWords(key, value string) string {
	if value != "*" {
		return key + " = " + value
	}
	if id, ok := strings.CutPrefix(key, scopeRecord+"."); ok {
		typ, name, _ := strings.Cut(id, ":")
		return catalog.Records{Types: []string{typ}, Name: name}.Words()
	}
	for _, kind := range []struct{ scope, one string }{
		{scopeZone, "zone"}, {scopeAccount, "account"}, {scopeUser, "user"}, {scopeBucket, "bucket"},
	} {
		id, ok := strings.CutPrefix(key, kind.scope+".")
		switch {
		case ok && id == "*":
			return "every " + kind.one
		case ok:
			return kind.one + " " + id
		}
	}
	return key
}
