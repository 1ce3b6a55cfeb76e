package httpapi

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/v4"
)

// auditPages are version 1's pages (contract 1.8).
var auditPages = pageLimits{1, 1000, 100}

// audit is version 1 of an account's audit log, or of the caller's own user.
func (a *API) audit() Endpoint {
	page := plain(a, a.auditPage)
	out := page
	out.Plain = "text/csv"
	out.Serve = func(w http.ResponseWriter, r *http.Request, c *Call) {
		if isTrue(r.URL.Query().Get("export")) {
			a.exportAudit(w, r, c)
			return
		}
		page.Serve(w, r, c)
	}
	return out
}

func (a *API) auditPage(r *http.Request, c *Call) (reply[v4.List[v4.AuditLog]], error) {
	p := auditPages.pageOf(c.query)
	q, err := auditQuery(c)
	if err != nil {
		return reply[v4.List[v4.AuditLog]]{}, err
	}
	q.Offset, q.Limit = p.offset(), p.perPage
	rows, total, err := a.authority.AuditPages(r.Context(), c.Caller, q)
	if err != nil {
		return reply[v4.List[v4.AuditLog]]{}, err
	}
	out := make(v4.List[v4.AuditLog], 0, len(rows))
	for i := range rows {
		out = append(out, wireAudit(&rows[i]))
	}
	return reply[v4.List[v4.AuditLog]]{result: out, info: p.info(len(out), total)}, nil
}

// auditQuery reads the filters of version 1. The newest come first unless asked
// otherwise.
func auditQuery(c *Call) (authority.AuditQuery, error) {
	q := authority.AuditQuery{
		Op: c.Match.Op.ID, AccountID: c.Match.Param("account_id"), Descending: c.query.Get("direction") != "asc",
		Match: auditMatchV1(c.query),
	}
	var err error
	if q.Since, err = instant(c.query, "since", false); err != nil {
		return q, err
	}
	q.Before, err = instant(c.query, "before", false)
	return q, err
}

// auditMatchV1 reads the filters, nil for none. User-level events, which hide_user_logs hides,
// are sign-ins and what was done to users' own tokens (contract 7.4).
func auditMatchV1(q url.Values) func(*authority.Event) bool {
	id, action := q.Get("id"), first(q, "action.type", "action[type]")
	ip, email := first(q, "actor.ip", "actor[ip]"), first(q, "actor.email", "actor[email]")
	zone, hide := first(q, "zone.name", "zone[name]"), isTrue(q.Get("hide_user_logs"))
	if id+action+ip+email+zone == "" && !hide {
		return nil
	}
	return func(e *authority.Event) bool {
		return (id == "" || e.ID == id) &&
			(action == "" || e.Action == action) &&
			(ip == "" || sameAddress(e.Actor.IP, ip)) &&
			(email == "" || strings.EqualFold(e.Actor.Email, email)) &&
			(zone == "" || strings.EqualFold(e.ZoneName, zone)) &&
			(!hide || e.UserID == "")
	}
}

// exportAudit answers with a page in the form of CSV (RFC 4180).
func (a *API) exportAudit(w http.ResponseWriter, r *http.Request, c *Call) {
	c.query = r.URL.Query()
	out, err := a.auditPage(r, c)
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	var b strings.Builder
	table := csv.NewWriter(&b)
	table.UseCRLF = true
	table.Write([]string{
		"id", "when", "action_type", "action_result", "actor_id", "actor_email", "actor_ip", "actor_type",
		"interface", "owner_id", "resource_type", "resource_id", "old_value", "new_value",
	})
	for _, e := range out.result {
		table.Write(cells(e.ID, e.When.Format(time.RFC3339Nano), e.Action.Type, strconv.FormatBool(e.Action.Result),
			e.Actor.ID, e.Actor.Email, e.Actor.IP, e.Actor.Type, e.Interface, e.Owner.ID,
			e.Resource.Type, e.Resource.ID, e.OldValue, e.NewValue))
	}
	table.Flush() // a strings.Builder takes everything
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="audit_logs.csv"`)
	w.WriteHeader(http.StatusOK)
	w.Write([]byte(b.String())) // an error here is the client's going away
}

// cells keeps spreadsheets from taking a text for a formula: what begins like
// one gets a quote before it.
func cells(values ...string) []string {
	for i, v := range values {
		if v != "" && strings.ContainsRune("=+-@\t\r", rune(v[0])) {
			values[i] = "'" + v
		}
	}
	return values
}
