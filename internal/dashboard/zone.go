package dashboard

import (
	"context"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
)

// zoneHead is what stands at the top of every page of a zone.
type zoneHead struct {
	Zone authority.Zone
	Path string // of the zone's page
	At   string // the tab: "records" or "zone"
	May  zoneMay
}

// zoneMay says what the reader may do with a zone, as far as that is cheap to
// know: what a page does not offer would be refused.
type zoneMay struct {
	DeleteZone  bool
	EditRecords bool // some of them; for pages of records
	records     authority.RecordScope
}

// Edit reports whether the reader may change and delete a record.
func (m zoneMay) Edit(r dns.Record) bool { return m.records.Decide(r.Name, r.Type).Allowed }

// zone finds the zone in the path for an operation on it. One of another
// account is not there.
func (d *Dashboard) zone(ctx context.Context, in *request, op string) (authority.Zone, error) {
	z, err := d.authority.Zone(ctx, in.caller, op, in.path("zone"))
	if err == nil && z.AccountID != in.account.ID {
		err = errNoZone
	}
	return z, err
}

var errNoZone = &authority.Error{Code: authority.CodeNotFound, Message: "zone not found"}

func (d *Dashboard) zoneHead(in *request, z *authority.Zone, at string) zoneHead {
	return zoneHead{*z, in.zonePath(z.ID), at, zoneMay{DeleteZone: d.authority.MayOnZone(in.caller, z, authority.OpZoneDelete)}}
}

// showZone is a page of a zone.
func showZone(in *request, name, title string, data any) page {
	p := show(name, title, data)
	p.nav = in.zonesPath()
	return p
}

func (d *Dashboard) zonePage(ctx context.Context, in *request) (page, error) {
	z, err := d.zone(ctx, in, authority.OpZoneGet)
	if err != nil {
		return page{}, err
	}
	return showZone(in, "zone", z.Name, d.zoneHead(in, &z, "zone")), nil
}

func (d *Dashboard) deleteZonePage(ctx context.Context, in *request) (page, error) {
	z, err := d.zone(ctx, in, authority.OpZoneGet)
	if err != nil {
		return page{}, err
	}
	return showZone(in, "zonedelete", "Delete "+z.Name, d.zoneHead(in, &z, "zone")), nil
}

// deleteZone wants the zone's name typed: what goes with it does not come back.
func (d *Dashboard) deleteZone(ctx context.Context, in *request) (page, error) {
	z, err := d.zone(ctx, in, authority.OpZoneGet)
	if err != nil {
		return page{}, err
	}
	if typed := strings.TrimSuffix(strings.ToLower(in.form.Trimmed("name")), "."); typed != z.Name {
		in.form.fail("name", "Type "+z.Name+" to delete it.")
		return again(showZone(in, "zonedelete", "Delete "+z.Name, d.zoneHead(in, &z, "zone")), in.form), nil
	}
	if err := d.authority.DeleteZone(ctx, in.caller, z.ID); err != nil {
		return page{}, err
	}
	d.tell(ctx, "success", z.Name+" and its records are deleted.")
	return seeOther(in.zonesPath()), nil
}
