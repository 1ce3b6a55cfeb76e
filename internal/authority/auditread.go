package authority

import (
	"context"
	"errors"
	"time"

	"github.com/tokenward/tokenward/internal/policy"
)

// maxAuditScan is how many events one read of an audit log looks at. A filter
// that few events match must not occupy the database for minutes.
const maxAuditScan = 100_000

// maxAuditPages is how many events AuditPages counts.
const maxAuditPages = 10_000

// auditChunk is how many events are read at a time, and the most that a page
// holds.
const auditChunk = 1000

// auditSettle is how long an event may take from the time that it bears, which
// is when its request was judged, to the moment when it can be read.
const auditSettle = 5 * time.Minute

// AuditQuery selects events of an audit log.
type AuditQuery struct {
	Op        string // the operation that is judged, one of OpAudit...
	AccountID string // "" for the caller's own user
	Since     time.Time
	Before    time.Time         // excluded; the zero time is no bound
	Match     func(*Event) bool // nil matches all
	// Descending is newest first, by the order in which events were written.
	Descending bool
	Offset     int    // of AuditPages only
	Cursor     string // of AuditFrom only: where an earlier page ended, "" to begin
	Limit      int    // at most 1000
}

func (q *AuditQuery) logQuery(log Log) LogQuery {
	return LogQuery{Log: log, Since: q.Since, Before: q.Before, Descending: q.Descending}
}

// AuditPages reads a page of an audit log by its offset, and says how many
// events match. It counts 10,000 of them at most, and looks at 100,000 events at
// most, in the query's order.
func (a *Authority) AuditPages(ctx context.Context, c Caller, q AuditQuery) ([]Event, int, error) {
	log, hide, err := a.auditLog(ctx, &c, &q)
	if err != nil {
		return nil, 0, err
	}
	if q.Match == nil {
		return a.auditPage(ctx, &q, log, hide)
	}
	var found []Event
	total := 0
	w := walk{query: q.logQuery(log), match: q.Match}
	_, err = w.run(ctx, a.store, func(e *LoggedEvent) bool {
		if total++; total > q.Offset && len(found) < q.Limit {
			found = append(found, hide(e.Event))
		}
		return total < maxAuditPages
	})
	return found, total, err
}

// auditPage reads a page of all events: there is nothing to look at in those that
// are passed over or only counted.
func (a *Authority) auditPage(ctx context.Context, q *AuditQuery, log Log, hide func(Event) Event) ([]Event, int, error) {
	of := q.logQuery(log)
	total, err := a.store.CountEvents(ctx, of, maxAuditPages)
	if err != nil {
		return nil, 0, storeError("count the audit log", err)
	}
	of.Offset, of.Limit = q.Offset, min(q.Limit, total-q.Offset)
	if of.Limit <= 0 {
		return nil, total, nil
	}
	rows, err := a.store.EventLog(ctx, of)
	return eventsOf(rows, hide), total, storeError("read the audit log", err)
}

// AuditFrom reads what comes next in an audit log, and the cursor that goes on
// from there, "" when nothing can follow.
//
// Ascending, a cursor is for ever: who follows it while events are written sees
// each one once. It goes on though nothing is there yet, unless Before lies so
// far back that nothing can come any more. What holds for Since is what it was
// on the first page.
func (a *Authority) AuditFrom(ctx context.Context, c Caller, q AuditQuery) ([]Event, string, error) {
	log, hide, err := a.auditLog(ctx, &c, &q)
	if err != nil {
		return nil, "", err
	}
	epoch, _, err := a.store.FeedHead(ctx)
	if err != nil {
		return nil, "", storeError("read the feed's epoch", err)
	}
	at := auditCursor{log: log.id(), descending: q.Descending, since: q.Since}
	if q.Cursor != "" {
		if at, err = parseAuditCursor(q.Cursor, epoch, log.id(), q.Descending); err != nil {
			return nil, "", err
		}
	}
	found, more, err := a.auditNext(ctx, &at, q, log, c.now)
	if err != nil || !more {
		return eventsOf(found, hide), "", err
	}
	return eventsOf(found, hide), at.text(epoch), nil
}

// auditNext reads from a cursor on and moves it. more says that it is of use.
func (a *Authority) auditNext(ctx context.Context, at *auditCursor, q AuditQuery, log Log, now time.Time) ([]LoggedEvent, bool, error) {
	w := walk{query: q.logQuery(log), match: q.Match}
	end := int64(0) // what is known to be read when the walk ends by itself
	if q.Descending {
		w.query.Below = at.seq
	} else {
		var err error
		if end, err = a.auditEnd(ctx, &q, log, at.seq, now); err != nil {
			return nil, false, err
		}
		w.query.Above, w.query.Below, w.query.Since = at.seq, end+1, at.since
	}
	var found []LoggedEvent
	last, err := w.run(ctx, a.store, func(e *LoggedEvent) bool {
		found = append(found, *e)
		return len(found) < q.Limit
	})
	if err != nil {
		return nil, false, err
	}
	if last != 0 { // there may be more
		at.seq = last
		return found, true, nil
	}
	at.seq = end
	return found, !q.Descending && !settled(q.Before, now), nil
}

