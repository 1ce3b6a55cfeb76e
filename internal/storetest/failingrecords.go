package storetest

import (
	"context"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
)

// FailingRecords is [Failing] for a store of DNS records. FailWrites is about
// "WriteRecords".
type FailingRecords struct {
	switches
	store dns.Store
}

var _ dns.Store = (*FailingRecords)(nil)

// NewFailingRecords wraps a store.
func NewFailingRecords(s dns.Store) *FailingRecords { return &FailingRecords{store: s} }

// WriteRecords implements [dns.Store].
func (f *FailingRecords) WriteRecords(ctx context.Context, do func(context.Context, dns.Tx) error) error {
	if err := f.write("WriteRecords"); err != nil {
		return err
	}
	err := f.store.WriteRecords(ctx, func(ctx context.Context, tx dns.Tx) error {
		if err := do(ctx, &failingRecordsTx{tx, &f.switches}); err != nil {
			return err
		}
		return f.failed(&f.commit)
	})
	if err != nil {
		return err
	}
	return f.failed(&f.answer)
}

// Record implements [dns.Reader].
func (f *FailingRecords) Record(ctx context.Context, zoneID, id string) (dns.Record, error) {
	return paused(ctx, &f.switches, "Record", func() (dns.Record, error) { return f.store.Record(ctx, zoneID, id) })
}

// Records implements [dns.Reader].
func (f *FailingRecords) Records(ctx context.Context, zoneID string, each func(dns.Record) bool) error {
	_, err := paused(ctx, &f.switches, "Records", func() (struct{}, error) { return struct{}{}, f.store.Records(ctx, zoneID, each) })
	return err
}

// RecordsByName implements [dns.Reader].
func (f *FailingRecords) RecordsByName(ctx context.Context, zoneID, name string) ([]dns.Record, error) {
	return paused(ctx, &f.switches, "RecordsByName", func() ([]dns.Record, error) { return f.store.RecordsByName(ctx, zoneID, name) })
}

// failingRecordsTx is a transaction of a [FailingRecords] store.
type failingRecordsTx struct {
	tx dns.Tx
	s  *switches
}

func (x *failingRecordsTx) Record(ctx context.Context, zoneID, id string) (dns.Record, error) {
	return instead(x.s.read("Record"), func() (dns.Record, error) { return x.tx.Record(ctx, zoneID, id) })
}

func (x *failingRecordsTx) Records(ctx context.Context, zoneID string, each func(dns.Record) bool) error {
	return unless(x.s.read("Records"), func() error { return x.tx.Records(ctx, zoneID, each) })
}

func (x *failingRecordsTx) RecordsByName(ctx context.Context, zoneID, name string) ([]dns.Record, error) {
	return instead(x.s.read("RecordsByName"), func() ([]dns.Record, error) { return x.tx.RecordsByName(ctx, zoneID, name) })
}

func (x *failingRecordsTx) InsertRecord(ctx context.Context, r dns.Record) error {
	return unless(x.s.method("InsertRecord"), func() error { return x.tx.InsertRecord(ctx, r) })
}

func (x *failingRecordsTx) UpdateRecord(ctx context.Context, r dns.Record) error {
	return unless(x.s.method("UpdateRecord"), func() error { return x.tx.UpdateRecord(ctx, r) })
}

func (x *failingRecordsTx) DeleteRecord(ctx context.Context, zoneID, id string, version int64) error {
	return unless(x.s.method("DeleteRecord"), func() error { return x.tx.DeleteRecord(ctx, zoneID, id, version) })
}

func (x *failingRecordsTx) AppendEvent(ctx context.Context, e authority.Event) error {
	return unless(x.s.method("AppendEvent"), func() error { return x.tx.AppendEvent(ctx, e) })
}
