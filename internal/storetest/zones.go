package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

func zoneTests() []test {
	return []test{
		{"a zone comes back as stored", zoneRoundTrip},
		{"the zero values of a zone come back", zoneZeroValues},
		{"a zone's name is unique in its account, and an account must be there", uniqueZones},
		{"a zone is found by name, in an account or in all", zoneByName},
		{"zones are found by id, each once", zonesByID},
		{"an update of a zone is stored, a stale one is ErrConflict", updateZone},
		{"a deleted zone is gone with its records", deleteZone},
		{"zones of several accounts are listed by name and id", listZones},
		{"a list of many zones has each once, in order", listManyZones},
		{"a list of zones ends when it is told to", endZoneList},
		{"a list of zones holds no lock", zonesHoldNoLock},
	}
}

func zoneID(z authority.Zone) string { return z.ID }

func zonesOf(t *testing.T, s Stores, accounts ...string) []authority.Zone {
	t.Helper()
	var list []authority.Zone
	err := s.Authority.Zones(t.Context(), accounts, func(z authority.Zone) bool {
		list = append(list, z)
		return true
	})
	return must(t, list, err)
}

func zoneRoundTrip(t *testing.T, s Stores) {
	household(t, s)
	z := newZone(21, 1, "example.com")
	change(t, s, insertAll(z))
	same(t, "the zone", found(s.Authority.Zone(t.Context(), z.ID))(t), z)
	_, err := s.Authority.Zone(t.Context(), id(99))
	wantError(t, "an unknown id", err, authority.ErrNotFound)
}

func zoneZeroValues(t *testing.T, s Stores) {
	household(t, s)
	z := authority.Zone{ID: id(21), AccountID: id(1), Name: "example.com", Version: 1}
	change(t, s, insertAll(z))
	same(t, "the zone", found(s.Authority.Zone(t.Context(), z.ID))(t), z)
}

func uniqueZones(t *testing.T, s Stores) {
	household(t, s)
	change(t, s, insertAll(newZone(21, 1, "example.com"), newZone(22, 2, "example.com")))
	wantError(t, "the same name", s.Authority.Write(t.Context(), insertAll(newZone(23, 1, "example.com"))), authority.ErrExists)
	wantError(t, "the same id", s.Authority.Write(t.Context(), insertAll(newZone(21, 1, "example.net"))), authority.ErrExists)
	wantError(t, "an unknown account", s.Authority.Write(t.Context(), insertAll(newZone(24, 9, "example.org"))), authority.ErrNotFound)
}

func zoneByName(t *testing.T, s Stores) {
	household(t, s)
	young, old := newZone(22, 1, "example.com"), newZone(23, 2, "example.com")
	young.CreatedOn, old.CreatedOn = micro(9), micro(1)
	change(t, s, insertAll(young, old))
	same(t, "the first account's", found(s.Authority.ZoneByName(t.Context(), id(1), "example.com"))(t), young)
	same(t, "the second account's", found(s.Authority.ZoneByName(t.Context(), id(2), "example.com"))(t), old)
	same(t, "that of all accounts", found(s.Authority.ZoneByName(t.Context(), "", "example.com"))(t), old)
	for _, account := range []string{"", id(1)} {
		_, err := s.Authority.ZoneByName(t.Context(), account, "example.net")
		wantError(t, "an unknown name", err, authority.ErrNotFound)
	}
	_, err := s.Authority.ZoneByName(t.Context(), id(9), "example.com")
	wantError(t, "an unknown account", err, authority.ErrNotFound)
}

func updateZone(t *testing.T, s Stores) {
	household(t, s)
	z := newZone(21, 1, "example.com")
	change(t, s, insertAll(z))
	update := func(z authority.Zone) error {
		return s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error { return tx.UpdateZone(ctx, z) })
	}
	z.AccountID, z.Type, z.Status, z.Paused, z.NameServers = id(2), "partial", "moved", false, []string{"c.ns.example.net"}
	z.ModifiedOn, z.ActivatedOn = micro(8), micro(9)
	if err := update(z); err != nil {
		t.Fatal(err)
	}
	wantError(t, "a stale version", update(z), authority.ErrConflict)
	z.Version = 2
	same(t, "the zone", found(s.Authority.Zone(t.Context(), z.ID))(t), z)
}

