package dns

import (
	"context"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// Service reads and changes the records of zones. Whether the caller may has
// been judged before.
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
func (s *Service) Get(ctx context.Context, zone authority.Zone, id string) (Record, error) {
	r, err := s.store.Record(ctx, zone.ID, id)
	return r, fromStore("read record "+id, err)
}

// List gives the page of a zone's records that the query asks for, and how many
// match in all. A page past the end is empty.
func (s *Service) List(ctx context.Context, zone authority.Zone, q Query) (page []Record, total int, err error) {
	var all []Record
	match := q.matcher()
	err = s.store.Records(ctx, zone.ID, func(r Record) bool {
		if match(r) {
			all = append(all, r)
		}
		return true
	})
	if err != nil {
		return nil, 0, fromStore("list records of "+zone.ID, err)
	}
	q.sort(all)
	return q.page(all), len(all), nil
}

// Create makes a record.
func (s *Service) Create(ctx context.Context, zone authority.Zone, d Draft, stamp Stamp) (Record, error) {
	return s.one(ctx, zone, Change{Verb: Post, Draft: d}, stamp)
}

// Put replaces a record: what the draft leaves out takes its default.
func (s *Service) Put(ctx context.Context, zone authority.Zone, id string, d Draft, stamp Stamp) (Record, error) {
	return s.one(ctx, zone, Change{Verb: Put, ID: id, Draft: d}, stamp)
}

// Patch changes what the draft says and keeps the rest.
func (s *Service) Patch(ctx context.Context, zone authority.Zone, id string, d Draft, stamp Stamp) (Record, error) {
	return s.one(ctx, zone, Change{Verb: Patch, ID: id, Draft: d}, stamp)
}

// Delete deletes a record and gives it back.
func (s *Service) Delete(ctx context.Context, zone authority.Zone, id string, stamp Stamp) (Record, error) {
	return s.one(ctx, zone, Change{Verb: Delete, ID: id}, stamp)
}

func (s *Service) one(ctx context.Context, zone authority.Zone, c Change, stamp Stamp) (Record, error) {
	all, err := s.Apply(ctx, zone, []Change{c}, stamp)
	if err != nil {
		return Record{}, err
	}
	return all[0], nil
}