// auditEnd is the number up to which an ascending read may go: to the end of
// the log, but not past an event that is not to be shown yet and will be when
// the caller comes back with a later Before. Events do not bear times in the
// order of their numbers: to step over it would be to lose it.
func (a *Authority) auditEnd(ctx context.Context, q *AuditQuery, log Log, above int64, now time.Time) (int64, error) {
	head, err := a.store.EventHead(ctx)
	if err != nil {
		return 0, storeError("read the audit log", err)
	}
	head = max(head, above)
	if settled(q.Before, now) || q.Before.IsZero() {
		return head, nil
	}
	// An event from the future is a clock's fault, and nobody waits for it.
	held, err := a.store.EventLog(ctx, LogQuery{
		Log: log, Above: above, Below: head + 1, Since: q.Before, Before: now.Add(auditSettle), Limit: 1,
	})
	if err != nil {
		return 0, storeError("read the audit log", err)
	}
	if len(held) > 0 {
		return held[0].Seq - 1, nil
	}
	return head, nil
}

// settled reports whether no event can be written any more that bears a time
// before the one given.
func settled(before, now time.Time) bool {
	return !before.IsZero() && before.Before(now.Add(-auditSettle))
}

// walk goes through a log in chunks.
type walk struct {
	query LogQuery
	match func(*Event) bool
}

// run calls each for every event that matches until it returns false. It gives
// the number of the event that it stopped at, 0 when it came to the end.
func (w *walk) run(ctx context.Context, s Store, each func(*LoggedEvent) bool) (int64, error) {
	w.query.Limit = auditChunk
	last := int64(0)
	for range maxAuditScan / auditChunk {
		rows, err := s.EventLog(ctx, w.query)
		if err != nil {
			return 0, storeError("read the audit log", err)
		}
		for i := range rows {
			last = rows[i].Seq
			if (w.match == nil || w.match(&rows[i].Event)) && !each(&rows[i]) {
				return last, nil
			}
		}
		if len(rows) < auditChunk {
			return 0, nil
		}
		if w.query.Descending {
			w.query.Below = last
		} else {
			w.query.Above = last
		}
	}
	return last, nil
}

// auditLog judges the caller and says which log is meant, and what of its
// events the caller may not see.
//
// A user's log tells what their tokens are called and may do, which is for who
// may read the tokens: others see that something was done, when and from where.
func (a *Authority) auditLog(ctx context.Context, c *Caller, q *AuditQuery) (Log, func(Event) Event, error) {
	q.Limit = min(max(q.Limit, 1), auditChunk)
	whole := func(e Event) Event { return e }
	if q.AccountID != "" {
		return Log{AccountID: q.AccountID}, whole, a.may(ctx, c, q.Op, a.kinds.accountPath(q.AccountID))
	}
	if c.person == nil {
		return Log{}, nil, forbidden(policy.Decision{Reason: policy.WrongOwner})
	}
	self := a.kinds.userPath(c.person.id)
	if err := a.may(ctx, c, q.Op, self); err != nil {
		return Log{}, nil, err
	}
	d, err := a.allows(ctx, c, OpUserTokenList, self)
	if err != nil || d.Allowed {
		return Log{UserID: c.person.id}, whole, err
	}
	return Log{UserID: c.person.id}, withoutToken, nil
}

// withoutToken is an event without what it tells of a token.
func withoutToken(e Event) Event {
	if e.Resource.Type == "token" {
		e.Old, e.New, e.Metadata = nil, nil, nil
	}
	e.Actor.TokenName = ""
	return e
}

func eventsOf(list []LoggedEvent, hide func(Event) Event) []Event {
	out := make([]Event, 0, len(list))
	for i := range list {
		out = append(out, hide(list[i].Event))
	}
	return out
}

// AuditHistory finds an event of an account's log by id, near the time that it
// bears, and gives a test for the events about the same resource. exact is
// false when the event names none.
func (a *Authority) AuditHistory(ctx context.Context, c Caller, accountID, id string, at time.Time) (same func(*Event) bool, exact bool, err error) {
	q := AuditQuery{
		Op: OpAcctAuditHistory, AccountID: accountID, Since: at.Add(-time.Second), Before: at.Add(2 * time.Second), Limit: 1,
		Match: func(e *Event) bool { return e.ID == id },
	}
	list, _, err := a.AuditPages(ctx, c, q)
	if err != nil {
		return nil, false, err
	}
	if len(list) == 0 {
		return nil, false, notFound("audit log entry")
	}
	of := list[0].Resource
	return func(e *Event) bool { return e.Resource == of }, of.ID != "", nil
}

// errCursor answers a cursor that was not given for what is asked.
func errCursor() error {
	return &Error{
		Code: CodeInvalid, Err: errors.New("the cursor does not authenticate"),
		Message: "cursor is not one that this log gave for this direction; begin again without it",
	}
}

// AuditAccountName is the name of an account, for who may do an operation of its
// audit log.
func (a *Authority) AuditAccountName(ctx context.Context, c Caller, op, accountID string) (string, error) {
	if err := a.may(ctx, &c, op, a.kinds.accountPath(accountID)); err != nil {
		return "", err
	}
	acct, err := a.store.Account(ctx, accountID)
	return acct.Name, rowError("account", "read account", err)
}
