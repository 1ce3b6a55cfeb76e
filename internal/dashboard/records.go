package dashboard

import (
	"context"
	"fmt"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
)

func (d *Dashboard) recordRoutes() []route {
	const records = "/{account}/zones/{zone}/records"
	return []route{
		{pattern: "GET " + records, page: d.recordList},
		{pattern: "GET " + records + "/new", page: d.newRecordPage},
		{pattern: "POST " + records + "/new", page: d.newRecord},
		{pattern: "GET " + records + "/import", page: d.importPage},
		{pattern: "POST " + records + "/import", page: d.importRecords, maxForm: maxImportForm},
		{pattern: "GET " + records + "/export", page: d.exportRecords},
		{pattern: "GET " + records + "/{record}", page: d.editRecordPage},
		{pattern: "POST " + records + "/{record}", page: d.editRecord},
		{pattern: "GET " + records + "/{record}/delete", page: d.deleteRecordPage},
		{pattern: "POST " + records + "/{record}/delete", page: d.deleteRecord},
	}
}

// recordsPerPage is how many records a page of the list has.
const recordsPerPage = 50

// recordListData is what the list of a zone's records shows.
type recordListData struct {
	zoneHead
	Records    []recordRow
	Total      int
	Partial    bool // the reader may see some records only
	Page, Last int
	Query      string
	Type       string
	Types      []string
	Sorts      []recordSort // of the columns, in their order
}

// recordRow is a record in the list.
type recordRow struct {
	dns.Record
	Host      string // the name without the zone's, "@" for that itself
	Shortened string // content, as far as it is shown
	TTLText   string
	Proxiable bool
}

// recordSort is the head of a column that the list can be ordered by.
type recordSort struct {
	Label, Path string
	At          string // "ascending", "descending" or ""
}

// recordList shows a page of a zone's records.
func (d *Dashboard) recordList(ctx context.Context, in *request) (page, error) {
	scope, z, err := d.recordScope(ctx, in, authority.OpDNSList)
	if err != nil {
		return page{}, err
	}
	head, err := d.recordsHead(ctx, in, z)
	if err != nil {
		return page{}, err
	}
	q, data := recordQuery(in), recordListData{zoneHead: head, Partial: !scope.Whole(), Types: dns.Types()}
	rows, total, err := d.records.List(ctx, scope, q)
	if err != nil {
		return page{}, err
	}
	data.Query, data.Type = q.Search, in.query.Get("type")
	data.Total, data.Page, data.Last = total, q.Page, pagesFor(total, recordsPerPage)
	for _, r := range rows {
		data.Records = append(data.Records, recordRow{
			Record: r, Host: hostOf(r.Name, z.Name), Shortened: shortened(r.Content, 160), TTLText: ttlText(r.TTL), Proxiable: dns.CanBeProxied(r.Type),
		})
	}
	if data.Sorts, err = recordSorts(in, q); err != nil {
		return page{}, err
	}
	return showZone(in, "records", "DNS records of "+z.Name, data), nil
}

// recordQuery reads the search, the filter, the order and the page from the
// address. What is not known selects nothing less.
func recordQuery(in *request) dns.Query {
	q := dns.NewQuery()
	q.Search, q.PerPage, q.Order = strings.TrimSpace(in.query.Get("q")), recordsPerPage, dns.ByName
	q.Page, _ = in.pageOf(recordsPerPage)
	for _, o := range recordOrders() {
		if in.query.Get("sort") == string(o) {
			q.Order = o
		}
	}
	q.Descending = in.query.Get("dir") == "desc"
	if t := in.query.Get("type"); t != "" {
		q.Filters = append(q.Filters, dns.Filter{Field: dns.OnType, Op: dns.Exact, Value: t})
	}
	return q
}

func recordOrders() []dns.Order {
	return []dns.Order{dns.ByType, dns.ByName, dns.ByContent, dns.ByTTL, dns.ByProxied}
}

// recordSorts order by a column, or turn the order around.
func recordSorts(in *request, q dns.Query) ([]recordSort, error) {
	labels := map[dns.Order]string{dns.ByType: "Type", dns.ByName: "Name", dns.ByContent: "Content", dns.ByTTL: "TTL", dns.ByProxied: "Proxied"}
	var out []recordSort
	for _, o := range recordOrders() {
		l, dir := recordSort{Label: labels[o]}, ""
		if o == q.Order {
			l.At, dir = "ascending", "desc"
			if q.Descending {
				l.At, dir = "descending", ""
			}
		}
		var err error
		if l.Path, err = query(in.self(), "sort", string(o), "dir", dir, "page", ""); err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

// hostOf is a record's name as people say it in its zone.
func hostOf(name, zone string) string {
	if name == zone {
		return "@"
	}
	return strings.TrimSuffix(name, "."+zone)
}

// shortened is a text of so many characters at most.
func shortened(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}

// ttlText says a TTL in its largest whole unit.
func ttlText(seconds int) string {
	switch {
	case seconds == ttlAutomatic:
		return "Automatic"
	case seconds%3600 == 0:
		return fmt.Sprintf("%d %s", seconds/3600, plural(seconds/3600, "hour", "hours"))
	case seconds%60 == 0:
		return fmt.Sprintf("%d %s", seconds/60, plural(seconds/60, "minute", "minutes"))
	}
	return fmt.Sprintf("%d seconds", seconds)
}

// ttlAutomatic is the TTL of records that leave it to the server.
const ttlAutomatic = 1
