package authority

import (
	"context"
	"errors"

	"github.com/tokenward/tokenward/internal/policy"
)

// RecordScope says on which records of a zone a caller may do an operation. It is
// good for one request, as its Caller is. The zero RecordScope allows nothing.
type RecordScope struct {
	zone  Zone
	world *world
	kinds kinds

	caller    *Caller
	do, read  policy.Access // the operation, and reading records, on the zone
	whole     bool          // the operation may be done on every record
	seesWhole bool          // every record may be read
}

// RecordParts are what policies give and take away of an operation's groups on
// records of a zone, in patterns such as "TXT:_acme-challenge.*". An access is
// allowed where both allow it.
type RecordParts struct {
	Token []policy.Part // of the token's own policies; nil where they allow it on every record
	Owner []policy.Part // of the roles and policies of the user who owns it, in the same way
}

// RecordDenial is the record that an operation was denied on, why, and on which it
// is allowed.
type RecordDenial struct {
	Type, Name string
	Ref        policy.Ref // the zero Ref where it is not spelled as records are
	Decision   policy.Decision
	Parts      RecordParts
}

// RecordScope judges an operation on the records of a zone, for who is going to
// judge each of them. Zone is for all other operations.
//
// Errors: as Zone. CodeForbidden is for who may do it on no record, and on no
// other one that there could be.
func (a *Authority) RecordScope(ctx context.Context, c Caller, op, zoneID string) (RecordScope, error) {
	path, err := a.zoneRef(zoneID)
	if err != nil {
		return RecordScope{}, err
	}
	w := a.worldOf(&c)
	operation, ok := w.catalog.Operation(op)
	if c.context == Nobody || !ok || operation.Records == 0 {
		return RecordScope{}, forbidden(policy.Decision{})
	}
	s := RecordScope{world: w, kinds: a.kinds, caller: &c, do: accessTo(operation, path, c.addr)}
	if err := a.locate(ctx, &s.do.Path, a.feed.fresh(c.now)); err != nil {
		return RecordScope{}, err
	}
	d := c.decide(&s.do, a.kinds)
	if !d.Allowed && d.Reason != policy.PartOfZone {
		return RecordScope{}, forbidden(d)
	}
	s.read = s.do
	s.read.Accepted = a.ops[OpDNSGet].Accepted
	s.whole, s.seesWhole = d.Allowed, c.decide(&s.read, a.kinds).Allowed
	s.zone, err = a.zone(ctx, zoneID)
	var own *Error
	if a.zoneAccountOf != nil && errors.As(err, &own) && own.Code == CodeNotFound { // it is kept elsewhere
		s.zone, err = Zone{ID: zoneID}, nil
	}
	return s, err
}

// Zone is the zone of the records, with nothing but its id where zones are not kept
// here.
func (s *RecordScope) Zone() *Zone { return &s.zone }

// Whole reports whether the operation may be done on every record of the zone,
// those included that are not there yet.
func (s *RecordScope) Whole() bool { return s.whole }

// Decide judges the operation on one record. name is complete, in lower case and in
// Punycode, without a trailing dot; in another spelling it is denied. Decide asks
// nobody and may be called inside a transaction.
func (s *RecordScope) Decide(name, typ string) policy.Decision {
	if s.whole {
		return policy.Decision{Allowed: true, Reason: policy.Granted}
	}
	return s.decide(s.do, name, typ)
}

// Sees reports whether the caller may read a record. One that may not be read is,
// for the caller, not there.
func (s *RecordScope) Sees(name, typ string) bool {
	return s.seesWhole || s.decide(s.read, name, typ).Allowed
}

func (s *RecordScope) decide(access policy.Access, name, typ string) policy.Decision {
	if s.caller == nil {
		return policy.Decision{}
	}
	record, ok := s.world.vocabulary.Record(s.kinds.record, typ, name)
	if !ok {
		return policy.Decision{}
	}
	access.Path, access.Each = access.Path.Holding(record), 0
	return s.caller.decide(&access, s.kinds)
}

// Denied is the error for an operation that Decide denied on a record that the
// caller may know of: one that they named, or that Sees shows them.
func (s *RecordScope) Denied(name, typ string) error {
	no := RecordDenial{Type: typ, Name: name, Decision: s.Decide(name, typ), Parts: s.Parts()}
	if s.caller != nil {
		no.Ref, _ = s.world.vocabulary.Record(s.kinds.record, typ, name)
	}
	return &Error{
		Code: CodeForbidden, Message: "Unauthorized to access requested resource",
		Err: errors.New("it is not allowed on " + typ + " " + name), Record: &no,
	}
}

// Parts are what decides on which records the operation is allowed.
func (s *RecordScope) Parts() RecordParts {
	if s.caller == nil {
		return RecordParts{}
	}
	return s.caller.parts(&s.do)
}

// parts is RecordScope.Parts for an access to each record of a zone.
func (c *Caller) parts(access *policy.Access) (out RecordParts) {
	if c.record != nil {
		out.Token = partsOf(&c.record.set, access)
	}
	if c.person != nil {
		out.Owner = partsOf(&c.rights().set, access)
	}
	return out
}

func partsOf(set *policy.Set, access *policy.Access) []policy.Part {
	if access.Each == 0 || set.Evaluate(access).Allowed {
		return nil
	}
	return set.Parts(access)
}
