package authority

import (
	"context"

	"github.com/tokenward/tokenward/internal/policy"
)

// ZoneNames gives the names of those of some zones that the caller may see, by
// id, for pages that show many tokens. Zones that are not there, or not for the
// caller, are left out; the rest are those that Zone would give.
func (a *Authority) ZoneNames(ctx context.Context, c Caller, ids []string) (map[string]string, error) {
	if err := c.stands(); err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, nil
	}
	zones, err := a.store.ZonesByID(ctx, ids)
	if err != nil {
		return nil, storeError("read the names of zones", err)
	}
	accepted := a.ops[OpZoneGet].Accepted
	names := make(map[string]string, len(zones))
	for i := range zones {
		z := &zones[i]
		access := policy.Access{Accepted: accepted, Path: a.kinds.zonePath(z.ID, z.AccountID), Addr: c.addr}
		if c.decide(&access, a.kinds).Allowed {
			names[z.ID] = z.Name
		}
	}
	return names, nil
}
