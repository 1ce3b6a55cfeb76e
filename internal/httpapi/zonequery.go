package httpapi

import (
	"net/url"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
)

// zoneQuery reads the filters and the order of GET /zones (contract 1.8).
// Members that are not known are passed over: clients send others.
func zoneQuery(q url.Values) authority.ZoneQuery {
	var tests []func(*authority.Zone) bool
	add := func(value string, test func(*authority.Zone) bool) {
		if value != "" {
			tests = append(tests, test)
		}
	}
	name := q.Get("name")
	add(name, func(z *authority.Zone) bool { return nameMatches(z.Name, name) })
	status := q.Get("status")
	add(status, func(z *authority.Zone) bool { return z.Status == status })
	types := strings.Join(q["type"], ",")
	add(types, func(z *authority.Zone) bool { return strings.Contains(","+types+",", ","+z.Type+",") })
	account := first(q, "account.id", "account[id]")
	add(account, func(z *authority.Zone) bool { return z.AccountID == account })
	accountName := first(q, "account.name", "account[name]")
	add(accountName, func(z *authority.Zone) bool { return nameMatches(z.AccountName, accountName) })

	wantAny := q.Get("match") == "any"
	return authority.ZoneQuery{Less: zoneOrder(q), Match: func(z *authority.Zone) bool {
		for _, test := range tests {
			if test(z) == wantAny {
				return wantAny
			}
		}
		return !wantAny || len(tests) == 0
	}}
}

// nameOperators are the comparisons that a name filter may start with; each is
// without regard to case unless "_case_sensitive" follows it.
var nameOperators = map[string]func(s, want string) bool{
	"equal":       func(s, want string) bool { return s == want },
	"not_equal":   func(s, want string) bool { return s != want },
	"starts_with": strings.HasPrefix,
	"ends_with":   strings.HasSuffix,
	"contains":    strings.Contains,
}

// nameMatches compares a name with a filter: "example.com", or an operator, a
// colon and a value. A final dot of a domain name is not part of it.
func nameMatches(s, filter string) bool {
	compare, want := nameOperators["equal"], filter
	fold := true
	if op, rest, ok := strings.Cut(filter, ":"); ok {
		op, exact := strings.CutSuffix(op, "_case_sensitive")
		if f := nameOperators[op]; f != nil {
			compare, want, fold = f, rest, !exact
		}
	}
	want = strings.TrimSuffix(want, ".")
	if fold {
		s, want = strings.ToLower(s), strings.ToLower(want)
	}
	return compare(s, want)
}

// zoneOrder sorts by the member asked for. The store's order is by name.
func zoneOrder(q url.Values) func(a, b *authority.Zone) int {
	key := map[string]func(*authority.Zone) string{
		"status":       func(z *authority.Zone) string { return z.Status },
		"account.id":   func(z *authority.Zone) string { return z.AccountID },
		"account.name": func(z *authority.Zone) string { return z.AccountName },
		"plan.id":      func(*authority.Zone) string { return freePlan.ID },
	}[q.Get("order")]
	if key == nil {
		key = func(z *authority.Zone) string { return z.Name }
	}
	if q.Get("direction") == "desc" {
		return func(a, b *authority.Zone) int { return strings.Compare(key(b), key(a)) }
	}
	return func(a, b *authority.Zone) int { return strings.Compare(key(a), key(b)) }
}
