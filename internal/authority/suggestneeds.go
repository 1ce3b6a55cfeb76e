package authority

import (
	"slices"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/narrowing"
	"github.com/tokenward/tokenward/internal/policy"
)

// handsOn reports whether an operation gives others what its caller has itself:
// its ceiling is everything that the caller may do, and which part of that was
// needed is not counted.
func handsOn(op string) bool {
	switch op {
	case OpAcctTokenCreate, OpAcctTokenUpdate, OpAcctTokenRoll, OpMemberAdd, OpMemberUpdate, OpMemberDelete,
		OpResGroupUpdate, OpAccountUpdate, OpAccountDelete:
		return true
	}
	return false
}

// listed is a list that was asked for. Its rows are those that the caller may
// read.
type listed struct {
	kind     policy.KindNo
	accepted *policy.GroupSet // any one of them shows a row
	all      policy.Path      // all rows, where it is known in what they lie
	open     bool             // which may lie in more
	op       string
	count    int64
	lastOn   time.Time
}

// use finds what a use needs to be allowed again.
func (s *suggester) use(u *UseSum) error {
	if u.Use.Denied {
		return nil
	}
	op, ok := s.w.catalog.Operation(u.Use.Operation)
	if !ok {
		return s.unknown(u)
	}
	s.handsOn = s.handsOn || handsOn(op.ID)
	switch op.Rule {
	case catalog.Groups:
		path, open, found, err := s.place(op, u.Use.Resource)
		if err != nil || !found {
			s.gone += u.Count
			return err
		}
		s.need(u, op.Accepted, path, open)
	case catalog.Rows:
		s.rows(op, u)
	case catalog.Live:
		s.live(op, u)
	}
	s.beside(op, u)
	return nil
}

func (s *suggester) need(u *UseSum, accepted *policy.GroupSet, path policy.Path, open bool) {
	s.needs = append(s.needs, narrowing.Need{
		Accepted: *accepted, Path: path, Open: open, Operation: u.Use.Operation, Count: u.Count, LastOn: u.LastOn,
	})
	s.anywhere = s.anywhere || open || path.Len() == 0
}

// also is a need beside those of requests: something that their answers depend on.
func (s *suggester) also(n narrowing.Need) {
	n.Beside = true
	s.needs = append(s.needs, n)
}

// unknown is the use of an operation that the catalogue no longer has, or calls
// something else. What allowed it stays.
func (s *suggester) unknown(u *UseSum) error {
	no, ok := s.w.vocabulary.Group(u.Use.Group)
	if !ok {
		return nil
	}
	var only policy.GroupSet
	only.Add(no)
	path, found, err := s.located(u.Use.Resource)
	if err != nil || !found {
		s.gone += u.Count
		return err
	}
	s.need(u, &only, path, true)
	return nil
}

// rows is the use of an operation of a custom catalogue whose answer is a list:
// of all that lies in a resource, or of all there is.
func (s *suggester) rows(op *catalog.Operation, u *UseSum) {
	l := listed{kind: op.List().Rows[0].Kind, accepted: op.Accepted, op: op.ID, count: u.Count, lastOn: u.LastOn}
	if len(op.Places()) > 0 {
		holder, open := s.custom(op, u.Use.Resource)
		if holder.Len() > 0 && holder.Leaf().Kind != l.kind {
			l.all, l.open = policy.NewPath(policy.Ref{Kind: l.kind}), open
			for i := range holder.Len() {
				l.all.Extend(holder.At(i))
			}
		}
	}
	s.lists = append(s.lists, l)
}

// live is the use of an operation that any live credential may ask for, and whose
// handler judges the rest.
func (s *suggester) live(op *catalog.Operation, u *UseSum) {
	list := func(kind policy.KindNo, get string) {
		s.lists = append(s.lists, listed{kind: kind, accepted: s.a.ops[get].Accepted, op: op.ID, count: u.Count, lastOn: u.LastOn})
	}
	switch {
	case op.ID == OpZoneList:
		list(s.w.kinds.zone, OpZoneGet)
	case op.ID == OpAccountList || op.ID == OpZoneCreate:
		// An account's token sees its own account, whatever it may do there.
		if s.out.Token.Owner.Kind == OwnerUser {
			list(s.w.kinds.account, OpAccountGet)
		}
		if op.ID == OpZoneCreate { // in which account, the body said
			s.need(u, s.a.ops[op.ID].Accepted, policy.NewPath(policy.Ref{Kind: s.w.kinds.zone}), true)
		}
	case !op.Accepted.Empty():
		s.need(u, op.Accepted, policy.Path{}, false)
	}
}

// beside is what else some handlers ask for.
func (s *suggester) beside(op *catalog.Operation, u *UseSum) {
	var other string
	switch op.ID {
	case OpUserAudit: // shows tokens to who may list them
		other = OpUserTokenList
	case OpUserExplain: // of drafts
		other = OpUserTokenCreate
	case OpAcctExplain:
		other = OpAcctTokenCreate
	default:
		return
	}
	if ref, ok := s.w.ref(u.Use.Resource); ok {
		s.also(narrowing.Need{Accepted: *s.a.ops[other].Accepted, Path: policy.NewPath(ref), Operation: op.ID})
	}
}

// see keeps lists as they were, for what the token was used on: what it works with
// it will still find. When it only listed, all of the list stays.
func (s *suggester) see() {
	used := s.needs
	for i := range s.lists {
		l := &s.lists[i]
		n := narrowing.Need{Accepted: *l.accepted, Operation: l.op, Count: l.count, LastOn: l.lastOn}
		var seen []policy.Path
		for k := range used {
			path := from(&used[k].Path, l.kind)
			if path.Len() == 0 || slices.Contains(seen, path) {
				continue
			}
			seen = append(seen, path)
			n.Path, n.Open = path, used[k].Open
			s.also(n)
			n.Count = 0 // counted once
		}
		if len(seen) == 0 {
			n.Path, n.Open = l.all, l.open
			s.also(n)
		}
	}
}

// from is the part of a path that begins with its resource of a kind, the zero
// Path where it names none.
func from(p *policy.Path, kind policy.KindNo) policy.Path {
	var refs []policy.Ref
	for i := range p.Len() {
		if ref := p.At(i); len(refs) > 0 || ref.Kind == kind && !ref.Any() {
			refs = append(refs, ref)
		}
	}
	return policy.NewPath(refs...)
}
