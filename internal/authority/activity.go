package authority

import (
	"context"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// Activity is the use of a token over some days, the last of which is today. Uses
// of the last seconds may be missing.
type Activity struct {
	Days []DayUse // oldest first, those without use too
	Uses []UseSum // of those days, the most used first; at most MaxActivityUses
	// Incomplete says that Uses does not name all that was used: the token did
	// more sorts of things than are kept.
	Incomplete bool
	Addresses  []AddressCount // latest first
	Denials    []SeenDenial   // latest first
}

// SeenDenial is a denial with what would have allowed it.
type SeenDenial struct {
	Denial
	// Missing are ids of permission groups of which any one was needed, at most
	// ten; none where no group would have helped.
	Missing []string
}

// maxMissing is how many groups a denial names.
const maxMissing = 10

// TokenActivity tells how one of an owner's tokens was used in the last days: 0
// days are DefaultUsageDays, and there are never more than MaxUsageDays.
//
// Errors: as Token.
func (a *Authority) TokenActivity(ctx context.Context, c Caller, o Owner, id string, days int) (Activity, error) {
	if _, err := a.Token(ctx, c, o, id); err != nil {
		return Activity{}, err
	}
	days, since := usageWindow(c.now, days)
	u, err := a.store.TokenUsage(ctx, id, since, MaxActivityUses)
	if err != nil {
		return Activity{}, storeError("read the use of token "+id, err)
	}
	out := Activity{Days: everyDay(u.Days, since, days), Addresses: u.Addresses, Incomplete: len(u.Uses) == MaxActivityUses}
	for _, use := range u.Uses {
		if use.Use == (Use{Denied: use.Use.Denied}) {
			out.Incomplete = true
			continue
		}
		out.Uses = append(out.Uses, use)
	}
	for _, d := range u.Denials {
		out.Denials = append(out.Denials, SeenDenial{d, a.missing(&d)})
	}
	return out, nil
}

// usageWindow is the last days, today included: how many they are within the
// bounds, and the beginning of the first.
func usageWindow(now time.Time, days int) (int, time.Time) {
	if days <= 0 {
		days = DefaultUsageDays
	}
	days = min(days, MaxUsageDays)
	return days, now.UTC().Truncate(day).AddDate(0, 0, 1-days)
}

// everyDay fills in the days without use.
func everyDay(used []DayUse, since time.Time, days int) []DayUse {
	out := make([]DayUse, days)
	for i := range out {
		out[i].Day = since.AddDate(0, 0, i)
	}
	for _, d := range used {
		if i := int(d.Day.Sub(since) / day); i >= 0 && i < days {
			out[i] = d
		}
	}
	return out
}

// missing is which groups would have helped, by what the operation accepts today.
func (a *Authority) missing(d *Denial) []string {
	if d.Reason != policy.NoGrant.String() && d.Reason != policy.DeniedByPolicy.String() && d.Reason != policy.OwnerLacks.String() {
		return nil
	}
	op, ok := a.Catalog().Operation(d.Operation)
	if !ok {
		return nil
	}
	var ids []string
	for no := range op.Accepted.All {
		g := a.Catalog().GroupByNo(no)
		if op.Target == catalog.TargetUser && g.Scope != kindUser {
			continue // a group of accounts is of no use on the caller's own user
		}
		if len(ids) == maxMissing {
			break
		}
		ids = append(ids, g.ID)
	}
	return ids
}