func deleteZone(t *testing.T, s Stores) {
	household(t, s)
	change(t, s, insertAll(newZone(21, 1, "example.com"), newZone(22, 1, "example.net")))
	changeRecords(t, s, insertRecords(newRecord(31, 21, "example.com", "A"), newRecord(32, 22, "example.net", "A")))
	remove := func(version int64) error {
		return s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error { return tx.DeleteZone(ctx, id(21), version) })
	}
	wantError(t, "another version", remove(2), authority.ErrConflict)
	if err := remove(1); err != nil {
		t.Fatal(err)
	}
	_, err := s.Authority.Zone(t.Context(), id(21))
	wantError(t, "the zone", err, authority.ErrNotFound)
	_, err = s.DNS.Record(t.Context(), id(21), id(31))
	wantError(t, "its record", err, authority.ErrNotFound)
	found(s.DNS.Record(t.Context(), id(22), id(32)))(t)
}

func listZones(t *testing.T, s Stores) {
	household(t, s)
	change(t, s, insertAll(newAccount(3)))
	a, b, c, other := newZone(24, 1, "a.example"), newZone(22, 1, "b.example"), newZone(23, 2, "b.example"), newZone(21, 3, "c.example")
	change(t, s, insertAll(a, b, c, other))
	same(t, "the list of two", zonesOf(t, s, id(2), id(1), id(1)), []authority.Zone{a, b, c})
	same(t, "the list of one", zonesOf(t, s, id(2)), []authority.Zone{c})
	same(t, "the list of none", len(zonesOf(t, s)), 0)
	same(t, "the list of an unknown account", len(zonesOf(t, s, id(9))), 0)
}

func listManyZones(t *testing.T, s Stores) {
	household(t, s)
	var want []string
	change(t, s, func(ctx context.Context, tx authority.Tx) error {
		want = nil
		for n := range 900 {
			// Two of three are the first account's, so that pages end at different places.
			z := newZone(1000+n, 1+n%3/2, fmt.Sprintf("z%04d.example", 7*n%900))
			if err := tx.InsertZone(ctx, z); err != nil {
				return err
			}
			want = append(want, z.Name)
		}
		return nil
	})
	slices.Sort(want)
	got := ids(zonesOf(t, s, id(1), id(2)), func(z authority.Zone) string { return z.Name })
	same(t, "the list", got, want)
}

// zonesByID asks for more than one statement takes, for one twice, and for some
// that are not there.
func zonesByID(t *testing.T, s Stores) {
	household(t, s)
	want := map[string]authority.Zone{}
	var ids []string
	for n := range 70 {
		z := newZone(1000+n, 1+n%2, fmt.Sprintf("z%d.example", n))
		change(t, s, insertAll(z))
		want[z.ID] = z
		ids = append(ids, z.ID, id(2000+n))
	}
	list, err := s.Authority.ZonesByID(t.Context(), append(ids, ids[0], ""))
	got := map[string]authority.Zone{}
	for _, z := range must(t, list, err) {
		got[z.ID] = z
	}
	same(t, "the zones", got, want)
	same(t, "each once", len(list), len(want))
	list, err = s.Authority.ZonesByID(t.Context(), nil)
	same(t, "the list of none", len(must(t, list, err)), 0)
}

func endZoneList(t *testing.T, s Stores) {
	household(t, s)
	change(t, s, insertAll(newZone(21, 1, "a.example"), newZone(22, 1, "b.example"), newZone(23, 1, "c.example")))
	var got []authority.Zone
	err := s.Authority.Zones(t.Context(), []string{id(1)}, func(z authority.Zone) bool {
		got = append(got, z)
		return len(got) < 2
	})
	same(t, "the list", ids(must(t, got, err), zoneID), []string{id(21), id(22)})
}

// zonesHoldNoLock writes and reads inside the list, which would wait for ever.
func zonesHoldNoLock(t *testing.T, s Stores) {
	household(t, s)
	change(t, s, insertAll(newZone(21, 1, "a.example"), newZone(22, 1, "b.example")))
	err := s.Authority.Zones(t.Context(), []string{id(1)}, func(z authority.Zone) bool {
		z.Status = "pending"
		change(t, s, func(ctx context.Context, tx authority.Tx) error { return tx.UpdateZone(ctx, z) })
		return found(s.Authority.Zone(t.Context(), z.ID))(t).Version == 2
	})
	if err != nil {
		t.Fatal(err)
	}
	change(t, s, func(ctx context.Context, tx authority.Tx) error {
		var nested error
		err := tx.Zones(ctx, []string{id(1)}, func(z authority.Zone) bool {
			nested = tx.UpdateZone(ctx, z)
			return nested == nil
		})
		if nested != nil {
			return nested
		}
		return err
	})
	for _, z := range zonesOf(t, s, id(1)) {
		same(t, "the version", z.Version, int64(3))
	}
}
