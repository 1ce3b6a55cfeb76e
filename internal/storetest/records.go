package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
)

func recordTests() []test {
	return []test{
		{"a record comes back as stored", recordRoundTrip},
		{"the zero values of a record come back", recordZeroValues},
		{"a record is found in its zone only", recordOfZone},
		{"ids of records are unique, and a zone must be there", uniqueRecords},
		{"an update of a record is stored, a stale one is ErrConflict", updateRecord},
		{"a deleted record is gone", deleteRecord},
		{"records are listed by name, type and id", listRecords},
		{"records of one name are listed by type and id", recordsByName},
		{"a list of many records has each once, in order", listManyRecords},
		{"a record and its event are one transaction", recordWithEvent},
		{"writers who look before they insert never both insert", lookThenInsert},
	}
}

func recordID(r dns.Record) string { return r.ID }

// zoneFixture stores zones 21 and 22.
func zoneFixture(t *testing.T, s Stores) {
	t.Helper()
	change(t, s, insertAll(newAccount(1), newZone(21, 1, "example.com"), newZone(22, 1, "example.net")))
}

func recordRoundTrip(t *testing.T, s Stores) {
	zoneFixture(t, s)
	r := newRecord(31, 21, "www.example.com", "SRV")
	changeRecords(t, s, insertRecords(r))
	same(t, "the record", found(s.DNS.Record(t.Context(), r.ZoneID, r.ID))(t), r)
}

func recordZeroValues(t *testing.T, s Stores) {
	zoneFixture(t, s)
	r := dns.Record{ID: id(31), ZoneID: id(21), Name: "example.com", Type: "A", Version: 1}
	changeRecords(t, s, insertRecords(r))
	same(t, "the record", found(s.DNS.Record(t.Context(), r.ZoneID, r.ID))(t), r)
}

func recordOfZone(t *testing.T, s Stores) {
	zoneFixture(t, s)
	changeRecords(t, s, insertRecords(newRecord(31, 21, "example.com", "A")))
	_, err := s.DNS.Record(t.Context(), id(22), id(31))
	wantError(t, "read in another zone", err, authority.ErrNotFound)
	_, err = s.DNS.Record(t.Context(), id(21), id(99))
	wantError(t, "an unknown id", err, authority.ErrNotFound)
	err = s.DNS.WriteRecords(t.Context(), func(ctx context.Context, tx dns.Tx) error {
		return tx.DeleteRecord(ctx, id(22), id(31), 1)
	})
	wantError(t, "delete in another zone", err, authority.ErrConflict)
}

func uniqueRecords(t *testing.T, s Stores) {
	zoneFixture(t, s)
	changeRecords(t, s, insertRecords(newRecord(31, 21, "example.com", "A")))
	insert := func(r dns.Record) error { return s.DNS.WriteRecords(t.Context(), insertRecords(r)) }
	wantError(t, "the same id", insert(newRecord(31, 22, "example.net", "A")), authority.ErrExists)
	wantError(t, "an unknown zone", insert(newRecord(32, 99, "example.org", "A")), authority.ErrNotFound)
}

func updateRecord(t *testing.T, s Stores) {
	zoneFixture(t, s)
	r := newRecord(31, 21, "example.com", "A")
	changeRecords(t, s, insertRecords(r))
	update := func(r dns.Record) error {
		return s.DNS.WriteRecords(t.Context(), func(ctx context.Context, tx dns.Tx) error { return tx.UpdateRecord(ctx, r) })
	}
	r.Name, r.Type, r.Content, r.Data, r.Priority, r.TTL = "www.example.com", "AAAA", "2001:db8::1", nil, nil, 1
	r.Proxied, r.Comment, r.Tags, r.Settings, r.PrivateRouting = false, "", nil, dns.Settings{}, nil
	r.ModifiedOn, r.CommentModifiedOn, r.TagsModifiedOn = micro(9), micro(10), micro(11)
	if err := update(r); err != nil {
		t.Fatal(err)
	}
	wantError(t, "a stale version", update(r), authority.ErrConflict)
	r.Version = 2
	same(t, "the record", found(s.DNS.Record(t.Context(), r.ZoneID, r.ID))(t), r)
	r.ZoneID = id(22)
	wantError(t, "update in another zone", update(r), authority.ErrConflict)
}

func deleteRecord(t *testing.T, s Stores) {
	zoneFixture(t, s)
	changeRecords(t, s, insertRecords(newRecord(31, 21, "example.com", "A")))
	remove := func(version int64) error {
		return s.DNS.WriteRecords(t.Context(), func(ctx context.Context, tx dns.Tx) error {
			return tx.DeleteRecord(ctx, id(21), id(31), version)
		})
	}
	wantError(t, "another version", remove(2), authority.ErrConflict)
	if err := remove(1); err != nil {
		t.Fatal(err)
	}
	_, err := s.DNS.Record(t.Context(), id(21), id(31))
	wantError(t, "the record", err, authority.ErrNotFound)
}

