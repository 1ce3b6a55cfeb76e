package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

func usageTests() []test {
	return []test{
		{"uses of a day add up", usesAddUp},
		{"days of use come one by one, from the first asked for", usageDays},
		{"what is above the bounds is counted without saying of what", usageBounds},
		{"addresses add up, and the latest are kept", usageAddresses},
		{"the latest denials are kept", usageDenials},
		{"use of a token that is not there is left out", usageOfNoToken},
		{"a deleted token takes its usage with it", usageOfDeletedToken},
		{"old usage is pruned in batches", pruneUsage},
	}
}

// noon is in the n-th day; usage is kept in whole seconds.
func noon(n int) time.Time { return time.Date(2026, 3, n, 12, 0, 0, 0, time.UTC) }

func dayOf(n int) time.Time { return noon(n).Truncate(24 * time.Hour) }

// useOf is a use of token 1 on a day.
func useOf(day, count int, use authority.Use) authority.UseCount {
	return authority.UseCount{TokenID: id(1), Day: dayOf(day), Use: use, Count: int64(count), LastOn: noon(day)}
}

func zoneUse(n int) authority.Use {
	return authority.Use{Group: id(21), Operation: "list", Resource: "zone." + id(n)}
}

func record(t *testing.T, s Stores, b authority.UsageBatch) {
	t.Helper()
	if err := s.Authority.RecordUsage(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

func usageOf(t *testing.T, s Stores, token int, since time.Time) authority.Usage {
	t.Helper()
	u, err := s.Authority.TokenUsage(t.Context(), id(token), since, 1000)
	return must(t, u, err)
}

func usesAddUp(t *testing.T, s Stores) {
	change(t, s, insertAll(newToken(1, userOwner(1)), newToken(2, userOwner(1))))
	denied := authority.Use{Denied: true, Operation: "list", Resource: "zone." + id(1)}
	earlier := useOf(2, 3, zoneUse(1))
	earlier.LastOn = noon(2).Add(-time.Hour)
	record(t, s, authority.UsageBatch{})
	record(t, s, authority.UsageBatch{Uses: []authority.UseCount{useOf(2, 2, zoneUse(1)), useOf(2, 7, denied), useOf(2, 1, zoneUse(2))}})
	record(t, s, authority.UsageBatch{Uses: []authority.UseCount{earlier, useOf(3, 4, zoneUse(1))}})
	same(t, "the uses", usageOf(t, s, 1, dayOf(1)).Uses, []authority.UseSum{
		{Use: zoneUse(1), Count: 9, LastOn: noon(3)}, {Use: denied, Count: 7, LastOn: noon(2)}, {Use: zoneUse(2), Count: 1, LastOn: noon(2)},
	})
	same(t, "the use of another token", usageOf(t, s, 2, dayOf(1)), authority.Usage{})
	most, err := s.Authority.TokenUsage(t.Context(), id(1), dayOf(1), 1)
	same(t, "the most frequent", must(t, most, err).Uses, []authority.UseSum{{Use: zoneUse(1), Count: 9, LastOn: noon(3)}})
}

func usageDays(t *testing.T, s Stores) {
	change(t, s, insertAll(newToken(1, userOwner(1))))
	record(t, s, authority.UsageBatch{Uses: []authority.UseCount{
		useOf(5, 1, zoneUse(1)), useOf(2, 2, zoneUse(1)), useOf(2, 3, authority.Use{Denied: true, Operation: "list"}), useOf(1, 4, zoneUse(1)),
	}})
	u := usageOf(t, s, 1, dayOf(2))
	same(t, "the days", u.Days, []authority.DayUse{{Day: dayOf(2), Allowed: 2, Denied: 3}, {Day: dayOf(5), Allowed: 1}})
	same(t, "the uses of those days", u.Uses, []authority.UseSum{
		{Use: zoneUse(1), Count: 3, LastOn: noon(5)},
		{Use: authority.Use{Denied: true, Operation: "list"}, Count: 3, LastOn: noon(2)},
	})
}

func usageBounds(t *testing.T, s Stores) {
	change(t, s, insertAll(newToken(1, userOwner(1))))
	for _, denied := range []bool{false, true} {
		bound := authority.MaxAllowedUses
		if denied {
			bound = authority.MaxDeniedUses
		}
		var uses []authority.UseCount
		for n := range bound + 10 {
			use := zoneUse(n)
			use.Denied = denied
			uses = append(uses, useOf(1, 1, use))
		}
		for range 2 { // the second time those that have a row find it
			record(t, s, authority.UsageBatch{Uses: uses[:bound/2]})
			record(t, s, authority.UsageBatch{Uses: uses[bound/2:]})
		}
		next := zoneUse(0)
		next.Denied = denied
		record(t, s, authority.UsageBatch{Uses: []authority.UseCount{useOf(2, 1, next)}}) // the next day has room
		rows, rest := 0, int64(0)
		for _, u := range usageOf(t, s, 1, dayOf(1)).Uses {
			switch {
			case u.Use.Denied != denied:
			case u.Use.Operation == "":
				rest = u.Count
			default:
				rows++
			}
		}
		if rows != bound || rest != 20 {
			t.Errorf("denied %v: %d things are named and %d uses are of the rest, want %d and 20", denied, rows, rest, bound)
		}
	}
	days := usageOf(t, s, 1, dayOf(1)).Days
	same(t, "the first day", days[0], authority.DayUse{
		Day: dayOf(1), Allowed: 2 * (authority.MaxAllowedUses + 10), Denied: 2 * (authority.MaxDeniedUses + 10),
	})
}

func usageAddresses(t *testing.T, s Stores) {
	change(t, s, insertAll(newToken(1, userOwner(1))))
	from := func(n, first, last int) authority.AddressCount {
		return authority.AddressCount{TokenID: id(1), Address: fmt.Sprintf("192.0.2.%d", n), Count: 2, FirstOn: second(first), LastOn: second(last)}
	}
	record(t, s, authority.UsageBatch{Addresses: []authority.AddressCount{from(1, 5, 6), from(2, 7, 7)}})
	record(t, s, authority.UsageBatch{Addresses: []authority.AddressCount{from(1, 1, 9), from(2, 3, 4)}})
	one, two := from(1, 1, 9), from(2, 3, 7)
	one.Count, two.Count = 4, 4
	same(t, "the addresses", usageOf(t, s, 1, dayOf(1)).Addresses, []authority.AddressCount{one, two})

	var many []authority.AddressCount
	for n := range authority.MaxUseAddresses {
		many = append(many, from(100+n, 100+n, 100+n))
	}
	record(t, s, authority.UsageBatch{Addresses: many[:10]})
	record(t, s, authority.UsageBatch{Addresses: many[10:]})
	kept := usageOf(t, s, 1, dayOf(1)).Addresses
	same(t, "how many are kept", len(kept), authority.MaxUseAddresses)
	same(t, "the latest", kept[0], many[len(many)-1])
	same(t, "the earliest", kept[len(kept)-1], many[0])
}

func denialAt(n int) authority.Denial {
	return authority.Denial{TokenID: id(1), At: second(n), Operation: fmt.Sprint("op", n), Resource: "zone." + id(n), Reason: "no", Address: "192.0.2.1"}
}

func usageDenials(t *testing.T, s Stores) {
	change(t, s, insertAll(newToken(1, userOwner(1))))
	var want []authority.Denial
	for n := range authority.MaxKeptDenials + 5 {
		record(t, s, authority.UsageBatch{Denials: []authority.Denial{denialAt(n)}})
		want = append([]authority.Denial{denialAt(n)}, want...)
	}
	same(t, "the denials", usageOf(t, s, 1, dayOf(1)).Denials, want[:authority.MaxKeptDenials])
}

// everything is a batch with one of each sort.
func everything(token int) authority.UsageBatch {
	u, d := useOf(1, 1, zoneUse(1)), denialAt(1)
	u.TokenID, d.TokenID = id(token), id(token)
	a := authority.AddressCount{TokenID: id(token), Address: "192.0.2.1", Count: 1, FirstOn: noon(1), LastOn: noon(1)}
	return authority.UsageBatch{Uses: []authority.UseCount{u}, Addresses: []authority.AddressCount{a}, Denials: []authority.Denial{d}}
}

func usageOfNoToken(t *testing.T, s Stores) {
	change(t, s, insertAll(newToken(1, userOwner(1))))
	both, there := everything(2), everything(1)
	both.Uses, both.Addresses = append(both.Uses, there.Uses...), append(both.Addresses, there.Addresses...)
	record(t, s, both)
	same(t, "usage of none", usageOf(t, s, 2, dayOf(1)), authority.Usage{})
	u := usageOf(t, s, 1, dayOf(1))
	same(t, "usage beside it", [2]int{len(u.Uses), len(u.Addresses)}, [2]int{1, 1})
}

func usageOfDeletedToken(t *testing.T, s Stores) {
	change(t, s, insertAll(newToken(1, userOwner(1))))
	record(t, s, everything(1))
	change(t, s, func(ctx context.Context, tx authority.Tx) error { return tx.DeleteToken(ctx, id(1), 1) })
	same(t, "its usage", usageOf(t, s, 1, dayOf(1)), authority.Usage{})
	change(t, s, insertAll(newToken(1, userOwner(1))))
	same(t, "the usage of another with its id", usageOf(t, s, 1, dayOf(1)), authority.Usage{})
}

func pruneUsage(t *testing.T, s Stores) {
	change(t, s, insertAll(newToken(1, userOwner(1))))
	var b authority.UsageBatch
	for n := 1; n <= 5; n++ {
		b.Uses = append(b.Uses, useOf(n, 1, zoneUse(1)), useOf(n, 1, zoneUse(2)))
		at := noon(n)
		b.Addresses = append(b.Addresses, authority.AddressCount{TokenID: id(1), Address: fmt.Sprint("192.0.2.", n), Count: 1, FirstOn: at, LastOn: at})
		d := denialAt(n)
		d.At = at
		b.Denials = append(b.Denials, d)
	}
	record(t, s, b)
	prune := func(before time.Time, limit int) int {
		n, err := s.Authority.PruneUsage(t.Context(), before, limit)
		return must(t, n, err)
	}
	left := func() [3]int {
		u := usageOf(t, s, 1, dayOf(1))
		return [3]int{len(u.Days), len(u.Addresses), len(u.Denials)}
	}
	same(t, "nothing to prune", prune(dayOf(1), 9), 0)
	same(t, "a batch", prune(dayOf(4), 4), 4) // of six uses, three addresses and three denials
	same(t, "what is left after it", left(), [3]int{3, 2, 2})
	same(t, "the rest", prune(dayOf(4), 4), 2)
	same(t, "what is left", left(), [3]int{2, 2, 2})
	same(t, "no more", prune(dayOf(4), 4), 0)
}
