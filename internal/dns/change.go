package dns

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// Verb is what a Change does.
type Verb uint8

// The verbs.
const (
	Post   Verb = iota // create
	Put                // replace
	Patch              // change some of it
	Delete             //
)

// Change is one change of a zone's records.
type Change struct {
	Verb  Verb
	ID    string // of the record; Post gives it one
	Draft Draft  // unused by Delete
}

// attempts is how often changes are tried when somebody else changed the same
// records meanwhile.
const attempts = 3

// Apply makes all changes in their order, or none. Which records may stand next
// to each other is judged once at the end, so that what a change puts in the
// way of another may be gone by then. It gives the records as they are after
// it, in the order of the changes, and deleted ones as they were.
func (s *Service) Apply(ctx context.Context, zone authority.Zone, changes []Change, stamp Stamp) ([]Record, error) {
	var out []Record
	var err error
	for range attempts {
		b := batch{
			zone: zone, changes: changes, ids: newIDs(len(changes)), stamp: stamp,
			now: s.clock().UTC().Truncate(time.Microsecond),
		}
		err = s.store.WriteRecords(ctx, func(ctx context.Context, tx Tx) error {
			var err error
			out, err = b.run(ctx, tx)
			return err
		})
		if !errors.Is(err, authority.ErrConflict) && !errors.Is(err, authority.ErrExists) {
			break
		}
	}
	if err != nil {
		return nil, fromStore("change records of "+zone.ID, err)
	}
	return out, nil
}

// batch is one attempt.
type batch struct {
	zone    authority.Zone
	changes []Change
	ids     []string // for those that Post makes
	stamp   Stamp
	now     time.Time
}

// touched are the ids of changed records by the name that they have now.
type touched map[string]map[string]bool

func (b *batch) run(ctx context.Context, tx Tx) ([]Record, error) {
	names := touched{}
	out := make([]Record, len(b.changes))
	for i, c := range b.changes {
		old, new, err := b.apply(ctx, tx, c, b.ids[i])
		if err != nil {
			return nil, err
		}
		if err := tx.AppendEvent(ctx, b.event(old, new)); err != nil {
			return nil, err
		}
		if out[i] = *or(new, old); new != nil {
			names.add(*new)
		}
	}
	for name, ids := range names {
		all, err := tx.RecordsByName(ctx, b.zone.ID, name)
		if err != nil {
			return nil, err
		}
		if err := checkName(b.zone, all, ids); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (t touched) add(r Record) {
	if t[r.Name] == nil {
		t[r.Name] = map[string]bool{}
	}
	t[r.Name][r.ID] = true
}

// apply makes one change and gives the record before and after.
func (b *batch) apply(ctx context.Context, tx Tx, c Change, id string) (old, new *Record, err error) {
	if c.Verb == Post {
		r, err := b.draft(c.Draft, Record{ID: id, CreatedOn: b.now, Version: 1}, Record{})
		if err != nil {
			return nil, nil, err
		}
		return nil, &r, tx.InsertRecord(ctx, r)
	}
	was, err := tx.Record(ctx, b.zone.ID, c.ID)
	if err != nil {
		return nil, nil, err
	}
	if c.Verb == Delete {
		return &was, nil, tx.DeleteRecord(ctx, b.zone.ID, was.ID, was.Version)
	}
	base := was
	if c.Verb == Put {
		base = Record{ID: was.ID, CreatedOn: was.CreatedOn, Version: was.Version}
	}
	r, err := b.draft(c.Draft, base, was)
	if err != nil {
		return nil, nil, err
	}
	if err := tx.UpdateRecord(ctx, r); err != nil {
		return nil, nil, err
	}
	r.Version++
	return &was, &r, nil
}

// draft makes the record of a draft on top of base, and dates it by what is new
// since it was.
func (b *batch) draft(d Draft, base, was Record) (Record, error) {
	r, faults := d.apply(b.zone, base)
	if len(faults) > 0 {
		return Record{}, invalid(faults)
	}
	r.ModifiedOn = b.now
	r.CommentModifiedOn = b.noted(r.Comment != "", r.Comment == was.Comment, was.CommentModifiedOn)
	r.TagsModifiedOn = b.noted(len(r.Tags) > 0, slices.Equal(r.Tags, was.Tags), was.TagsModifiedOn)
	return r, nil
}

// noted is when a comment or tags were last changed: never while there is none.
func (b *batch) noted(some, same bool, was time.Time) time.Time {
	switch {
	case !some:
		return time.Time{}
	case same:
		return was
	}
	return b.now
}

func (b *batch) event(old, new *Record) authority.Event {
	verb := "update"
	switch {
	case old == nil:
		verb = "create"
	case new == nil:
		verb = "delete"
	}
	return b.stamp("dns_record_"+verb, verb, or(new, old).ID, old, new)
}

func or(a, b *Record) *Record {
	if a != nil {
		return a
	}
	return b
}

// newIDs makes ids of 32 hex digits.
func newIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		var b [16]byte
		rand.Read(b[:]) // never fails
		ids[i] = hex.EncodeToString(b[:])
	}
	return ids
}
