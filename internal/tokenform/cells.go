package tokenform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// Permissions is what policies allow, for a cell of a table: "DNS Edit, Zone
// Read +2 more", "" for nothing.
func (p *Picker) Permissions(policies []policy.Policy, limit int) string {
	var titles []string
	for i := range policies {
		if policies[i].Effect != policy.Allow {
			continue
		}
		for _, id := range policies[i].Groups {
			title := shortID(id)
			if l := p.Level(id); l != nil {
				title = l.Name()
			}
			titles = append(titles, title)
		}
	}
	return cell(titles, limit)
}

// Resources is where policies allow it, for a cell of a table: "example.com +3
// more". "with exceptions" is said when a policy denies something.
func Resources(b Basis, policies []policy.Policy, names Names, limit int) string {
	var places []string
	denies := false
	w := phrasing{names, b}
	for i := range policies {
		if policies[i].Effect != policy.Allow {
			denies = true
			continue
		}
		for _, r := range policies[i].Resources {
			kind, _ := b.Picker.split(r.Key)
			places = append(places, w.of(r, cellScope(kind))...)
		}
	}
	text := cell(places, limit)
	if denies && text != "" {
		text += ", with exceptions"
	}
	return text
}

// cellScope: a cell says "all accounts", not also what lies in them.
func cellScope(kind string) string {
	if kind == "" {
		return catalog.KindAccount
	}
	return kind
}

func cell(items []string, limit int) string {
	slices.Sort(items)
	items = slices.Compact(items)
	if len(items) <= limit {
		return strings.Join(items, ", ")
	}
	return strings.Join(items[:limit], ", ") + fmt.Sprintf(" +%d more", len(items)-limit)
}
