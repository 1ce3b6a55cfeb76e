package dns_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/store"
)

// world is a zone in a database of its own, and a clock that the test turns.
type world struct {
	*dns.Service
	t         *testing.T
	store     *store.Store
	authority *authority.Authority
	zone      authority.Zone
	now       time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db, err := store.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "test.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{t: t, store: db, now: time.Date(2026, 2, 1, 10, 0, 0, 123456000, time.UTC)}
	clock := func() time.Time { return w.now }
	w.Service = dns.NewService(db, clock)
	if w.authority, err = authority.New(authority.Config{Store: db, Catalog: catalog.V4(), Clock: clock, CacheSize: 1}); err != nil {
		t.Fatal(err)
	}
	w.zone = w.newZone("11223344556677889900aabbccddeeff", "example.com")
	return w
}

func (w *world) newZone(id, name string) authority.Zone {
	w.t.Helper()
	return w.zoneIn("0a1b2c3d4e5f60718293a4b5c6d7e8f9", id, name)
}

func (w *world) zoneIn(account, id, name string) authority.Zone {
	w.t.Helper()
	zone := authority.Zone{ID: id, AccountID: account, Name: name, Type: "full", Status: "active", NameServers: []string{"ada.ns.example.net", "bob.ns.example.net"}, CreatedOn: w.now, ModifiedOn: w.now, Version: 1}
	err := w.store.Write(w.t.Context(), func(ctx context.Context, tx authority.Tx) error {
		if _, err := tx.Account(ctx, account); err != nil {
			a := authority.Account{ID: account, Name: "Example", Type: "standard", CreatedOn: w.now, ModifiedOn: w.now, Version: 1}
			if err := tx.InsertAccount(ctx, a); err != nil {
				return err
			}
		}
		return tx.InsertZone(ctx, zone)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return zone
}

// all is every record of a zone.
func (w *world) all(z authority.Zone) *authority.RecordScope {
	w.t.Helper()
	in, err := w.authority.RecordScope(w.t.Context(), w.authority.System("test"), authority.OpDNSPatch, z.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return &in
}

// stamp makes an event that says what happened to which record.
func (w *world) stamp(action, verb, id string, old, new *dns.Record) authority.Event {
	e := authority.Event{
		ID: dns.NewTestID(), At: w.now, Action: action, Verb: verb, Success: true,
		Actor:     authority.Actor{Type: "system"},
		Resource:  authority.EventResource{Type: "dns_record", ID: id},
		AccountID: w.zone.AccountID, ZoneID: w.zone.ID, ZoneName: w.zone.Name,
		Metadata: map[string]string{},
	}
	if old != nil {
		e.Metadata["old"] = old.Content
	}
	if new != nil {
		e.Metadata["new"] = new.Content
	}
	return e
}

// create makes a record or ends the test.
func (w *world) create(d dns.Draft) dns.Record {
	w.t.Helper()
	r, err := w.Create(w.t.Context(), w.all(w.zone), d, w.stamp)
	if err != nil {
		w.t.Fatalf("create %s %s: %v", d.Type, d.Name, err)
	}
	return r
}

func (w *world) list(query string) []string {
	w.t.Helper()
	page, _, err := w.List(w.t.Context(), w.all(w.zone), parseQuery(w.t, query))
	if err != nil {
		w.t.Fatal(err)
	}
	var names []string
	for _, r := range page {
		names = append(names, r.Type+" "+r.Name+" "+r.Content)
	}
	return names
}

func ptr[T any](v T) *T { return &v }
