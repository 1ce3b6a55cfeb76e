package dashboard

import (
	"github.com/tokenward/tokenward/internal/authority"
)

// tokenView is one of the ways to look at a list of tokens: all of them, or those
// of which something is to be known. They are links, so that the overview leads to
// them.
type tokenView struct {
	key, label string
	set        func(*authority.TokenFilter)
	count      func(*authority.TokenCounts) int
}

func tokenViews() []tokenView {
	status := func(s authority.Status) func(*authority.TokenFilter) {
		return func(f *authority.TokenFilter) { f.Status = s }
	}
	return []tokenView{
		{"", "All", func(*authority.TokenFilter) {}, func(n *authority.TokenCounts) int { return n.Total }},
		{"active", "Active", status(authority.StatusActive), func(n *authority.TokenCounts) int { return n.Active }},
		{"exposed", "Exposed", status(authority.StatusExposed), func(n *authority.TokenCounts) int { return n.Exposed }},
		{"expiring", "Expiring in 30 days", func(f *authority.TokenFilter) { f.ExpiringWithin = authority.ExpiringSoon }, func(n *authority.TokenCounts) int { return n.ExpiringIn30d }},
		{"unused", "Unused for 90 days", func(f *authority.TokenFilter) { f.UnusedFor = authority.UnusedLong }, func(n *authority.TokenCounts) int { return n.Unused90d }},
		{"never-used", "Never used", func(f *authority.TokenFilter) { f.NeverUsed = true }, func(n *authority.TokenCounts) int { return n.NeverUsed }},
		{"no-expiry", "Without expiry", func(f *authority.TokenFilter) { f.NoExpiry = true }, func(n *authority.TokenCounts) int { return n.NoExpiry }},
		{"not-yet-valid", "Not yet valid", status(authority.StatusNotYetValid), func(n *authority.TokenCounts) int { return n.NotYetValid }},
		{"disabled", "Disabled", status(authority.StatusDisabled), func(n *authority.TokenCounts) int { return n.Disabled }},
		{"expired", "Expired", status(authority.StatusExpired), func(n *authority.TokenCounts) int { return n.Expired }},
	}
}

// viewOf is the view that a request asks for; one that there is not is all.
func viewOf(key string) tokenView {
	views := tokenViews()
	for _, v := range views {
		if v.key == key {
			return v
		}
	}
	return views[0]
}

// viewLink is a view above the list.
type viewLink struct {
	Label, Path string
	Count       int
	Current     bool
}

// viewLinks are the views that show something, and the current one. A search and
// the order go along.
func viewLinks(self, current string, counts *authority.TokenCounts) ([]viewLink, error) {
	var out []viewLink
	for _, v := range tokenViews() {
		n := v.count(counts)
		if n == 0 && v.key != "" && v.key != current {
			continue
		}
		path, err := query(self, "show", v.key, "page", "")
		if err != nil {
			return nil, err
		}
		out = append(out, viewLink{v.label, path, n, v.key == current})
	}
	return out, nil
}

// tokenColumn is a column that the list can be ordered by.
type tokenColumn struct {
	key   string
	order authority.TokenSort
	down  bool // the order that a click on it begins with
}

func tokenColumns() map[string]tokenColumn {
	return map[string]tokenColumn{
		"name":    {"name", authority.ByName, false},
		"used":    {"used", authority.ByLastUse, true},
		"status":  {"status", authority.ByStatus, false},
		"expires": {"expires", authority.ByExpiry, false},
		"issued":  {"issued", authority.ByIssued, true},
	}
}

// sortLink is the head of a column.
type sortLink struct {
	Path string
	Sort string // "ascending" or "descending", "" for a list in another order
}

// order sets the order that a request asks for, newest first by itself, and gives
// the heads of the columns.
func (in *request) order(f *authority.TokenFilter) (map[string]sortLink, error) {
	columns := tokenColumns()
	at, ok := columns[in.query.Get("sort")]
	if !ok {
		at = columns["issued"]
	}
	f.Sort, f.Descending = at.order, at.down
	switch in.query.Get("dir") {
	case "asc":
		f.Descending = false
	case "desc":
		f.Descending = true
	}
	heads := make(map[string]sortLink, len(columns))
	for key, c := range columns {
		down, sort := c.down, ""
		if c.key == at.key {
			down, sort = !f.Descending, "ascending"
			if f.Descending {
				sort = "descending"
			}
		}
		path, err := query(in.self(), "sort", key, "dir", map[bool]string{true: "desc", false: "asc"}[down], "page", "")
		if err != nil {
			return nil, err
		}
		heads[key] = sortLink{path, sort}
	}
	return heads, nil
}
