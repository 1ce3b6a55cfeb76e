package dashboard

import (
	"context"

	"github.com/tokenward/tokenward/internal/authority"
)

// recordScope is the zone in the path, and on which of its records the reader may
// do an operation. A zone of another account is not there.
func (d *Dashboard) recordScope(ctx context.Context, in *request, op string) (*authority.RecordScope, *authority.Zone, error) {
	scope, err := d.authority.RecordScope(ctx, in.caller, op, in.path("zone"))
	z := scope.Zone()
	if err == nil && z.AccountID != in.account.ID {
		return nil, nil, errNoZone
	}
	return &scope, z, err
}

// recordsHead is the top of a page of a zone's records. It offers to change
// those that the reader may change.
func (d *Dashboard) recordsHead(ctx context.Context, in *request, z *authority.Zone) (zoneHead, error) {
	h := d.zoneHead(in, z, "records")
	scope, err := d.authority.RecordScope(ctx, in.caller, authority.OpDNSPatch, z.ID)
	if code, _ := codeOf(err); err != nil && code == authority.CodeForbidden {
		return h, nil
	}
	h.May.records, h.May.EditRecords = scope, err == nil
	return h, err
}
