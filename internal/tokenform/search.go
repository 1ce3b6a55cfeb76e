package tokenform

import (
	"cmp"
	"slices"
	"strings"
)

// maxQuery is how much of a search is looked at.
const maxQuery = 200

// Categories lists what there is to pick, by category and name. Tokens of an
// account cannot hold groups that act on a user.
func (p *Picker) Categories(forAccount bool) []Category {
	out := make([]Category, 0, len(p.categories))
	for _, c := range p.categories {
		c.Families = pickable(c.Families, forAccount)
		if len(c.Families) > 0 {
			out = append(out, c)
		}
	}
	return out
}

func pickable(families []*Family, forAccount bool) []*Family {
	if !forAccount {
		return slices.Clone(families)
	}
	return slices.DeleteFunc(slices.Clone(families), func(f *Family) bool { return f.Scope == "user" })
}

// Search finds the families in which all the words occur: in a name, a
// description, a key or a category. Those whose name the words begin come first.
// Without words it finds all.
func (p *Picker) Search(query string, forAccount bool) []*Family {
	words := strings.Fields(strings.ToLower(query[:min(len(query), maxQuery)]))
	var found []*Family
	for _, c := range p.categories {
		for _, f := range pickable(c.Families, forAccount) {
			if f.matches(words) {
				found = append(found, f)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b *Family) int {
		return cmp.Or(cmp.Compare(a.rank(words), b.rank(words)), compareFamilies(a, b))
	})
	return found
}

func (f *Family) matches(words []string) bool {
	for _, w := range words {
		if !strings.Contains(f.text, w) {
			return false
		}
	}
	return true
}

// rank is 0 for a name that begins with the first word, 1 for one that has it
// somewhere, 2 for others.
func (f *Family) rank(words []string) int {
	if len(words) == 0 {
		return 0
	}
	name := strings.ToLower(f.Name)
	switch {
	case strings.HasPrefix(name, words[0]), f.Key == words[0]:
		return 0
	case strings.Contains(name, words[0]):
		return 1
	}
	return 2
}
