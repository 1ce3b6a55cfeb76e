package dns

import (
	"context"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
)

// Forbidden is the answer to changes that are not all the caller's to make. None
// of them was made. At most maxFaults of them are told.
//
// It says nothing of records that the caller may not read: a change is judged by
// the record that it is about, which they may read, and by what the draft would
// make of it.
type Forbidden struct{ Changes []ForbiddenChange }

// ForbiddenChange is a change of a record of this name and type, or one that
// would make such a record.
type ForbiddenChange struct {
	At         string // as Change.At
	Name, Type string
	Why        error // of the authority, CodeForbidden
}

func (e *Forbidden) Error() string {
	all := make([]string, len(e.Changes))
	for i, c := range e.Changes {
		all[i] = lineName(c.Name, c.Type) + c.Why.Error()
	}
	return strings.Join(all, "; ")
}

// Unwrap gives the authority's error.
func (e *Forbidden) Unwrap() error { return e.Changes[0].Why }

// mayChange refuses what may not be done to a record, or come of it. at is where
// that is asked for in the request.
func mayChange(in *authority.RecordScope, r *Record, at string) error {
	if in.Decide(r.Name, r.Type).Allowed {
		return nil
	}
	return &Forbidden{[]ForbiddenChange{{at, r.Name, r.Type, in.Denied(r.Name, r.Type)}}}
}

// find reads a record. One that the caller may not read is not there.
func find(ctx context.Context, from Reader, in *authority.RecordScope, id string) (Record, error) {
	r, err := from.Record(ctx, in.Zone().ID, id)
	switch {
	case err != nil:
		return Record{}, err
	case !in.Sees(r.Name, r.Type):
		return Record{}, authority.ErrNotFound
	}
	return r, nil
}
