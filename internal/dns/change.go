package dns

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
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
	// At is where the change stands among others in what the caller sent, a
	// JSON pointer such as /posts/0. What is wrong with it is then said with
	// pointers below it. "" is a change by itself.
	At string
}

// attempts is how often changes are tried when somebody else changed the same
// records meanwhile.
const attempts = 3

// MaxChanges is how many changes one call may make: as many as upstream allows
// on its paid plans.
const MaxChanges = 3500

// maxFaults is how many things that are wrong with a call are told.
const maxFaults = 100

// Apply makes all changes in their order, or none. Which records may stand next
// to each other is judged once at the end, so that what a change puts in the
// way of another may be gone by then. It gives the records as they are after
// it, in the order of the changes, and deleted ones as they were.
//
// There may be MaxChanges at most. All that is wrong with the changes by
// themselves is told at once, or which of them are not the caller's to make, as
// a Forbidden; what is wrong between records only when nothing else is.
func (s *Service) Apply(ctx context.Context, in *authority.RecordScope, changes []Change, stamp Stamp) ([]Record, error) {
	if len(changes) > MaxChanges {
		return nil, invalid([]Fault{{numValue, "", fmt.Sprintf("At most %d changes are possible in one call, here are %d.", MaxChanges, len(changes))}})
	}
	var out []Record
	err := s.write(ctx, in, stamp, len(changes), func(ctx context.Context, b *batch) (err error) {
		out, err = b.run(ctx, changes)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// write runs f in one transaction, again when somebody else changed the same
// records meanwhile. f gets ids for n new records.
func (s *Service) write(ctx context.Context, in *authority.RecordScope, stamp Stamp, n int, f func(context.Context, *batch) error) error {
	var err error
	for range attempts {
		b := batch{in: in, zone: *in.Zone(), ids: newIDs(n), stamp: stamp, now: s.clock().UTC().Truncate(time.Microsecond)}
		err = s.store.WriteRecords(ctx, func(ctx context.Context, tx Tx) error {
			b.tx, b.touched = tx, touched{}
			return f(ctx, &b)
		})
		if !errors.Is(err, authority.ErrConflict) && !errors.Is(err, authority.ErrExists) {
			break
		}
	}
	return fromStore("change records of "+in.Zone().ID, err)
}

// batch is one attempt at several changes.
type batch struct {
	tx      Tx
	in      *authority.RecordScope
	zone    authority.Zone // of in
	ids     []string       // for those that Post makes
	stamp   Stamp
	now     time.Time
	touched touched
}

// touched says where changed records come from in the request, by the name that
// they have now and by id.
type touched map[string]map[string]string

func (t touched) add(r Record, at string) {
	if t[r.Name] == nil {
		t[r.Name] = map[string]string{}
	}
	t[r.Name][r.ID] = at
}

func (b *batch) run(ctx context.Context, changes []Change) ([]Record, error) {
	var all wrong
	out := make([]Record, len(changes))
	for i, c := range changes {
		old, new, err := b.apply(ctx, &c, b.ids[i])
		if all.take(&c, err) {
			if all.enough() {
				break
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := b.changed(ctx, old, new, c.At); err != nil {
			return nil, err
		}
		out[i] = *or(new, old)
	}
	if err := all.err(); err != nil {
		return nil, err
	}
	c, err := b.conflict(ctx)
	switch {
	case err != nil:
		return nil, err
	case c == nil:
		return out, nil
	case c.at == "":
		return nil, exists(c.number, c.message)
	}
	return nil, &Error{Code: authority.CodeExists, Number: c.number, Message: c.message, Chain: []Fault{{c.number, c.at, c.message}}}
}

// changed writes down a change that was made.
func (b *batch) changed(ctx context.Context, old, new *Record, at string) error {
	if new != nil {
		b.touched.add(*new, at)
	}
	return b.tx.AppendEvent(ctx, b.event(old, new))
}

// conflict finds the first rule that changed records break with others, nil if
// there is none.
func (b *batch) conflict(ctx context.Context) (*conflict, error) {
	for _, name := range slices.Sorted(maps.Keys(b.touched)) {
		all, err := b.tx.RecordsByName(ctx, b.zone.ID, name)
		if err != nil {
			return nil, err
		}
		if c := checkName(b.zone, all, b.touched[name]); c != nil {
			c.at = b.touched[name][c.record.ID]
			return c, nil
		}
	}
	return nil, nil
}

// apply makes one change and gives the record before and after. Both must be
// the caller's to change: what it is called and what it is now, in this
// transaction, and what the change would make of it.
func (b *batch) apply(ctx context.Context, c *Change, id string) (old, new *Record, err error) {
	if c.Verb == Post {
		r, err := b.allowed(c.Draft, c.At, Record{ID: id, CreatedOn: b.now, Version: 1}, Record{})
		if err != nil {
			return nil, nil, err
		}
		return nil, &r, b.tx.InsertRecord(ctx, r)
	}
	was, err := find(ctx, b.tx, b.in, c.ID)
	if err != nil {
		return nil, nil, err
	}
	if err := mayChange(b.in, &was, c.At); err != nil {
		return nil, nil, err
	}
	if c.Verb == Delete {
		return &was, nil, b.tx.DeleteRecord(ctx, b.zone.ID, was.ID, was.Version)
	}
	base := was
	if c.Verb == Put {
		base = Record{ID: was.ID, CreatedOn: was.CreatedOn, Version: was.Version}
	}
	r, err := b.allowed(c.Draft, c.At, base, was)
	if err != nil {
		return nil, nil, err
	}
	if err := b.tx.UpdateRecord(ctx, r); err != nil {
		return nil, nil, err
	}
	r.Version++
	return &was, &r, nil
}

// allowed is draft for what the caller may make. at is where the draft stands in
// the request.
func (b *batch) allowed(d Draft, at string, base, was Record) (Record, error) {
	r, err := b.draft(d, base, was)
	if err != nil {
		return Record{}, err
	}
	return r, mayChange(b.in, &r, at)
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
