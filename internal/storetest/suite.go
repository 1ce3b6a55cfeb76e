package storetest

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
)

// Stores are the two ports of one database.
type Stores struct {
	Authority authority.Store
	DNS       dns.Store
}

// Run tests a store. open gives an empty one that ends with the test.
func Run(t *testing.T, open func(t *testing.T) Stores) {
	groups := []struct {
		name  string
		tests []test
	}{
		{"tokens", tokenTests()},
		{"token lists", tokenListTests()},
		{"usage", usageTests()},
		{"people", peopleTests()},
		{"groups and links", groupAndLinkTests()},
		{"signing in", signInTests()},
		{"zones", zoneTests()},
		{"records", recordTests()},
		{"events", eventTests()},
		{"feed", feedTests()},
		{"writes", writeTests()},
		{"contexts", contextTests()},
	}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			for _, c := range g.tests {
				t.Run(c.promise, func(t *testing.T) { c.run(t, open(t)) })
			}
		})
	}
}

// test is one promise of a store.
type test struct {
	promise string
	run     func(t *testing.T, s Stores)
}

// change writes and must succeed.
func change(t *testing.T, s Stores, f func(context.Context, authority.Tx) error) {
	t.Helper()
	if err := s.Authority.Write(t.Context(), f); err != nil {
		t.Fatalf("write: %v", err)
	}
}

// changeRecords writes records and must succeed.
func changeRecords(t *testing.T, s Stores, f func(context.Context, dns.Tx) error) {
	t.Helper()
	if err := s.DNS.WriteRecords(t.Context(), f); err != nil {
		t.Fatalf("write records: %v", err)
	}
}

// same fails the test unless got is want.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s is not what was stored (-want +got):\n%s", what, diff)
	}
}

// must gives the value of a read that has to succeed.
func must[T any](t *testing.T, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// ids gives the ids of rows, for comparing what a list holds and in which order.
func ids[T any](list []T, id func(T) string) []string {
	out := []string{}
	for _, v := range list {
		out = append(out, id(v))
	}
	return out
}
