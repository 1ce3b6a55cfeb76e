package catalog

import "github.com/tokenward/tokenward/internal/policy"

// PlaceIn says in which part of a request a resource is named. The zero value is
// nowhere.
type PlaceIn uint8

// Parts of a request.
const (
	InPath  PlaceIn = iota + 1 // Name is a parameter of the path
	InQuery                    // Name is a parameter of the query, which must occur once
	InBody                     // Name is a JSON pointer into the body, to a string or an integer
	InNone                     // the resource does not exist yet, or it is all of its kind
)

// String is the part as catalogue files spell it.
func (p PlaceIn) String() string { return nameAt(placeNames[:], int(p)) }

var placeNames = [...]string{"nowhere", "path", "query", "body", "new"}

// Place is where a request names a resource that its operation acts on, or one
// that holds it.
type Place struct {
	Kind policy.KindNo
	In   PlaceIn
	Name string

	param int            // of InPath
	form  *policy.IDForm // nil for an account
}

// List says what must be filtered in the answer of an operation: only rows that
// the caller may see are to be handed on.
type List struct {
	Items string // JSON pointer to the array; "" is the whole answer
	// Rows says where in an item stand the ids of the row's resource and of what
	// holds it, leaf first, as far as the request does not say it.
	Rows   []Place
	Paging Paging
}

// Paging is where an answer counts its rows: JSON pointers, "" where there is no
// such member.
type Paging struct {
	Count      string // rows of this page
	TotalCount string // rows of all pages
	TotalPages string
	Page       string
	PerPage    string
	Cursor     string // of the next page
	MaxPerPage int    // rows of a page at most, 0 for not said
}

// Places are where a request names the operation's resource, leaf first; none in
// the built-in catalogue, whose paths say it all (see Target).
func (op *Operation) Places() []Place {
	if op.custom == nil {
		return nil
	}
	return op.custom.places
}

// List is what must be filtered in the operation's answer, nil for nothing.
func (op *Operation) List() *List {
	if op.custom == nil {
		return nil
	}
	return op.custom.list
}

// NeedsBody reports whether a resource is named in the body, so that nobody can
// judge a request before it has been read.
func (op *Operation) NeedsBody() bool {
	for _, p := range op.Places() {
		if p.In == InBody {
			return true
		}
	}
	return false
}

// placed is the resource of a custom catalogue's operation by the path alone.
func (m *Match) placed() policy.Path {
	return m.ResourceFrom(func(Place) (string, bool) { return "", false })
}

// ResourceFrom is the resource that a request to a custom catalogue's operation
// names. find gives the values that stand in the query or in the body. A value
// that is missing, or that no resource of its kind could have as its id, makes
// the zero Path, which nothing covers.
//
// The account that holds all is in the path where the catalogue or the request
// names one; where it is the caller's, Operation.PlaceIn adds it.
func (m *Match) ResourceFrom(find func(Place) (string, bool)) policy.Path {
	if m.Op == nil || m.Op.custom == nil {
		return policy.Path{}
	}
	return m.path(m.Op.custom.places, find)
}

// Row is the resource of a row of the operation's list. find gives the values
// that stand in the item, inRequest those of the request.
func (m *Match) Row(find, inRequest func(Place) (string, bool)) policy.Path {
	if m.Op == nil || m.Op.List() == nil {
		return policy.Path{}
	}
	rows := m.Op.custom.list.Rows
	return m.path(append(rows[:len(rows):len(rows)], m.Op.container()...), func(p Place) (string, bool) {
		for i := range rows {
			if rows[i] == p {
				return find(p)
			}
		}
		return inRequest(p)
	})
}

// container is the places of what holds a list: without the kind that is all of
// its rows.
func (op *Operation) container() []Place {
	places := op.custom.places
	for len(places) > 0 && places[0].In == InNone {
		places = places[1:]
	}
	return places
}

func (m *Match) path(places []Place, find func(Place) (string, bool)) policy.Path {
	top := m.Op.custom.top
	if len(places) == 0 {
		return policy.NewPath(top) // the zero Path without an account
	}
	var path policy.Path
	for i := range places {
		ref, ok := m.refOf(&places[i], find)
		switch {
		case !ok:
			return policy.Path{}
		case i == 0:
			path = policy.NewPath(ref)
		default:
			path.Extend(ref)
		}
	}
	if top.Kind != 0 {
		path.Extend(top)
	}
	return path
}

func (m *Match) refOf(p *Place, find func(Place) (string, bool)) (policy.Ref, bool) {
	var id string
	ok := true
	switch p.In {
	case InNone:
		return policy.Ref{Kind: p.Kind}, true
	case InPath:
		id = m.values[p.param]
	default:
		id, ok = find(*p)
	}
	if !ok {
		return policy.Ref{}, false
	}
	if p.form != nil {
		ok = p.form.Fits(id)
	} else {
		ok = isID(id)
	}
	ref := policy.MakeRef(p.Kind, id)
	return ref, ok && !ref.Any()
}
