package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

func tokenListTests() []test {
	return []test{
		{"tokens are found by what they are", findTokens},
		{"tokens are found by a part of the name or the beginning of the id", searchTokens},
		{"tokens found are sorted, both ways", sortTokens},
		{"pages of tokens found follow each other", pageFound},
		{"tokens are counted by what they are", countTokens},
	}
}

// listedAt is when the tokens of listOfTokens are looked at.
func listedAt() time.Time { return second(0).AddDate(0, 6, 0) }

// listOfTokens are tokens of each sort, by name, of account 1.
func listOfTokens() []authority.Token {
	now := listedAt()
	in := func(days int) time.Time { return now.AddDate(0, 0, days) }
	var list []authority.Token
	add := func(name string, change func(*authority.Token)) {
		k := newToken(len(list)+1, accountOwner(1))
		k.Name, k.NotBefore, k.ExpiresOn, k.LastUsedOn = name, time.Time{}, time.Time{}, now
		change(&k)
		list = append(list, k)
	}
	add("plain", func(k *authority.Token) {})
	add("disabled", func(k *authority.Token) { k.Status, k.LastUsedOn = authority.StatusDisabled, time.Time{} })
	add("exposed", func(k *authority.Token) { k.Status = authority.StatusExposed })
	add("expired", func(k *authority.Token) { k.ExpiresOn = now })
	add("future", func(k *authority.Token) { k.NotBefore = now.Add(time.Microsecond) })
	add("started", func(k *authority.Token) { k.NotBefore, k.ExpiresOn = now, in(31) })
	add("ending", func(k *authority.Token) { k.ExpiresOn = in(30) })
	add("idle", func(k *authority.Token) { k.LastUsedOn = in(-90) })
	add("busy", func(k *authority.Token) { k.LastUsedOn = in(-90).Add(time.Microsecond) })
	add("never", func(k *authority.Token) { k.LastUsedOn, k.CreatorID = time.Time{}, id(42) })
	add("new", func(k *authority.Token) { k.LastUsedOn, k.IssuedOn = time.Time{}, in(-1) })
	return list
}

func insertList(t *testing.T, s Stores, list []authority.Token) {
	t.Helper()
	rows := []any{newToken(900, accountOwner(2)), newToken(901, userOwner(1))} // of others
	for _, k := range list {
		rows = append(rows, k)
	}
	change(t, s, insertAll(rows...))
}

// find gives the names of what is found, and wants the number to be theirs.
func find(t *testing.T, s Stores, q authority.TokenSearch) []string {
	t.Helper()
	q.Owner, q.Now = accountOwner(1), listedAt()
	if q.Limit == 0 {
		q.Limit = 100
	}
	list, n, err := s.Authority.FindTokens(t.Context(), q)
	names := ids(must(t, list, err), func(k authority.Token) string { return k.Name })
	if q.Limit == 100 {
		same(t, "the number of those found", n, len(names))
	}
	return names
}

func findTokens(t *testing.T, s Stores) {
	insertList(t, s, listOfTokens())
	const dayLong = 24 * time.Hour
	for _, c := range []struct {
		q    authority.TokenSearch
		want string
	}{
		{authority.TokenSearch{}, "plain disabled exposed expired future started ending idle busy never new"},
		{authority.TokenSearch{CreatorID: id(42)}, "never"},
		{authority.TokenSearch{TokenFilter: authority.TokenFilter{Status: authority.StatusActive}}, "plain started ending idle busy never new"},
		{authority.TokenSearch{TokenFilter: authority.TokenFilter{Status: authority.StatusDisabled}}, "disabled"},
		{authority.TokenSearch{TokenFilter: authority.TokenFilter{Status: authority.StatusExposed}}, "exposed"},
		{authority.TokenSearch{TokenFilter: authority.TokenFilter{Status: authority.StatusExpired}}, "expired"},
		{authority.TokenSearch{TokenFilter: authority.TokenFilter{Status: authority.StatusNotYetValid}}, "future"},
		{authority.TokenSearch{TokenFilter: authority.TokenFilter{ExpiringWithin: 30 * dayLong}}, "ending"},
		{authority.TokenSearch{TokenFilter: authority.TokenFilter{UnusedFor: 90 * dayLong}}, "idle never"},
		{authority.TokenSearch{TokenFilter: authority.TokenFilter{NeverUsed: true}}, "never new"},
		{authority.TokenSearch{TokenFilter: authority.TokenFilter{NoExpiry: true}}, "plain future idle busy never new"},
		{authority.TokenSearch{TokenFilter: authority.TokenFilter{NoExpiry: true, UnusedFor: 90 * dayLong}, CreatorID: id(41)}, "idle"},
		{authority.TokenSearch{TokenFilter: authority.TokenFilter{Status: "another"}}, ""},
	} {
		got := find(t, s, c.q)
		slices.Sort(got)
		want := strings.Fields(c.want)
		slices.Sort(want)
		same(t, fmt.Sprintf("%+v", c.q), strings.Join(got, " "), strings.Join(want, " "))
	}
	list, _, err := s.Authority.FindTokens(t.Context(), authority.TokenSearch{
		TokenFilter: authority.TokenFilter{Search: "idle", Limit: 1}, Owner: accountOwner(1), Now: listedAt(),
	})
	same(t, "a token found", must(t, list, err), listOfTokens()[7:8])
}

