package httpapi

import (
	"errors"
	"net/url"
	"strconv"

	"github.com/tokenward/tokenward/v4"
)

// limits of a collection's pages.
type pageLimits struct{ min, max, normal int }

// Most collections have pages of 5 to 50, 20 unless asked (contract 1.2, 1.8).
var usualPages = pageLimits{5, 50, 20}

// pageQuery is the part of a collection that was asked for.
type pageQuery struct {
	page, perPage int
	descending    bool
}

// pageOf reads page, per_page and direction. What is outside of the limits is
// brought within them and the answer's result_info says so; what is no number
// counts as not given.
func (l pageLimits) pageOf(q url.Values) pageQuery {
	p := pageQuery{page: 1, descending: q.Get("direction") == "desc"}
	if n, err := strconv.Atoi(q.Get("page")); err == nil || errors.Is(err, strconv.ErrRange) {
		p.page = min(max(n, 1), 1_000_000_000/l.max)
	}
	p.perPage = l.sizeOf(q.Get("per_page"))
	return p
}

// sizeOf reads the number of items that a page may have.
func (l pageLimits) sizeOf(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return l.normal
	}
	return min(max(n, l.min), l.max)
}

// onePage is the answer of a list that comes in one page, whatever its size.
// Every other page is empty: some clients ask for more until one is.
func onePage[T any](q url.Values, rows v4.List[T]) reply[v4.List[T]] {
	p, all := usualPages.pageOf(q), len(rows)
	if p.page > 1 {
		rows = v4.List[T]{}
	}
	info := v4.Page(p.page, max(1, all), len(rows), all)
	return reply[v4.List[T]]{result: rows, info: &info}
}

func (p pageQuery) offset() int { return (p.page - 1) * p.perPage }

func (p pageQuery) info(count, total int) *v4.ResultInfo {
	info := v4.Page(p.page, p.perPage, count, total)
	return &info
}

// first is the first of several spellings of a query member that is there:
// SDKs write nested members as account.id or account[id] (contract 1.8).
func first(q url.Values, names ...string) string {
	for _, n := range names {
		if v := q.Get(n); v != "" {
			return v
		}
	}
	return ""
}
