package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/tokenward/tokenward/v4"
)

// maxNamed is how many permission groups a line names.
const maxNamed = 6

// printExplanation says in words what an access would come to.
func printExplanation(w io.Writer, x *v4.Explanation) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row(t, map[bool]string{true: "Allowed", false: "Denied"}[x.Allowed], x.Operation.Method+" "+x.Operation.Path)
	if x.Operation.Summary != "" {
		row(t, "", x.Operation.Summary)
	}
	row(t, "Why", x.Reason)
	if p := x.Policy; p != nil {
		row(t, "Decided by", strings.TrimSpace(fmt.Sprintf("policy %d (%s) %s", p.Index+1, p.Effect, p.ID)))
	}
	if len(x.Resource) > 0 {
		row(t, "On", placeWords(x.Resource))
	}
	from := x.From
	if from == "" {
		from = "an unknown address"
	}
	row(t, "From", from+", at "+moment(&x.At, ""))
	if len(x.AcceptedGroups) > 0 {
		row(t, "Any one of", someNames(x.AcceptedGroups))
	}
	if len(x.GivenGroups) > 0 {
		row(t, "It has", someNames(x.GivenGroups))
	}
	if r := x.Records; r != nil {
		for _, side := range []struct {
			name string
			list []v4.RecordPattern
		}{{"Token's", r.Token}, {"Owner's", r.Owner}} {
			for _, p := range side.list {
				row(t, side.name, p.Effect+" records "+p.Pattern)
			}
		}
	}
	if x.Further {
		row(t, "", "Each row of the answer, or what the body names, is judged by itself.")
	}
	for _, o := range x.InTheWay {
		row(t, "In the way", o.Message)
	}
	if g := x.Grant; g != nil {
		row(t, "Add", groupNames(v4.Policy{PermissionGroups: g.PermissionGroups}))
		for _, key := range sortedKeys(g.Resources) {
			for _, words := range resourceWords(key, g.Resources[key]) {
				row(t, "", "on "+words)
			}
		}
	}
	return t.Flush()
}

func placeWords(keys []string) string {
	var out []string
	for _, key := range keys {
		out = append(out, keyWords(key, "*"))
	}
	return strings.Join(out, ", in ")
}

func someNames(groups []v4.GroupRef) string {
	var names []string
	for _, g := range groups[:min(len(groups), maxNamed)] {
		names = append(names, g.Name)
	}
	text := strings.Join(names, ", ")
	if more := len(groups) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