func searchTokens(t *testing.T, s Stores) {
	var list []authority.Token
	for n, name := range []string{"Deploy to PROD", "100% of it", "under_score", "wow!", "O'Brien; --", "Ünïcode"} {
		k := newToken(n+1, accountOwner(1))
		k.Name, k.ID = name, fmt.Sprintf("%02x%030x", n+10, 8)
		list = append(list, k)
	}
	insertList(t, s, list)
	for text, want := range map[string]string{
		"prod": "Deploy to PROD", "DEPLOY": "Deploy to PROD", "0% O": "100% of it", "%": "100% of it", "_": "under_score",
		"w!": "wow!", "'b": "O'Brien; --", "Ünï": "Ünïcode", "0a00": "Deploy to PROD", "0F000": "Ünïcode", "7": "", "nothing": "",
	} {
		q := authority.TokenSearch{TokenFilter: authority.TokenFilter{Search: text}}
		same(t, "the search for "+text, strings.Join(find(t, s, q), "|"), want)
	}
}

func sortTokens(t *testing.T, s Stores) {
	list := listOfTokens()[:8]
	list[0].Name, list[1].Name = "alpha", "Beta"
	insertList(t, s, list)
	for sort, want := range map[authority.TokenSort]string{
		authority.ByIssued:  "alpha Beta exposed expired future started ending idle",
		authority.ByName:    "alpha Beta ending expired exposed future idle started",
		authority.ByLastUse: "Beta idle alpha exposed expired future started ending",
		authority.ByExpiry:  "expired ending started alpha Beta exposed future idle",
		authority.ByStatus:  "alpha started ending idle Beta expired future exposed",
	} {
		q := authority.TokenSearch{TokenFilter: authority.TokenFilter{Sort: sort}}
		same(t, fmt.Sprintf("order %d", sort), strings.Join(find(t, s, q), " "), want)
		q.Descending = true
		back := find(t, s, q)
		slices.Reverse(back)
		same(t, fmt.Sprintf("order %d backwards", sort), strings.Join(back, " "), want)
	}
}

func pageFound(t *testing.T, s Stores) {
	insertList(t, s, listOfTokens())
	whole := find(t, s, authority.TokenSearch{TokenFilter: authority.TokenFilter{Sort: authority.ByStatus}})
	var got []string
	for offset := 0; offset < 15; offset += 3 {
		q := authority.TokenFilter{Sort: authority.ByStatus, Offset: offset, Limit: 3}
		got = append(got, find(t, s, authority.TokenSearch{TokenFilter: q})...)
	}
	same(t, "the pages together", got, whole)
}

func countTokens(t *testing.T, s Stores) {
	insertList(t, s, listOfTokens())
	count := func(o authority.Owner, creator string) authority.TokenCounts {
		n, err := s.Authority.CountTokens(t.Context(), o, creator, listedAt())
		return must(t, n, err)
	}
	same(t, "the counts", count(accountOwner(1), ""), authority.TokenCounts{
		Total: 11, Active: 7, Disabled: 1, Expired: 1, NotYetValid: 1, Exposed: 1,
		ExpiringIn30d: 1, Unused90d: 2, NeverUsed: 2, NoExpiry: 6,
	})
	same(t, "those of a creator", count(accountOwner(1), id(42)), authority.TokenCounts{Total: 1, Active: 1, Unused90d: 1, NeverUsed: 1, NoExpiry: 1})
	same(t, "those of nobody", count(accountOwner(3), ""), authority.TokenCounts{})
}
