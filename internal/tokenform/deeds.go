package tokenform

import (
	"slices"

	"github.com/tokenward/tokenward/internal/policy"
)

// deed is what is done to a subject: "read and change", "DNS".
type deed struct{ verbs, subject string }

// verbs are the levels that have a verb, in the order in which they are said.
func verbs() []struct{ level, verb string } {
	return []struct{ level, verb string }{
		{"read", "read"}, {"edit", "change"}, {"purge", "purge"}, {"revoke", "revoke"}, {"run", "run"}, {"admin", "administer"},
	}
}

// deeds are what a family's levels do. A level without a verb is called by its
// name.
func (w *wording) deeds(s *saying, f *Family) []deed {
	levels, word := s.levels[f], "and"
	if s.effect == policy.Deny {
		word = "or"
		kept := slices.DeleteFunc(slices.Clone(w.allowed[f]), func(k string) bool { return slices.Contains(levels, k) })
		switch {
		case len(kept) == 0:
		case slices.Contains(levels, "read") || slices.ContainsFunc(kept, func(k string) bool { return k != "read" }):
			// Some of it can still be done by what is left, so the permissions
			// are named, not what they do.
			return f.named(levels)
		default:
			return f.said(levels, word, false)
		}
	}
	return f.said(levels, word, true)
}

// said puts levels into verbs. Most groups for changing also open what only
// reads; reads is whether to say so.
func (f *Family) said(levels []string, word string, reads bool) []deed {
	var list, nameless []string
	for _, key := range levels {
		l, _ := f.Level(key)
		known := slices.ContainsFunc(verbs(), func(v struct{ level, verb string }) bool { return v.level == key })
		if !known {
			nameless = append(nameless, key)
			continue
		}
		list = append(list, key)
		if key == "edit" && l.Reads && reads {
			list = append(list, "read")
		}
	}
	var said []string
	for _, v := range verbs() {
		if slices.Contains(list, v.level) {
			said = append(said, v.verb)
		}
	}
	var out []deed
	if len(said) > 0 {
		out = append(out, deed{join(said, word), f.Name})
	}
	return append(out, f.named(nameless)...)
}

// named calls levels by their names.
func (f *Family) named(levels []string) []deed {
	var out []deed
	for _, key := range levels {
		if l, ok := f.Level(key); ok {
			out = append(out, deed{"use", l.Name()})
		}
	}
	return out
}
