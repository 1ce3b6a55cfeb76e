package dashboard

import "github.com/tokenward/tokenward/internal/authority"

// navSection is a group of items of the side navigation.
type navSection struct {
	Title string
	Items []navItem
}

type navItem struct {
	Label, Path, Icon string
	Current           bool
}

// navEntry is an item of the tables below. Those of an account have its id
// before their path.
type navEntry struct{ label, path, icon string }

// The side navigation, in its order. An item is shown once a route serves it.
func userNav() []navEntry {
	return []navEntry{
		{"Overview", "/profile", "home"},
		{"API tokens", "/profile/api-tokens", "key"},
		{"API key", "/profile/api-key", "lock"},
		{"Accounts", "/profile/accounts", "people"},
		{"Security", "/profile/security", "shield"},
	}
}

func accountNav() []navEntry {
	return []navEntry{
		{"Overview", "", "home"},
		{"API tokens", "/api-tokens", "key"},
		{"Members", "/members", "people"},
		{"Zones", "/zones", "globe"},
		{"Audit log", "/audit-log", "list"},
	}
}

func referenceNav() []navEntry {
	return []navEntry{
		{"Permissions", "/reference/permissions", "book"},
		{"Compatibility", "/reference/compatibility", "check"},
	}
}

// navigation is the side navigation of a page. at is the path of the item to
// mark, "" for the request's own.
func (d *Dashboard) navigation(in *request, current *authority.Account, at string) []navSection {
	if at == "" {
		at = in.http.URL.Path
	}
	var out []navSection
	if current != nil {
		out = d.navSection(out, current.Name, "/{account}", "/"+current.ID, at, accountNav())
	}
	out = d.navSection(out, "My profile", "", "", at, userNav())
	out = d.navSection(out, "Reference", "", "", at, referenceNav())
	last := &out[len(out)-1]
	if last.Title != "Reference" {
		out = append(out, navSection{Title: "Reference"})
		last = &out[len(out)-1]
	}
	last.Items = append(last.Items, navItem{Label: "API documentation", Path: "/docs", Icon: "book"})
	return out
}

// navSection adds the entries that are served. pattern is what their routes
// begin with, prefix what their paths do.
func (d *Dashboard) navSection(out []navSection, title, pattern, prefix, at string, entries []navEntry) []navSection {
	s := navSection{Title: title}
	for _, e := range entries {
		if d.served["GET "+pattern+e.path] {
			s.Items = append(s.Items, navItem{e.label, prefix + e.path, e.icon, prefix+e.path == at})
		}
	}
	if len(s.Items) == 0 {
		return out
	}
	return append(out, s)
}
