package catalog

import (
	"iter"
	"slices"

	"github.com/tokenward/tokenward/internal/policy"
)

// Catalog is what one API offers: permission groups and operations. It is
// immutable and safe for concurrent use.
type Catalog struct {
	vocabulary *policy.Vocabulary
	groups     []Group // indexed by policy.GroupNo
	operations []*Operation
	byID       map[string]*Operation
	root       node

	apis     []*API                   // of custom catalogues, in the order of Extend
	accounts map[policy.KindNo]string // of custom kinds: the account in which all of them lie

	templates     []Template // for users and accounts, in the order of the source
	templateKeys  map[string]string
	compatibility *Compatibility
}

// Vocabulary numbers the catalogue's groups and resource kinds for package
// policy. Only groups that can be granted are in it.
func (c *Catalog) Vocabulary() *policy.Vocabulary { return c.vocabulary }

// Groups lists the permission groups by category, those without one last, then
// by name without regard to case, then by scope. Those of custom catalogues
// follow, in the order of their files.
func (c *Catalog) Groups() []Group { return slices.Clone(c.groups) }

// Group finds a permission group by id.
func (c *Catalog) Group(id string) (Group, bool) {
	no, ok := c.vocabulary.Group(id)
	if !ok {
		return Group{}, false
	}
	return c.groups[no], true
}

// GroupByNo is the group with that number in the vocabulary, the zero Group if
// there is none.
func (c *Catalog) GroupByNo(no policy.GroupNo) Group {
	if int(no) >= len(c.groups) {
		return Group{}
	}
	return c.groups[no]
}

// Operations yields the operations, sorted by template, then method. Those of
// custom catalogues are their API's.
func (c *Catalog) Operations() iter.Seq[*Operation] { return slices.Values(c.operations) }

// Operation finds an operation by id, also one of a custom catalogue.
func (c *Catalog) Operation(id string) (*Operation, bool) {
	op, ok := c.byID[id]
	return op, ok
}

// GroupNames lists the names of the groups of which op accepts any one, each
// name once though it may stand for an account's group and a zone's.
func (c *Catalog) GroupNames(op *Operation) []string {
	var names []string
	for no := range op.Accepted.All {
		if name := c.GroupByNo(no).Name; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// add puts an operation into the catalogue.
func (c *Catalog) add(op *Operation) error {
	if err := c.root.insert(op); err != nil {
		return err
	}
	c.operations = append(c.operations, op)
	c.byID[op.ID] = op
	return nil
}
