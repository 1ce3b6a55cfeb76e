package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/tokenward/tokenward/v4"
)

// printSuggestion says in words what a token could do without.
func printSuggestion(w io.Writer, s *v4.TokenSuggestion) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row(t, map[bool]string{true: "Narrower", false: "Nothing"}[s.State == v4.SuggestionNarrower], s.Message)
	b := &s.Basis
	based := fmt.Sprintf("%s, since %s: %s allowed, %d denied", several(int64(b.Days), "day"), b.Since, several(b.Requests, "request"), b.Denied)
	if b.Unnamed > 0 {
		based += fmt.Sprintf("; of %d it is not known what they did", b.Unnamed)
	}
	row(t, "Based on", based)
	for _, c := range s.Cautions {
		row(t, "Note", c.Message)
	}
	for i := range s.Changes {
		printChange(t, &s.Changes[i])
	}
	if s.State == v4.SuggestionNarrower {
		row(t, "")
		row(t, "Afterwards")
		for i := range s.Policies {
			printSuggested(t, s, i)
		}
	}
	if a := s.Addresses; a != nil {
		row(t, "")
		text := addresses(&a.Condition)
		if a.More {
			text += " (and others before)"
		}
		row(t, "Used from", text)
		row(t, "", "not part of it; --with-addresses limits the token to these")
	}
	return t.Flush()
}

// printChange is what becomes of a policy: what goes with a minus, what comes in
// its place with a plus.
func printChange(w io.Writer, c *v4.SuggestedChange) {
	row(w, "")
	how := c.Change
	if c.Unjudged {
		how += " (what denies, or names DNS records, stays)"
	}
	row(w, fmt.Sprintf("Policy %d", c.Index+1), how, c.PolicyID)
	if len(c.DroppedGroups) > 0 {
		row(w, "  -", groupNames(v4.Policy{PermissionGroups: c.DroppedGroups}))
	}
	mark := func(sign string, r v4.Resources) {
		for _, key := range sortedKeys(r) {
			for _, words := range resourceWords(key, r[key]) {
				row(w, sign, "on "+words)
			}
		}
	}
	for _, r := range c.DroppedResources {
		mark("  -", r)
	}
	for _, n := range c.Narrowed {
		mark("  -", n.From)
		mark("  +", n.To)
	}
	for _, r := range c.TooMany {
		mark("  =", r)
	}
	if len(c.TooMany) > 0 {
		row(w, "", "stays whole: it was used on too much to name")
	}
}

// printSuggested is a policy as it would be, and what each of its groups is for.
func printSuggested(w io.Writer, s *v4.TokenSuggestion, index int) {
	p := s.Policies[index]
	row(w, map[string]string{v4.EffectAllow: "  Allows", v4.EffectDeny: "  Denies"}[p.Effect], groupNames(p))
	for _, key := range sortedKeys(p.Resources) {
		for _, words := range resourceWords(key, p.Resources[key]) {
			row(w, "", "on "+words)
		}
	}
	for _, r := range s.Reasons {
		if r.Policy != index {
			continue
		}
		text := fmt.Sprintf("%s: %s, last %s", someNames([]v4.GroupRef{r.PermissionGroup}), several(r.Requests, "request"), moment(&r.LastOn, "unknown"))
		if ops := slices.DeleteFunc(slices.Clone(r.Operations), func(op string) bool { return op == "" }); len(ops) > 0 {
			text += " (" + strings.Join(ops, ", ") + ")"
		}
		if len(r.Others) > 0 {
			text += "; " + someNames(r.Others) + " would do as well"
		}
		row(w, "", text)
	}
}

// several is a number of things: "1 day", "2 days".
func several(n int64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
