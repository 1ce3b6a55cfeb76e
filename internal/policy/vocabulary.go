package policy

import (
	"fmt"
	"slices"
)

// Limits of a vocabulary and of a resource path.
const (
	MaxKinds = 64 // resource kinds in a vocabulary
	MaxDepth = 6  // refs in a resource path, the resource itself included
)

// KindNo is a resource kind's number in a vocabulary, from 1. Zero is no kind.
type KindNo uint8

// Kind is a kind of resource, named as in resource keys:
// "com.cloudflare.api.account.zone". Parent is the name of the kind its
// resources lie in, "" for a kind at the top.
type Kind struct {
	Name   string
	Parent string
	// Named: ids of this kind are names, of [A-Za-z0-9._-]; otherwise they are
	// 32 lowercase hex digits.
	Named bool
	// Form is what ids look like where they are neither.
	Form *IDForm
	// NestAll: "every resource of this kind" must be said inside one parent.
	NestAll bool
	// Types, where there are any: a resource of this kind is named "TYPE:NAME", by
	// one of these types and a complete DNS name. In policies ids are patterns of
	// that, "TXT:_acme-challenge.*", inside one resource of a kind above: the type
	// may be "*", and so may the first and the last label of the name, for one
	// label or more. "*:*" is every resource of the kind. Nothing lies in them.
	Types []string
}

// Group is a permission group as the policy package needs it. Scope names the
// kind of resource the group acts on, and Below a kind further down that it can be
// given on too, "" for none.
type Group struct {
	ID    string // 32 lowercase hex
	Name  string
	Scope string
	Below string
}

// Vocabulary numbers the permission groups and the resource kinds of one
// catalogue. It is immutable and safe for concurrent use. Sets and accesses
// that meet in Evaluate must come from the same vocabulary.
type Vocabulary struct {
	kinds   []Kind // [0] is unused
	parent  []KindNo
	depth   []int
	kindNo  map[string]KindNo
	groups  []Group
	scope   []KindNo
	groupNo map[string]GroupNo
	// reach[k]: the groups whose scope is k or lies below it, and those that can be
	// given on k too, which are the groups that a policy on a resource of kind k
	// can give.
	reach []GroupSet
}

// NewVocabulary numbers kinds and groups in the order given. A parent must be
// listed before its children; names and ids must be unique; a group's scope
// must be one of the kinds. At most MaxKinds-1 kinds and MaxGroups groups.
func NewVocabulary(kinds []Kind, groups []Group) (*Vocabulary, error) {
	if len(kinds) >= MaxKinds {
		return nil, fmt.Errorf("policy: %d resource kinds, at most %d are possible", len(kinds), MaxKinds-1)
	}
	if len(groups) > MaxGroups {
		return nil, fmt.Errorf("policy: %d permission groups, at most %d are possible", len(groups), MaxGroups)
	}
	v := &Vocabulary{
		kinds: []Kind{{}}, parent: []KindNo{0}, depth: []int{0},
		kindNo: make(map[string]KindNo, len(kinds)), groupNo: make(map[string]GroupNo, len(groups)),
		reach: make([]GroupSet, len(kinds)+1),
	}
	for _, k := range kinds {
		if err := v.addKind(k); err != nil {
			return nil, err
		}
	}
	for _, g := range groups {
		if err := v.addGroup(g); err != nil {
			return nil, err
		}
	}
	return v, nil
}

