package tokenform

import (
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/internal/policy"
)

// locate finds the inputs that faults of the draft are about.
func (m *reading) locate(faults []policy.Fault) []Fault {
	out := make([]Fault, 0, len(faults))
	for _, f := range faults {
		out = append(out, Fault{m.field(pointed(f.Pointer)), sentence(f.Message)})
	}
	return out
}

// pointed are the members that a JSON pointer leads through.
func pointed(pointer string) []string {
	path := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i := range path {
		path[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(path[i])
	}
	return path
}

// field is the input for a place in the document, "" for the form as a whole.
func (m *reading) field(path []string) string {
	switch path[0] {
	case "name", "status":
		return path[0]
	case "not_before", "expires_on":
		return path[0] + ".at"
	case "rate_limit":
		return strings.Join(path, ".")
	case "condition":
		return m.addressField(path)
	case "policies":
		return m.policyField(path[1:])
	}
	return ""
}

// addressField is the row of /condition/request_ip/in/3.
func (m *reading) addressField(path []string) string {
	if len(path) < 4 {
		return addresses
	}
	rows := m.in
	if path[2] == IsNotIn {
		rows = m.notIn
	}
	if i := number(path[3]); i >= 0 && i < len(rows) {
		return row(addresses, rows[i]) + "range"
	}
	return addresses
}

// policyField is the row of /policies/1/permission_groups/0/id, or of
// /policies/1/resources/<key>.
func (m *reading) policyField(path []string) string {
	if len(path) == 0 {
		return permissions
	}
	i := number(path[0])
	if i < 0 || i >= len(m.origins) {
		return permissions
	}
	from := m.origins[i]
	if len(path) > 1 && path[1] == "resources" {
		return from.placeField(path[2:])
	}
	if len(path) > 2 {
		if k := number(path[2]); k >= 0 && k < len(from.groups) {
			return row(permissions, from.groups[k]) + "group"
		}
	}
	return row(permissions, from.groups[0]) + "group"
}

// placeField is the row that named a key.
func (o origin) placeField(path []string) string {
	for _, p := range o.places {
		if len(path) > 0 && p.row >= 0 && path[0] == p.outer && (len(path) == 1 || path[1] == p.inner) {
			return row(resources, p.row) + "kind"
		}
	}
	return resources
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// sentence is a fault of the document in words of the form.
func sentence(message string) string {
	s := strings.NewReplacer("expires_on", "the end", "not_before", "the start").Replace(message)
	return finished(s)
}
