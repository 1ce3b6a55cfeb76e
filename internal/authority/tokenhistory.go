package authority

import (
	"context"
	"time"
)

// maxHistoryScan is how many events of the owner's log TokenHistory looks at: it
// is read with each page about a token.
const maxHistoryScan = 20_000

// TokenHistory reads the latest events about one of an owner's tokens, newest
// first. The caller must be able to read the token and the owner's audit log.
// whole says that there are no others; else older ones are to be looked for in
// the log.
//
// Errors: as Token; CodeForbidden when the log is not for the caller.
func (a *Authority) TokenHistory(ctx context.Context, c Caller, o Owner, id string, limit int) (events []Event, whole bool, err error) {
	t, err := a.Token(ctx, c, o, id)
	if err != nil {
		return nil, false, err
	}
	q := AuditQuery{Op: OpUserAudit, Descending: true, Limit: limit}
	if o.Kind == OwnerAccount {
		q.Op, q.AccountID = OpAcctAudit, o.ID
	}
	log, hide, err := a.auditLog(ctx, &c, &q)
	if err != nil {
		return nil, false, err
	}
	of := q.logQuery(log)
	of.Limit, of.Since = auditChunk, t.IssuedOn.Add(-time.Second) // events have more digits
	for range maxHistoryScan / auditChunk {
		rows, err := a.store.EventLog(ctx, of)
		if err != nil {
			return nil, false, storeError("read the history of token "+id, err)
		}
		for i := range rows {
			e := &rows[i]
			of.Below = e.Seq
			if e.Resource.Type != "token" || e.Resource.ID != id {
				continue
			}
			if len(events) == q.Limit {
				return events, false, nil
			}
			events = append(events, hide(e.Event))
			if e.Action == "token_create" {
				return events, true, nil
			}
		}
		if len(rows) < auditChunk {
			return events, true, nil
		}
	}
	return events, false, nil
}
