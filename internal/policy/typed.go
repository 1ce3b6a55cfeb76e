package policy

import (
	"cmp"
	"slices"
)

// typedRule is a rule about some resources of a kind with types.
type typedRule struct {
	pattern namePattern
	id      string // as written
	meta    meta
}

// fewTyped is how many rules are tried one by one faster than they are looked up.
const fewTyped = 32

func compareTyped(a, b typedRule) int {
	return cmp.Or(cmp.Compare(a.pattern.text, b.pattern.text), cmp.Compare(a.pattern.typ, b.pattern.typ))
}

// typed meets the rules whose patterns include the path's resource.
func (sc *scan) typed() {
	leaf := &sc.path.refs[0] // nothing lies in a resource with a type
	if leaf.Name == "" || sc.set.more == nil {
		return
	}
	rules, record := sc.set.more.typed, recordOf(leaf.Name)
	if len(rules) > fewTyped {
		sc.lookUp(rules, &record, leaf.Kind)
		return
	}
	for i := range rules {
		t := &rules[i]
		if t.meta.kind() == leaf.Kind && t.pattern.includes(&record) && sc.meet(t.meta) {
			return
		}
	}
}

// lookUp is typed for many rules, so that what a record costs does not depend on
// how many there are: the text of a pattern that includes a name is a part of it,
// from its beginning or a dot to a dot or its end. A name has few such parts.
func (sc *scan) lookUp(rules []typedRule, record *namePattern, kind KindNo) {
	if sc.filed(rules, record.typ, "", kind) {
		return
	}
	n := record.text
	for i := range len(n) {
		if i > 0 && n[i] != '.' {
			continue
		}
		for k := i + 1; k <= len(n); k++ {
			if (k == len(n) || n[k-1] == '.') && sc.filed(rules, record.typ, n[i:k], kind) {
				return
			}
		}
	}
}

// filed meets the rules of one text for a type and for every type.
func (sc *scan) filed(rules []typedRule, typ, text string, kind KindNo) bool {
	for _, p := range [...]namePattern{{"", text}, {typ, text}} {
		i, _ := slices.BinarySearchFunc(rules, typedRule{pattern: p}, compareTyped)
		for ; i < len(rules) && rules[i].pattern == p; i++ {
			if rules[i].meta.kind() == kind && sc.meet(rules[i].meta) {
				return true
			}
		}
	}
	return false
}
