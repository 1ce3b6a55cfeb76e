package dashboard

import (
	"context"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/recordwire"
)

// recordData is a record in its zone.
type recordData struct {
	zoneHead
	Record dns.Record
}

func (d *Dashboard) deleteRecordPage(ctx context.Context, in *request) (page, error) {
	z, _, r, err := d.record(ctx, in, authority.OpDNSGet)
	if err != nil {
		return page{}, err
	}
	data := recordData{d.zoneHead(in, z, "records"), r}
	return showZone(in, "recorddelete", "Delete the "+r.Type+" record of "+r.Name, data), nil
}

func (d *Dashboard) deleteRecord(ctx context.Context, in *request) (page, error) {
	scope, z, err := d.recordScope(ctx, in, authority.OpDNSDelete)
	if err != nil {
		return page{}, err
	}
	r, err := d.records.Delete(ctx, scope, in.path("record"), recordwire.Stamp(&in.caller, z))
	if err != nil {
		return page{}, err
	}
	d.tell(ctx, "success", "The "+r.Type+" record of "+r.Name+" is deleted.")
	return seeOther(in.recordsPath(z.ID)), nil
}
