package dns

import (
	"cmp"
	"slices"
	"strings"
)

// Query selects and orders the records of a zone. Its zero value is not useful:
// start from [NewQuery].
type Query struct {
	Filters []Filter
	// Any: one of the filters is enough. Those on tags count as one filter
	// together, for which TagAny decides.
	Any    bool
	TagAny bool
	Search string // in names, contents, comments and tags; always needed

	Order      Order
	Descending bool
	Page       int // from 1
	PerPage    int
}

// The page sizes of the v4 API.
const (
	defaultPerPage = 100
	maxPerPage     = 5_000_000
)

// NewQuery selects all records, by type, on a page of the usual size.
func NewQuery() Query {
	return Query{Order: ByType, Page: 1, PerPage: defaultPerPage}
}

// Order is what records are ordered by.
type Order string

// The orders. Records that are equal in it are ordered by name, type, content,
// then id.
const (
	ByType    Order = "type"
	ByName    Order = "name"
	ByContent Order = "content"
	ByTTL     Order = "ttl"
	ByProxied Order = "proxied"
)

// matcher gives the function that selects records.
func (q Query) matcher() func(Record) bool {
	var tags, others []func(Record) bool
	for _, f := range q.Filters {
		if f.Field == OnTag {
			tags = append(tags, f.match())
		} else {
			others = append(others, f.match())
		}
	}
	if len(tags) > 0 {
		others = append(others, combine(tags, q.TagAny))
	}
	match, search := combine(others, q.Any), fold(q.Search)
	return func(r Record) bool {
		return match(r) && (search == "" || found(r, search))
	}
}

// combine needs all of some conditions, or one of them. No conditions are met.
func combine(all []func(Record) bool, one bool) func(Record) bool {
	return func(r Record) bool {
		for _, f := range all {
			if f(r) == one {
				return one
			}
		}
		return !one || len(all) == 0
	}
}

func found(r Record, search string) bool {
	return slices.ContainsFunc(slices.Concat([]string{r.Name, r.Content, r.Comment}, r.Tags), func(s string) bool {
		return strings.Contains(fold(s), search)
	})
}

func (q Query) sort(all []Record) {
	slices.SortFunc(all, func(a, b Record) int {
		c := q.Order.compare(a, b)
		if q.Descending {
			c = -c
		}
		return cmp.Or(c, cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type),
			cmp.Compare(a.Content, b.Content), cmp.Compare(a.ID, b.ID))
	})
}

func (o Order) compare(a, b Record) int {
	switch o {
	case ByName:
		return cmp.Compare(a.Name, b.Name)
	case ByContent:
		return cmp.Compare(fold(a.Content), fold(b.Content))
	case ByTTL:
		return cmp.Compare(a.TTL, b.TTL)
	case ByProxied:
		return cmp.Compare(number(a.Proxied), number(b.Proxied))
	}
	return cmp.Compare(a.Type, b.Type)
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// page cuts the page out of all records. One past the end is empty: clients ask
// for the next page until they get none.
func (q Query) page(all []Record) []Record {
	if q.Page-1 >= (len(all)+q.PerPage-1)/q.PerPage {
		return []Record{}
	}
	start := (q.Page - 1) * q.PerPage
	return all[start:min(start+q.PerPage, len(all))]
}
