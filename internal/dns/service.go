package dns

import (
	"context"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// Service reads and changes the records of zones: those that a caller's
// [authority.RecordScope] has. What is out of it is not read, counted or told,
// but that records of one name must get along: see checkName.
type Service struct {
	store Store
	clock func() time.Time
}

// NewService makes a Service that keeps records in a store and takes the time
// from a clock.
func NewService(store Store, clock func() time.Time) *Service {
	return &Service{store: store, clock: clock}
}

// Stamp makes the audit event of one change: its action ("dns_record_create"),
// its verb ("create", "update" or "delete") and the record before and after, of
// which a creation lacks the first and a deletion the second. It may be called
// more than once for a change, and must do nothing but make the event.
type Stamp func(action, verb, recordID string, old, new *Record) authority.Event

// Get gives a record of a zone.
func (s *Service) Get(ctx context.Context, in *authority.RecordScope, id string) (Record, error) {
	r, err := find(ctx, s.store, in, id)
	return r, fromStore("read record "+id, err)
}

// List gives the page of a zone's records that the query asks for, and how many
// match in all. A page past the end is empty.
func (s *Service) List(ctx context.Context, in *authority.RecordScope, q Query) (page []Record, total int, err error) {
	match := q.matcher()
	all, err := s.seen(ctx, in, match)
	if err != nil {
		return nil, 0, err
	}
	q.sort(all)
	return q.page(all), len(all), nil
}

// seen gives those records of a zone that match.
func (s *Service) seen(ctx context.Context, in *authority.RecordScope, match func(Record) bool) ([]Record, error) {
	var all []Record
	err := s.store.Records(ctx, in.Zone().ID, func(r Record) bool {
		if in.Sees(r.Name, r.Type) && match(r) {
			all = append(all, r)
		}
		return true
	})
	return all, fromStore("list records of "+in.Zone().ID, err)
}

// Create makes a record.
func (s *Service) Create(ctx context.Context, in *authority.RecordScope, d Draft, stamp Stamp) (Record, error) {
	return s.one(ctx, in, Change{Verb: Post, Draft: d}, stamp)
}

// Put replaces a record: what the draft leaves out takes its default.
func (s *Service) Put(ctx context.Context, in *authority.RecordScope, id string, d Draft, stamp Stamp) (Record, error) {
	return s.one(ctx, in, Change{Verb: Put, ID: id, Draft: d}, stamp)
}

// Patch changes what the draft says and keeps the rest.
func (s *Service) Patch(ctx context.Context, in *authority.RecordScope, id string, d Draft, stamp Stamp) (Record, error) {
	return s.one(ctx, in, Change{Verb: Patch, ID: id, Draft: d}, stamp)
}

// Delete deletes a record and gives it back.
func (s *Service) Delete(ctx context.Context, in *authority.RecordScope, id string, stamp Stamp) (Record, error) {
	return s.one(ctx, in, Change{Verb: Delete, ID: id}, stamp)
}

func (s *Service) one(ctx context.Context, in *authority.RecordScope, c Change, stamp Stamp) (Record, error) {
	all, err := s.Apply(ctx, in, []Change{c}, stamp)
	if err != nil {
		return Record{}, err
	}
	return all[0], nil
}
