package authority

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/policy"
)

// maxVanity is how many vanity name servers a zone may have.
const maxVanity = 20

// ZoneChange is what to change of a zone. A nil member is kept.
type ZoneChange struct {
	Paused *bool
	Type   *string // "full", "partial" or "secondary"
	// VanityNameServers are host names; none clears them.
	VanityNameServers *[]string
}

// UpdateZone changes a zone. A change that changes nothing leaves no event.
func (a *Authority) UpdateZone(ctx context.Context, c Caller, id string, d ZoneChange) (Zone, error) {
	path, err := a.zoneRef(id)
	if err != nil {
		return Zone{}, err
	}
	if err := a.may(ctx, &c, OpZoneUpdate, path); err != nil {
		return Zone{}, err
	}
	if faults := d.faults(); len(faults) > 0 {
		return Zone{}, invalid(faults)
	}
	var z Zone
	err = a.write(ctx, &c, "update a zone", func(ctx context.Context, tx *txn) error {
		was, err := tx.Zone(ctx, id)
		if err != nil {
			return rowError("zone", "read zone", err)
		}
		if z = d.apply(was); sameZone(&was, &z) {
			return nil
		}
		z.ModifiedOn = c.now.UTC()
		if err := tx.UpdateZone(ctx, z); err != nil {
			return fmt.Errorf("update zone %s: %w", id, err)
		}
		return tx.AppendEvent(ctx, c.zoneEvent("zone_update", "update", &was, &z))
	})
	if err != nil {
		return Zone{}, err
	}
	return z, a.nameAccounts(ctx, []*Zone{&z})
}

// sameZone compares what a ZoneChange can change.
func sameZone(a, b *Zone) bool {
	return a.Paused == b.Paused && a.Type == b.Type && slices.Equal(a.VanityNameServers, b.VanityNameServers)
}

func (d *ZoneChange) apply(z Zone) Zone {
	if d.Paused != nil {
		z.Paused = *d.Paused
	}
	if d.Type != nil {
		z.Type = *d.Type
	}
	if d.VanityNameServers != nil {
		z.VanityNameServers = nil
		for _, name := range *d.VanityNameServers {
			z.VanityNameServers = append(z.VanityNameServers, strings.ToLower(strings.TrimSuffix(name, ".")))
		}
	}
	return z
}

func (d *ZoneChange) faults() (faults []policy.Fault) {
	if d.Type != nil {
		faults = zoneTypeFaults(*d.Type)
	}
	if d.VanityNameServers == nil {
		return faults
	}
	if n := len(*d.VanityNameServers); n > maxVanity {
		faults = append(faults, policy.Fault{Pointer: "/vanity_name_servers",
			Message: fmt.Sprintf("at most %d name servers are possible, here are %d", maxVanity, n)})
	}
	for i, name := range *d.VanityNameServers {
		if zoneNameProblem(strings.ToLower(strings.TrimSuffix(name, "."))) != "" {
			faults = append(faults, policy.Fault{Pointer: fmt.Sprintf("/vanity_name_servers/%d", i), Message: "a name server must be a host name"})
		}
	}
	return faults
}

func zoneTypeFaults(zoneType string) []policy.Fault {
	switch zoneType {
	case "full", "partial", "secondary":
		return nil
	}
	return []policy.Fault{{Pointer: "/type", Message: `type must be "full", "partial" or "secondary"`}}
}