func (v *Vocabulary) addKind(k Kind) error {
	parent, ok := v.kindNo[k.Parent]
	switch {
	case k.Name == "":
		return fmt.Errorf("policy: a resource kind has no name")
	case v.kindNo[k.Name] != 0:
		return fmt.Errorf("policy: resource kind %q is listed twice", k.Name)
	case k.Parent != "" && !ok:
		return fmt.Errorf("policy: resource kind %q lies in %q, which is not listed before it", k.Name, k.Parent)
	case k.NestAll && k.Parent == "":
		return fmt.Errorf("policy: resource kind %q has NestAll but no parent to be nested in", k.Name)
	case len(k.Types) > 0 && (k.Parent == "" || k.Named || k.Form != nil):
		return fmt.Errorf("policy: resource kind %q has types, so it must have a parent and no other form of ids", k.Name)
	case v.typed(parent):
		return fmt.Errorf("policy: resource kind %q lies in %q, which has types: nothing can lie in those", k.Name, k.Parent)
	case v.depth[parent]+1 > MaxDepth:
		return fmt.Errorf("policy: resource kind %q lies %d deep, at most %d is possible", k.Name, v.depth[parent]+1, MaxDepth)
	}
	v.kindNo[k.Name] = KindNo(len(v.kinds))
	v.kinds = append(v.kinds, k)
	v.parent = append(v.parent, parent)
	v.depth = append(v.depth, v.depth[parent]+1)
	return nil
}

func (v *Vocabulary) addGroup(g Group) error {
	scope, ok := v.kindNo[g.Scope]
	if !ok {
		return fmt.Errorf("policy: permission group %q acts on %q, which is not a resource kind", g.Name, g.Scope)
	}
	if _, ok := v.groupNo[g.ID]; ok || g.ID == "" {
		return fmt.Errorf("policy: permission group %q has no id of its own (%q)", g.Name, g.ID)
	}
	no := GroupNo(len(v.groups))
	v.groupNo[g.ID] = no
	v.groups = append(v.groups, g)
	v.scope = append(v.scope, scope)
	lowest := scope
	if g.Below != "" {
		lowest = v.kindNo[g.Below]
		if lowest == scope || !v.Below(lowest, scope) {
			return fmt.Errorf("policy: permission group %q acts on %q too, which is no kind below %q", g.Name, g.Below, g.Scope)
		}
	}
	for k := lowest; k != 0; k = v.parent[k] {
		v.reach[k].Add(no)
	}
	return nil
}

// Kind finds a kind by name; zero if there is none.
func (v *Vocabulary) Kind(name string) KindNo { return v.kindNo[name] }

// KindName is the kind's name, "" for a number that is no kind.
func (v *Vocabulary) KindName(k KindNo) string {
	if int(k) >= len(v.kinds) {
		return ""
	}
	return v.kinds[k].Name
}

// Kinds are the kinds in the order of their numbers, the first being number 1.
func (v *Vocabulary) Kinds() []Kind { return slices.Clone(v.kinds[1:]) }

// Parent is the kind that resources of kind k lie in, zero at the top.
func (v *Vocabulary) Parent(k KindNo) KindNo {
	if int(k) >= len(v.parent) {
		return 0
	}
	return v.parent[k]
}

// Below reports whether resources of kind k lie, at any depth, in resources of
// kind top, or are of that kind.
func (v *Vocabulary) Below(k, top KindNo) bool {
	for ; k != 0; k = v.Parent(k) {
		if k == top {
			return true
		}
	}
	return false
}

// Group finds a group's number by id.
func (v *Vocabulary) Group(id string) (GroupNo, bool) {
	no, ok := v.groupNo[id]
	return no, ok
}

// GroupByNo is the group with that number; the zero Group if there is none.
func (v *Vocabulary) GroupByNo(g GroupNo) Group {
	if int(g) >= len(v.groups) {
		return Group{}
	}
	return v.groups[g]
}

// Scope is the kind of resource that group g acts on.
func (v *Vocabulary) Scope(g GroupNo) KindNo {
	if int(g) >= len(v.scope) {
		return 0
	}
	return v.scope[g]
}

// Groups is the number of groups; their numbers are 0 to Groups()-1.
func (v *Vocabulary) Groups() int { return len(v.groups) }

// Reach is the set of groups that a policy on a resource of kind k can give: those
// whose scope is k or lies below k, and those that act on k too (Group.Below).
func (v *Vocabulary) Reach(k KindNo) *GroupSet {
	if int(k) >= len(v.reach) {
		return &v.reach[0]
	}
	return &v.reach[k]
}