func recordsOf(t *testing.T, s Stores, zone string) []dns.Record {
	t.Helper()
	var list []dns.Record
	err := s.DNS.Records(t.Context(), zone, func(r dns.Record) bool {
		list = append(list, r)
		return true
	})
	return must(t, list, err)
}

func listRecords(t *testing.T, s Stores) {
	zoneFixture(t, s)
	a, b, c, d := newRecord(34, 21, "a.example.com", "TXT"), newRecord(33, 21, "b.example.com", "A"),
		newRecord(31, 21, "b.example.com", "TXT"), newRecord(32, 21, "b.example.com", "TXT")
	changeRecords(t, s, insertRecords(d, c, b, a, newRecord(35, 22, "example.net", "A")))
	same(t, "the list", recordsOf(t, s, id(21)), []dns.Record{a, b, c, d})
	same(t, "the list of no zone", len(recordsOf(t, s, id(99))), 0)
	var first []dns.Record
	err := s.DNS.Records(t.Context(), id(21), func(r dns.Record) bool {
		first = append(first, r)
		return false
	})
	same(t, "the list that ended at once", ids(must(t, first, err), recordID), []string{a.ID})
}

func recordsByName(t *testing.T, s Stores) {
	zoneFixture(t, s)
	a, b, c := newRecord(33, 21, "example.com", "A"), newRecord(31, 21, "example.com", "TXT"), newRecord(32, 21, "example.com", "TXT")
	changeRecords(t, s, insertRecords(c, b, a, newRecord(34, 21, "www.example.com", "A"), newRecord(35, 22, "example.com", "A")))
	list, err := s.DNS.RecordsByName(t.Context(), id(21), "example.com")
	same(t, "the list", must(t, list, err), []dns.Record{a, b, c})
	list, err = s.DNS.RecordsByName(t.Context(), id(21), "none.example.com")
	same(t, "the list of no name", len(must(t, list, err)), 0)
}

func listManyRecords(t *testing.T, s Stores) {
	zoneFixture(t, s)
	var want []string
	changeRecords(t, s, func(ctx context.Context, tx dns.Tx) error {
		want = nil
		for n := range 1000 { // more than a page, with names and types that repeat
			r := newRecord(1000+n, 21, fmt.Sprintf("%02d.example.com", n%20), []string{"A", "TXT"}[n%2])
			if err := tx.InsertRecord(ctx, r); err != nil {
				return err
			}
			want = append(want, r.Name+r.Type+r.ID)
		}
		return nil
	})
	slices.Sort(want)
	same(t, "the list", ids(recordsOf(t, s, id(21)), func(r dns.Record) string { return r.Name + r.Type + r.ID }), want)
}

func recordWithEvent(t *testing.T, s Stores) {
	zoneFixture(t, s)
	wish := errors.New("no, after all")
	write := func(n int, end error) error {
		return s.DNS.WriteRecords(t.Context(), func(ctx context.Context, tx dns.Tx) error {
			if err := tx.InsertRecord(ctx, newRecord(n, 21, "example.com", "A")); err != nil {
				return err
			}
			if err := tx.AppendEvent(ctx, newEvent(n)); err != nil {
				return err
			}
			if _, err := tx.Record(ctx, id(21), id(n)); err != nil {
				return err // reads within it see what it has written
			}
			return end
		})
	}
	if err := write(31, wish); err != wish {
		t.Errorf("the error is %v, want f's own", err)
	}
	if err := write(32, nil); err != nil {
		t.Fatal(err)
	}
	same(t, "the records", ids(recordsOf(t, s, id(21)), recordID), []string{id(32)})
	events, err := s.Authority.Events(t.Context(), authority.EventQuery{}, 10)
	same(t, "the events", ids(must(t, events, err), eventID), []string{id(32)})
}

func lookThenInsert(t *testing.T, s Stores) {
	zoneFixture(t, s)
	taken := errors.New("there is one already")
	each(t, 32, func(n int) error {
		err := s.DNS.WriteRecords(t.Context(), func(ctx context.Context, tx dns.Tx) error {
			list, err := tx.RecordsByName(ctx, id(21), "example.com")
			if err != nil {
				return err
			}
			if len(list) > 0 {
				return taken
			}
			return tx.InsertRecord(ctx, newRecord(100+n, 21, "example.com", "CNAME"))
		})
		if errors.Is(err, taken) {
			return nil
		}
		return err
	})
	same(t, "the number of records", len(recordsOf(t, s, id(21))), 1)
}
