package authority

import (
	"context"
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// What is written of refused attempts, at most. Somebody who is refused ten
// thousand times a second must neither fill the log nor slow the checks down.
const (
	deniedPerMinute   = 200 // events in all
	deniedPerCaller   = 20  // events about one credential
	deniedFingerprint = 4096
)

// denied is a sample of the attempts of known credentials that were refused:
// for each credential, operation and reason the first in a minute. Secrets that
// nobody knows are only counted.
//
// Noting one takes no lock when the same was noted in this minute already, and
// never waits for the store.
type denied struct {
	seed  maphash.Seed
	slots [deniedFingerprint]atomic.Uint64 // what was noted last, and in which minute

	mu      sync.Mutex
	minute  int64
	inAll   int            // events in this minute
	each    map[string]int // events in this minute, by credential
	pending []refusal      // to be written

	unknown, noted, dropped atomic.Int64
}

// refusal is an attempt that was refused.
type refusal struct {
	caller Caller
	op     *catalog.Operation
	path   policy.Path
	reason policy.Reason
}

// DeniedStats counts refused attempts since the start.
type DeniedStats struct {
	Unknown int64 // with a secret that nobody knows, or whose owner is gone
	Noted   int64 // events written or waiting
	Dropped int64 // events that were over the bounds, or that could not be written
}

// Denied gives the counts of refused attempts.
func (a *Authority) Denied() DeniedStats {
	return DeniedStats{a.denied.unknown.Load(), a.denied.noted.Load(), a.denied.dropped.Load()}
}

func (d *denied) init() {
	d.seed = maphash.MakeSeed()
	d.each = make(map[string]int, deniedPerMinute)
	d.pending = make([]refusal, 0, deniedPerMinute)
}

// note samples an attempt that was refused.
func (d *denied) note(c *Caller, at *Attempt, why policy.Reason) {
	minute := c.now.Unix() / 60
	if !d.first(d.hashCaller(c), at.Op.ID, why, minute) {
		return
	}
	who := c.TokenID()
	if who == "" {
		who = c.UserID()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if minute != d.minute {
		clear(d.each)
		d.minute, d.inAll = minute, 0
	}
	if d.inAll >= deniedPerMinute || d.each[who] >= deniedPerCaller || len(d.pending) >= deniedPerMinute {
		d.dropped.Add(1)
		return
	}
	d.inAll++
	d.each[who]++
	d.noted.Add(1)
	d.pending = append(d.pending, refusal{*c, at.Op, at.Path, why})
}

// hashCaller is a hash of whom a refusal is noted for. A token is known by its
// digest, which is at hand where its id is a look elsewhere.
func (d *denied) hashCaller(c *Caller) uint64 {
	if c.record != nil {
		return maphash.Bytes(d.seed, c.proof[:])
	}
	return maphash.String(d.seed, c.UserID())
}

// first reports whether nothing like this was noted in this minute. Two that
// fall on one slot may be noted more often; the bounds above still hold.
func (d *denied) first(who uint64, op string, why policy.Reason, minute int64) bool {
	h := who ^ maphash.String(d.seed, op)*31 + uint64(why)
	slot, mark := &d.slots[h%deniedFingerprint], (h^uint64(minute)<<1)|1
	old := slot.Load()
	return old != mark && slot.CompareAndSwap(old, mark)
}

// take gives what is to be written.
func (d *denied) take() []refusal {
	d.mu.Lock()
	defer d.mu.Unlock()
	batch := append([]refusal(nil), d.pending...)
	clear(d.pending) // or their callers would be kept alive
	d.pending = d.pending[:0]
	return batch
}

// flushDenied writes the refused attempts that wait. What cannot be written is
// dropped: the store has other things to recover from.
func (a *Authority) flushDenied(ctx context.Context) {
	batch := a.denied.take()
	if len(batch) == 0 {
		return
	}
	events := make([]Event, 0, len(batch))
	for i := range batch {
		events = append(events, a.deniedEvent(ctx, &batch[i]))
	}
	err := a.store.Write(ctx, func(ctx context.Context, tx Tx) error {
		for _, e := range events {
			if err := tx.AppendEvent(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		a.denied.dropped.Add(int64(len(batch)))
		a.log.Error("write refused attempts", "events", len(batch), "err", err)
	}
}

// deniedEvent is the record of a refused attempt. It goes into the log of the
// credential's owner, and into that of the account where it was tried if the
// user has joined that account: nobody can write into a stranger's log.
func (a *Authority) deniedEvent(ctx context.Context, r *refusal) Event {
	e := r.caller.NewEvent("access_denied", verbOf(r.caller.request.Method))
	e.Success = false
	e.Metadata = map[string]string{"operation": r.op.ID, "reason": r.reason.String()}
	switch leaf := r.path.Leaf(); {
	case leaf.Kind == a.kinds.record && leaf.Kind != 0:
		e.Resource = EventResource{"dns_record", leaf.String()}
		zone, _ := r.path.Find(a.kinds.zone)
		e.ZoneID = zone.String()
		if z, err := a.zone(ctx, e.ZoneID); err == nil {
			e.ZoneName = z.Name
		}
	case leaf.Kind != 0:
		e.Resource = EventResource{kindName(a.worldOf(&r.caller).vocabulary, leaf.Kind), leaf.String()}
	case r.op.Target == catalog.TargetUser:
		e.Resource = EventResource{"user", r.caller.UserID()}
	}
	e.AccountID, e.UserID = r.caller.AccountID(), r.caller.UserID()
	if e.UserID == "" {
		return e
	}
	path := r.path
	if err := a.locate(ctx, &path, a.feed.fresh(r.caller.now)); err != nil {
		return e
	}
	if at, ok := path.Find(a.kinds.account); ok && a.memberOf(&r.caller, at.String()) {
		e.AccountID = at.String()
	}
	return e
}

// memberOf reports whether the user whom the caller acts for is a member of an
// account.
func (a *Authority) memberOf(c *Caller, account string) bool {
	return c.person != nil && (slices.Contains(a.homes(c), account) || slices.Contains(c.person.off, account))
}

// kindName is a kind of resource as events name it: the last part of its name.
func kindName(v *policy.Vocabulary, k policy.KindNo) string {
	name := v.KindName(k)
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '.' {
			return name[i+1:]
		}
	}
	return name
}

// verbOf is what a method would have done.
func verbOf(method string) string {
	switch method {
	case "POST":
		return "create"
	case "PUT", "PATCH":
		return "update"
	case "DELETE":
		return "delete"
	}
	return "view"
}
