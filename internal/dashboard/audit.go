package dashboard

import (
	"context"
	"net/url"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

func (d *Dashboard) auditRoutes() []route {
	return []route{
		{pattern: "GET /profile/audit-log", page: d.auditLog},
		{pattern: "GET /profile/audit-log/export", page: d.exportAudit},
		{pattern: "GET /profile/audit-log/{event}", page: d.auditEvent},
		{pattern: "GET /{account}/audit-log", page: d.auditLog},
		{pattern: "GET /{account}/audit-log/export", page: d.exportAudit},
		{pattern: "GET /{account}/audit-log/{event}", page: d.auditEvent},
	}
}

// eventsPerPage is how many events a page of the log has.
const eventsPerPage = 40

// auditData is what a page of the audit log shows.
type auditData struct {
	Filter  auditFilter
	Rows    []auditRow
	Older   string // the address of what comes next, "" at the end
	Cut     bool   // the search stopped before the page was full
	Further bool   // the page is not the first
	Path    string // of the log, without a query
	Exports []export
	MaxRows int
	MaxMB   int
}

// export is a link to the filtered log as a file.
type export struct{ Label, Path string }

// auditLog shows the log of the user, or of the account in the path, newest
// first.
func (d *Dashboard) auditLog(ctx context.Context, in *request) (page, error) {
	f := readAuditFilter(in)
	data := auditData{Filter: f, Path: in.base() + "/audit-log", MaxRows: maxExport, MaxMB: maxExportBytes >> 20}
	p := show("audit", "Audit log", &data)
	p.form = f.form
	if f.form.Failed() {
		return again(p, f.form), nil
	}
	q := f.query(in)
	q.Cursor, q.Limit = in.query.Get("cursor"), eventsPerPage
	events, next, err := d.authority.AuditFrom(ctx, in.caller, q)
	if err != nil {
		return page{}, err
	}
	words := d.newAuditWords(in)
	if err := words.learn(ctx, events); err != nil {
		return page{}, err
	}
	for i := range events {
		data.Rows = append(data.Rows, words.row(&events[i]))
	}
	data.Further, data.Cut = q.Cursor != "", next != "" && len(events) < eventsPerPage
	if next != "" {
		data.Older = f.address(data.Path, "cursor", next)
	}
	for _, kind := range []string{"csv", "jsonl"} {
		data.Exports = append(data.Exports, export{exportLabels()[kind], f.address(data.Path+"/export", "format", kind)})
	}
	return p, nil
}

// auditOp is the operation that a reader of the log is judged by.
func auditOp(in *request) string {
	if in.account != nil {
		return authority.OpAcctAuditV2
	}
	return authority.OpUserAudit
}

// accountID is the id of the account in the path, "" elsewhere.
func (in *request) accountID() string {
	if in.account == nil {
		return ""
	}
	return in.account.ID
}

// auditEventData is what the page of one event shows.
type auditEventData struct {
	auditRow
	Path string // of the log
	Same string // what else happened to the resource, "" when there is none
}

// auditEvent shows one event whole. Its time is in the address, so that it is
// found without looking through the log.
func (d *Dashboard) auditEvent(ctx context.Context, in *request) (page, error) {
	id := in.path("event")
	at, err := time.Parse(time.RFC3339Nano, in.query.Get("at"))
	if err != nil || !isID(id) {
		return page{}, errNoEvent()
	}
	events, _, err := d.authority.AuditPages(ctx, in.caller, authority.AuditQuery{
		Op: auditOp(in), AccountID: in.accountID(), Since: at.Add(-time.Second), Before: at.Add(time.Second),
		Match: func(e *authority.Event) bool { return e.ID == id }, Limit: 1,
	})
	if err != nil {
		return page{}, err
	}
	if len(events) == 0 {
		return page{}, errNoEvent()
	}
	words := d.newAuditWords(in)
	words.whole = true
	if err := words.learn(ctx, events); err != nil {
		return page{}, err
	}
	data := auditEventData{auditRow: words.row(&events[0]), Path: in.base() + "/audit-log"}
	if events[0].Resource.ID != "" {
		data.Same = data.Path + "?" + url.Values{"resource": {events[0].Resource.ID}, "range": {"all"}}.Encode()
	}
	p := show("auditevent", "Audit log entry", data)
	p.nav = data.Path
	return p, nil
}

func errNoEvent() error {
	return &authority.Error{Code: authority.CodeNotFound, Message: "the audit log has no such entry"}
}
