package catalog

import (
	"fmt"
	"strings"
)

// maxNeeded is how many permission groups Needed names.
const maxNeeded = 10

// Needed words which groups op accepts any one of, for who was refused it, with
// the kind of resource that each acts on: "DNS Read (zone), DNS Write (zone)". It
// also gives their labels. Ten are named and the others counted.
//
// An account's group is of no use on the caller's own user and is left out there.
func (c *Catalog) Needed(op *Operation) (names string, labels []string) {
	var list []string
	more := 0
	for no := range op.Accepted.All {
		g := c.GroupByNo(no)
		if op.Target == TargetUser && g.Scope != KindUser {
			continue
		}
		if len(list) == maxNeeded {
			more++
			continue
		}
		list = append(list, g.Name+" ("+g.Scope[strings.LastIndexByte(g.Scope, '.')+1:]+")")
		labels = append(labels, g.Label)
	}
	names = strings.Join(list, ", ")
	if more > 0 {
		names += fmt.Sprintf(" and %d more", more)
	}
	return names, labels
}
