package tokenform

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
)

// Opens is a sentence about what the group opens.
func (l *Level) Opens() string {
	switch l.Operations {
	case 0:
		return "Opens no operation of the catalogue."
	case 1:
		return "Opens one operation, " + l.Example + "."
	}
	return fmt.Sprintf("Opens %d operations, such as %s.", l.Operations, l.Example)
}

// OpensOnRecords is that sentence where the group is held to records.
func (l *Level) OpensOnRecords() string {
	if l.Group.Level == catalog.LevelRead {
		return "Lists, exports and reads these records."
	}
	return "Lists, exports, reads, creates, imports, changes and deletes these records."
}

// exampleRank orders the operations of a group by how well they show what it is
// for; less is better.
type exampleRank struct {
	aside    int // it does not do what the level is about, or not on the group's scope
	nameless int // its path does not have the family's key
	removes  int
	groups   int // how many groups open it
	length   int
}

func (a exampleRank) compare(b exampleRank) int {
	return cmp.Or(cmp.Compare(a.aside, b.aside), cmp.Compare(a.nameless, b.nameless), cmp.Compare(a.removes, b.removes),
		cmp.Compare(a.groups, b.groups), cmp.Compare(a.length, b.length))
}

// count finds what each group opens.
func (p *Picker) count() {
	for op := range p.catalog.Operations() {
		if op.Rule == catalog.Groups {
			p.countOne(op)
		}
	}
	for _, api := range p.catalog.APIs() {
		for op := range api.Operations() {
			if op.Rule == catalog.Groups || op.Rule == catalog.Rows {
				p.countOne(op)
			}
		}
	}
}

func (p *Picker) countOne(op *catalog.Operation) {
	groups := op.Accepted.Len()
	for no := range op.Accepted.All {
		if l := p.level(no); l != nil {
			l.opens(op, groups)
		}
	}
}

func (l *Level) opens(op *catalog.Operation, groups int) {
	l.Operations++
	reads := op.Method == "GET"
	l.Reads = l.Reads || reads
	rank := exampleRank{groups: groups, length: len(op.Template)}
	if reads != (l.Group.Level == catalog.LevelRead) {
		rank.aside++
	}
	if op.Target.String() != l.family.Scope {
		rank.aside++
	}
	if !namesKey(op.Template, l.family.Key) {
		rank.nameless = 1
	}
	if op.Method == "DELETE" {
		rank.removes = 1
	}
	if l.Example == "" || rank.compare(l.best) < 0 {
		l.Example, l.best = op.Method+" "+op.Template, rank
	}
}

// namesKey reports whether a segment of a path is a key, or begins with it:
// "dns_records" does with "dns", "dnssec" does not.
func namesKey(path, key string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if rest, ok := strings.CutPrefix(segment, key); ok && (rest == "" || rest[0] == '_') {
			return true
		}
	}
	return false
}
