package upstream

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/v4"
)

var errUnfiltered = errors.New("the answer is not the list that the catalogue describes")

// page is the page of a filtered list that a client is given.
type page struct {
	no, size int
	seen     int   // rows so far that the client may see
	rows     []any // those of them that are on this page
}

// list answers with the rows of the upstream's list that the caller may see. Where
// the upstream counts its pages all of them are read, up to a bound, so that the
// client's pages are whole and counted right; otherwise what is left of the
// upstream's one answer is handed on.
func (p *Proxy) list(w http.ResponseWriter, r *http.Request, x *exchange, f *filter) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		fail(w, http.StatusBadRequest, v4.Error{Code: v4.CodeInvalidRequest, Message: "The query could not be read"})
		return
	}
	var doc any
	if f.paging.Page == "" || f.paging.Cursor != "" {
		doc, err = p.filterOne(r, x, f, query)
	} else {
		doc, err = p.filterAll(r, x, f, query)
	}
	var body bytes.Buffer
	if err == nil {
		e := json.NewEncoder(&body)
		e.SetEscapeHTML(false)
		err = e.Encode(doc)
	}
	if err != nil {
		p.failed(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(body.Bytes())
}

// filterOne filters one answer. What counts rows that are not in it goes, since
// nothing tells how many of those the caller may see.
func (p *Proxy) filterOne(r *http.Request, x *exchange, f *filter, query url.Values) (any, error) {
	doc, items, err := p.fetch(r, x, f, query)
	if err != nil {
		return nil, err
	}
	all := page{size: len(items) + 1, no: 1}
	if err := all.take(x, f, items); err != nil {
		return nil, err
	}
	set(&doc, f.items, all.rows)
	set(&doc, f.paging.Count, len(all.rows))
	if f.paging.Cursor == "" {
		set(&doc, f.paging.TotalCount, len(all.rows))
		return doc, nil
	}
	remove(doc, f.paging.TotalCount)
	remove(doc, f.paging.TotalPages)
	return doc, nil
}

// filterAll reads the upstream's pages and makes the client's one of them.
func (p *Proxy) filterAll(r *http.Request, x *exchange, f *filter, query url.Values) (any, error) {
	pageName, sizeName := parameter(f.paging.Page, "page"), parameter(f.paging.PerPage, "per_page")
	mine := page{no: max(1, number(query.Get(pageName))), size: number(query.Get(sizeName))}
	if mine.size == 0 {
		mine.size = f.size
	}
	if f.most > 0 {
		mine.size = min(mine.size, f.most)
		query.Set(sizeName, strconv.Itoa(f.most))
	}
	var first any
	for n := 1; ; n++ {
		if n > p.cfg.MaxListPages {
			return nil, errTooLong
		}
		query.Set(pageName, strconv.Itoa(n))
		doc, items, err := p.fetch(r, x, f, query)
		if err != nil {
			return nil, err
		}
		if n == 1 {
			first = doc
			if mine.size == 0 {
				mine.size = max(1, numberAt(doc, f.paging.PerPage), len(items))
			}
		}
		if err := mine.take(x, f, items); err != nil {
			return nil, err
		}
		if last(doc, f, n, len(items)) {
			break
		}
	}
	set(&first, f.items, mine.rows)
	set(&first, f.paging.Count, len(mine.rows))
	set(&first, f.paging.TotalCount, mine.seen)
	set(&first, f.paging.TotalPages, (mine.seen+mine.size-1)/mine.size)
	set(&first, f.paging.Page, mine.no)
	set(&first, f.paging.PerPage, mine.size)
	return first, nil
}

// last reports whether nothing comes after the upstream's page n. Without a number
// of pages only an empty one is the end: rows may have become fewer meanwhile.
func last(doc any, f *filter, n, rows int) bool {
	pages, ok := gateway.At(doc, f.paging.TotalPages)
	if _, isNumber := pages.(json.Number); ok && f.paging.TotalPages != "" && isNumber {
		return n >= numberAt(doc, f.paging.TotalPages)
	}
	return rows == 0
}

// take looks at rows in their order.
func (g *page) take(x *exchange, f *filter, items []any) error {
	if g.rows == nil {
		g.rows = []any{}
	}
	from := (g.no - 1) * g.size
	for _, item := range items {
		ok, err := f.showsRow(x, item)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if g.seen >= from && g.seen < from+g.size {
			g.rows = append(g.rows, item)
		}
		g.seen++
	}
	return nil
}

// showsRow says whether the caller may see a row. What names no resource is nobody's.
func (f *filter) showsRow(x *exchange, item any) (bool, error) {
	if f.shows != nil {
		return f.shows(item), nil
	}
	path := f.row(x, item)
	if path.Len() == 0 {
		return false, nil
	}
	return x.pass.Sees(x.ctx, f.sees, path)
}

// maxNumber keeps products of what clients ask for within bounds.
const maxNumber = 1 << 20

// number is a number above zero, 0 for everything else.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return min(n, maxNumber)
}

func numberAt(doc any, pointer string) int {
	s, ok := gateway.Scalar(doc, pointer)
	if !ok || pointer == "" {
		return 0
	}
	return number(s)
}
