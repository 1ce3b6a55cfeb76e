package catalogfile

import (
	"slices"
	"strings"
)

// resource is what a path without x-api-token-resource acts on: the parameters
// that are called like a kind, the last one first.
func (im *importer) resource(path string) []any {
	var out []any
	for _, segment := range strings.Split(path, "/") {
		name, ok := strings.CutPrefix(segment, "{")
		name, closed := strings.CutSuffix(name, "}")
		if !ok || !closed {
			continue
		}
		plain := strings.ToLower(name)
		for _, end := range []string{"_id", "-id", "id"} {
			if cut, ok := strings.CutSuffix(plain, end); ok && cut != "" {
				plain = cut
				break
			}
		}
		switch {
		case plain == accountKind:
			out = slices.Insert(out, 0, any(map[string]any{"kind": accountKind, "path": name}))
		default:
			i := slices.IndexFunc(im.kinds, func(k string) bool { return lastPart(k) == plain })
			if i >= 0 {
				out = slices.Insert(out, 0, any(map[string]any{"kind": im.kinds[i], "path": name}))
			}
		}
	}
	return out
}

// kindsOf is the kinds that an operation names, the narrowest first: those of a
// list's rows, then those of its resource.
func (im *importer) kindsOf(list, resource any) []string {
	var out []string
	if m, ok := list.(map[string]any); ok {
		out = im.named(out, m["rows"])
	}
	return im.named(out, resource)
}

func (im *importer) named(out []string, places any) []string {
	for _, p := range listOf(places) {
		if m, ok := p.(map[string]any); ok {
			if kind, ok := m["kind"].(string); ok {
				out = append(out, im.full(kind))
			}
		}
	}
	return out
}

// full is a kind's full name, what was said where no kind is called so.
func (im *importer) full(said string) string {
	for _, k := range im.kinds {
		if k == said || lastPart(k) == said {
			return k
		}
	}
	return said
}

// scope is the kind that a made group acts on: the narrowest that every operation
// names which accepts the group and names any; else what the first of those is
// about. Lint then says which operations it does not fit.
func (g *imported) scope() string {
	said := slices.DeleteFunc(slices.Clone(g.on), func(on []string) bool { return len(on) == 0 })
	if len(said) == 0 {
		return accountKind
	}
	for _, kind := range said[0] {
		if !slices.ContainsFunc(said, func(on []string) bool { return !slices.Contains(on, kind) }) {
			return kind
		}
	}
	return said[0][0]
}
