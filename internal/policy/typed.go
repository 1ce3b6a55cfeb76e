package policy

import "cmp"

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

// textsOf is where the rules of each text begin, nil where it is faster to try them
// all.
func textsOf(rules []typedRule) map[string]int32 {
	if len(rules) <= fewTyped {
		return nil
	}
	at := make(map[string]int32, len(rules))
	for i := range rules {
		if text := rules[i].pattern.text; i == 0 || text != rules[i-1].pattern.text {
			at[text] = int32(i)
		}
	}
	return at
}

// typed meets the rules whose patterns include the path's resource.
func (sc *scan) typed() {
	leaf := &sc.path.refs[0] // nothing lies in a resource with a type
	if leaf.Name == "" || sc.set.more == nil {
		return
	}
	record := recordOf(leaf.Name)
	if sc.set.more.texts != nil {
		sc.lookUp(&record, leaf.Kind)
		return
	}
	for i := range sc.set.more.typed {
		t := &sc.set.more.typed[i]
		if t.meta.kind() == leaf.Kind && t.pattern.includes(&record) && sc.meet(t.meta) {
			return
		}
	}
}

// lookUp is typed for many rules, so that what a record costs does not depend on
// how many there are: the text of a pattern that includes a name is a part of it,
// from its beginning or a dot to a dot or its end. A name has few such parts, since
// those between two dots have no more than maxBetween labels.
func (sc *scan) lookUp(record *namePattern, kind KindNo) {
	if sc.filed(record.typ, "", kind) {
		return
	}
	n := record.text
	for i := range len(n) {
		if i > 0 && n[i] != '.' {
			continue
		}
		if sc.filed(record.typ, n[i:], kind) {
			return
		}
		most := maxBetween
		if i == 0 {
			most = len(n)
		}
		for k := i + 1; k < len(n) && most > 0; k++ {
			if n[k] != '.' {
				continue
			}
			if most--; sc.filed(record.typ, n[i:k+1], kind) {
				return
			}
		}
	}
}

// filed meets the rules of one text for a type and for every type.
func (sc *scan) filed(typ, text string, kind KindNo) bool {
	i, ok := sc.set.more.texts[text]
	if !ok {
		return false
	}
	for rules := sc.set.more.typed[i:]; len(rules) > 0 && rules[0].pattern.text == text; rules = rules[1:] {
		t := &rules[0]
		if (t.pattern.typ == "" || t.pattern.typ == typ) && t.meta.kind() == kind && sc.meet(t.meta) {
			return true
		}
	}
	return false
}
