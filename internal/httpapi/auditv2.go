package httpapi

import (
	"net/http"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/v4"
)

// listAuditV2 is version 2 of an account's audit log (contract 1.8).
func (a *API) listAuditV2(r *http.Request, c *Call) (reply[v4.List[v4.AuditLogV2]], error) {
	q, account, err := a.auditQueryV2(r, c)
	if err != nil {
		return reply[v4.List[v4.AuditLogV2]]{}, err
	}
	return a.auditPageV2(r, c, q, account)
}

// auditHistory is what happened to the resource that an entry is about.
func (a *API) auditHistory(r *http.Request, c *Call) (reply[v4.List[v4.AuditLogV2]], error) {
	q, account, err := a.auditQueryV2(r, c)
	if err != nil {
		return reply[v4.List[v4.AuditLogV2]]{}, err
	}
	at, err := instant(c.query, "action_time", true)
	if err != nil {
		return reply[v4.List[v4.AuditLogV2]]{}, err
	}
	same, exact, err := a.authority.AuditHistory(r.Context(), c.Caller, account.ID, c.Match.Param("id"), at)
	if err != nil {
		return reply[v4.List[v4.AuditLogV2]]{}, err
	}
	if !exact {
		info := v4.CursorPage(0, "")
		info.HistoryStatus = "unavailable"
		return reply[v4.List[v4.AuditLogV2]]{result: v4.List[v4.AuditLogV2]{}, info: &info}, nil
	}
	q.Match = same
	out, err := a.auditPageV2(r, c, q, account)
	if err == nil {
		// Found by the resource's type and id, not by a URI.
		out.info.HistoryStatus = "approximate"
	}
	return out, err
}

func (a *API) auditPageV2(r *http.Request, c *Call, q authority.AuditQuery, account *v4.AuditAccount) (reply[v4.List[v4.AuditLogV2]], error) {
	rows, cursor, err := a.authority.AuditFrom(r.Context(), c.Caller, q)
	if err != nil {
		return reply[v4.List[v4.AuditLogV2]]{}, err
	}
	out := make(v4.List[v4.AuditLogV2], 0, len(rows))
	for i := range rows {
		out = append(out, wireAuditV2(&rows[i], account))
	}
	info := v4.CursorPage(len(out), cursor)
	return reply[v4.List[v4.AuditLogV2]]{result: out, info: &info}, nil
}

// auditQueryV2 reads what both have in common. The filters are of no use to a
// history, and are read there too: one that is wrong is wrong.
func (a *API) auditQueryV2(r *http.Request, c *Call) (authority.AuditQuery, *v4.AuditAccount, error) {
	account := &v4.AuditAccount{ID: c.Match.Param("account_id")}
	limits := pageLimits{1, 1000, 100}
	q := authority.AuditQuery{
		Op: c.Match.Op.ID, AccountID: account.ID, Descending: c.query.Get("direction") != "asc",
		Cursor: c.query.Get("cursor"), Limit: limits.sizeOf(c.query.Get("limit")),
	}
	var err error
	if q.Since, err = instant(c.query, "since", true); err != nil {
		return q, nil, err
	}
	if q.Before, err = instant(c.query, "before", true); err != nil {
		return q, nil, err
	}
	if account.Name, err = a.authority.AuditAccountName(r.Context(), c.Caller, c.Match.Op.ID, account.ID); err != nil {
		return q, nil, err
	}
	q.Match, err = auditMatch(c.query, account)
	return q, account, err
}
