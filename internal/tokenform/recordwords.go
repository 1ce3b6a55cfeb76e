package tokenform

import (
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// recordsAmong takes the records out of the keys that are nested in a zone or an
// account, by their names, and leaves the rest.
func recordsAmong(nested []string) (records []catalog.Records, rest []string) {
	at := map[string]int{} // by name, of those that are not of every type
	for _, key := range nested {
		typ, name, ok := strings.Cut(strings.TrimPrefix(key, catalog.KindRecord+"."), ":")
		if !ok || !strings.HasPrefix(key, catalog.KindRecord+".") {
			rest = append(rest, key)
			continue
		}
		i, known := at[name]
		if !known || typ == EveryType {
			i = len(records)
			records = append(records, catalog.Records{Name: name})
		}
		if typ != EveryType {
			at[name] = i
		}
		records[i].Types = append(records[i].Types, typ)
	}
	return records, rest
}

// RecordsOnly reports whether resources are records and nothing else.
func RecordsOnly(resources []policy.Resource) bool {
	return len(resources) > 0 && !slices.ContainsFunc(resources, func(r policy.Resource) bool {
		records, rest := recordsAmong(r.Nested)
		return len(records) == 0 || len(rest) > 0
	})
}

// records is the words for records in a zone or an account.
func (p phrasing) records(sets []catalog.Records, outer string) []string {
	where := "in " + outer
	switch kind, id := splitKey(outer); kind {
	case catalog.KindZone:
		where = "in " + p.flat(kind, id, outer, kind)
	case catalog.KindAccount:
		where = "in all zones of " + p.account(id)
	}
	var out []string
	for _, r := range sets {
		out = append(out, r.Words()+" "+where)
	}
	return out
}

// onRecordsOnly reports whether policies' resources are records and nothing else:
// then it goes without saying that what is done is done to DNS.
func (s *saying) onRecordsOnly() bool {
	return len(s.on) > 0 && len(s.on) == s.records && len(s.unknown) == 0 &&
		!slices.ContainsFunc(s.order, func(f *Family) bool { return !f.Levels[0].OnRecords() })
}
