package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/policy"
)

// Spec is a custom catalogue, read and looked through: what Extend builds an API
// of. Kinds and groups are named, not numbered.
type Spec struct {
	Name, Title, Description string
	Account                  string // see API
	CallersAccount           bool
	Kinds                    []policy.Kind // a parent before its children; each has a Form
	Groups                   []Group
	Operations               []OperationSpec
	Templates                []Template // with Key, Name, Description, Groups, ForAccount and Accounts
}

// OperationSpec is an operation of a Spec.
type OperationSpec struct {
	ID, Method, Template string
	Product, Summary     string
	Rule                 Rule
	Family               Family
	Groups               []string // ids of accepted groups
	Params               []ParamSpec
	Places               []PlaceSpec // leaf first
	List                 *ListSpec
}

// ParamSpec is a parameter of a template, in the order of the template.
type ParamSpec struct {
	Name   string
	Opaque bool           // one segment, any escapes
	Rest   bool           // the rest of the path
	Form   *policy.IDForm // nil for any segment
}

// PlaceSpec is a Place by the name of its kind.
type PlaceSpec struct {
	Kind string
	In   PlaceIn
	Name string
}

// ListSpec is a List by the names of its kinds.
type ListSpec struct {
	Items  string
	Rows   []PlaceSpec
	Paging Paging
}

// Extend is base with the APIs of custom catalogues beside it. Groups, kinds and
// operations of base keep their numbers and are shared with it, so what was
// matched with the one can be judged by the other. base has no APIs yet.
func Extend(base *Catalog, specs ...*Spec) (*Catalog, error) {
	c := *base
	c.byID, c.accounts = maps.Clone(base.byID), map[policy.KindNo]string{}
	c.groups, c.templates, c.apis = slices.Clone(base.groups), slices.Clone(base.templates), nil
	var err error
	if c.vocabulary, err = c.widen(specs); err != nil {
		return nil, fmt.Errorf("catalog: %w", err)
	}
	for _, s := range specs {
		if err := c.addAPI(s); err != nil {
			return nil, fmt.Errorf("catalog: %s: %w", s.Name, err)
		}
		c.templates = append(c.templates, s.Templates...)
	}
	return &c, nil
}

// widen makes the vocabulary of c and the specs, and adds their groups to c.
func (c *Catalog) widen(specs []*Spec) (*policy.Vocabulary, error) {
	kinds := c.vocabulary.Kinds()
	labels := make(map[string]bool, len(c.groups))
	for _, g := range c.groups {
		labels[g.Label] = true
	}
	for _, s := range specs {
		kinds = append(kinds, s.Kinds...)
		for _, g := range s.Groups {
			if labels[g.Label] {
				return nil, fmt.Errorf("%s: the label %q is taken", s.Name, g.Label)
			}
			labels[g.Label] = true
			g.API = s.Name
			c.groups = append(c.groups, g)
		}
	}
	groups := make([]policy.Group, len(c.groups))
	for i := range groups {
		groups[i] = c.groups[i].Group
	}
	return policy.NewVocabulary(undot(kinds), groups)
}

// undot takes the ids with a dot away from kinds in whose names others begin: the
// key of one resource would read as another's.
func undot(kinds []policy.Kind) []policy.Kind {
	for i := range kinds {
		longer := func(k policy.Kind) bool { return strings.HasPrefix(k.Name, kinds[i].Name+".") }
		if kinds[i].Form != nil && slices.ContainsFunc(kinds, longer) {
			kinds[i].Form = kinds[i].Form.Undotted()
		}
	}
	return kinds
}

func (c *Catalog) addAPI(s *Spec) error {
	if _, twice := c.API(s.Name); twice {
		return fmt.Errorf("another catalogue has this name")
	}
	a := &API{Name: s.Name, Title: s.Title, Description: s.Description, Account: s.Account, CallersAccount: s.CallersAccount}
	a.routes = Catalog{vocabulary: c.vocabulary, byID: map[string]*Operation{}}
	if s.Account != "" {
		for _, k := range s.Kinds {
			c.accounts[c.vocabulary.Kind(k.Name)] = s.Account
		}
	}
	for i := range s.Operations {
		op, err := c.operationOf(a, &s.Operations[i])
		if err == nil {
			err = a.routes.add(op)
		}
		if err != nil {
			return fmt.Errorf("operation %s: %w", s.Operations[i].ID, err)
		}
		if _, twice := c.byID[op.ID]; twice {
			return fmt.Errorf("operation %s is there twice", op.ID)
		}
		c.byID[op.ID] = op
	}
	c.apis = append(c.apis, a)
	return nil
}

// OperationID is the id of a custom catalogue's operation among all operations.
func OperationID(api, id string) string { return api + ":" + id }

func (c *Catalog) operationOf(a *API, s *OperationSpec) (*Operation, error) {
	names, err := CheckTemplate(s.Template)
	if err != nil {
		return nil, err
	}
	own := &custom{api: a}
	op := &Operation{
		ID: OperationID(a.Name, s.ID), Method: s.Method, Template: s.Template, Product: s.Product, Summary: s.Summary,
		Rule: s.Rule, Family: s.Family, Target: TargetPlaces, Accepted: new(policy.GroupSet), custom: own,
	}
	for _, id := range s.Groups {
		no, ok := c.vocabulary.Group(id)
		if !ok {
			return nil, fmt.Errorf("there is no group %q", id)
		}
		op.Accepted.Add(no)
	}
	if err := op.describe(names, s.Params); err != nil {
		return nil, err
	}
	if own.places, err = c.placesOf(op, s.Places); err != nil {
		return nil, err
	}
	if s.List != nil {
		own.list = &List{Items: s.List.Items, Paging: s.List.Paging}
		if own.list.Rows, err = c.placesOf(op, s.List.Rows); err != nil {
			return nil, err
		}
	}
	if a.Account != "" {
		own.top = policy.MakeRef(c.vocabulary.Kind(KindAccount), a.Account)
	}
	return op, nil
}

// describe sets the parameters of a template.
func (op *Operation) describe(names []string, params []ParamSpec) error {
	if len(names) != len(params) {
		return fmt.Errorf("%d parameters are described, the path has %d", len(params), len(names))
	}
	for i, p := range params {
		if p.Name != names[i] {
			return fmt.Errorf("parameter %s is described where the path has %s", p.Name, names[i])
		}
		as := shapeSegment
		switch {
		case p.Rest:
			as = shapeRest
		case p.Opaque:
			as = shapeOpaque
		}
		op.params = append(op.params, param{p.Name, as})
		op.custom.forms = append(op.custom.forms, p.Form)
	}
	op.slash = !strings.Contains(lastSegment(op.Template), "{")
	return nil
}

func (c *Catalog) placesOf(op *Operation, specs []PlaceSpec) ([]Place, error) {
	var out []Place
	kinds := c.vocabulary.Kinds()
	for _, s := range specs {
		p := Place{Kind: c.vocabulary.Kind(s.Kind), In: s.In, Name: s.Name}
		if p.Kind == 0 {
			return nil, fmt.Errorf("there is no kind %q", s.Kind)
		}
		p.form = kinds[p.Kind-1].Form
		if s.In == InPath {
			p.param = slices.IndexFunc(op.params, func(q param) bool { return q.name == s.Name })
			if p.param < 0 {
				return nil, fmt.Errorf("the path has no parameter %q", s.Name)
			}
		}
		out = append(out, p)
	}
	return out, nil
}
