package dashboard

import (
	"context"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
)

func (d *Dashboard) zoneRoutes() []route {
	return []route{
		{pattern: "GET /{account}/zones", page: d.zoneList},
		{pattern: "GET /{account}/zones/new", page: d.newZonePage},
		{pattern: "POST /{account}/zones/new", page: d.newZone},
		{pattern: "GET /{account}/zones/{zone}", page: d.zonePage},
		{pattern: "GET /{account}/zones/{zone}/delete", page: d.deleteZonePage},
		{pattern: "POST /{account}/zones/{zone}/delete", page: d.deleteZone},
	}
}

// zonesPerPage is how many zones a page of the list has.
const zonesPerPage = 50

// zoneListData is what the list of zones shows.
type zoneListData struct {
	Zones      []authority.Zone
	Total      int
	Page, Last int
	Query      string
}

// zoneList shows the zones of the account in the path that the user may see.
func (d *Dashboard) zoneList(ctx context.Context, in *request) (page, error) {
	at, offset := in.pageOf(zonesPerPage)
	data := zoneListData{Page: at, Query: strings.TrimSpace(in.query.Get("q"))}
	var err error
	if data.Zones, data.Total, err = d.zonesOf(ctx, in, data.Query, offset, zonesPerPage); err != nil {
		return page{}, err
	}
	data.Last = pagesFor(data.Total, zonesPerPage)
	return show("zones", "Zones", data), nil
}

// zonesOf reads zones of the account in the path, by name: those whose name has
// a part in it, or that have the id.
func (d *Dashboard) zonesOf(ctx context.Context, in *request, part string, offset, limit int) ([]authority.Zone, int, error) {
	part = strings.TrimSuffix(strings.ToLower(part), ".")
	return d.authority.Zones(ctx, in.caller, authority.ZoneQuery{
		Offset: offset, Limit: limit,
		Match: func(z *authority.Zone) bool {
			return z.AccountID == in.account.ID && (strings.Contains(z.Name, part) || z.ID == part)
		},
	})
}

func (d *Dashboard) newZonePage(_ context.Context, in *request) (page, error) {
	p := show("zonenew", "Add a zone", nil)
	p.nav = in.zonesPath()
	return p, nil
}

func (d *Dashboard) newZone(ctx context.Context, in *request) (page, error) {
	f := in.form
	if f.Trimmed("name") == "" {
		f.fail("name", "Enter a domain name.")
		return d.newZoneAgain(ctx, in)
	}
	z, err := d.authority.CreateZone(ctx, in.caller, authority.ZoneDraft{
		Name: f.Trimmed("name"), AccountID: in.account.ID, Type: f.Get("type"),
	})
	if err != nil {
		if err := f.take(err, map[string]string{"/name": "name", "/type": "type", taken: "name"}); err != nil {
			return page{}, err
		}
		return d.newZoneAgain(ctx, in)
	}
	d.tell(ctx, "success", z.Name+" is added. It has no records yet.")
	return seeOther(in.zonePath(z.ID) + "/records"), nil
}

func (d *Dashboard) newZoneAgain(ctx context.Context, in *request) (page, error) {
	p, err := d.newZonePage(ctx, in)
	return again(p, in.form), err
}

// zonesPath is the list of the account's zones, zonePath a zone's page.
func (in *request) zonesPath() string         { return in.base() + "/zones" }
func (in *request) zonePath(id string) string { return in.zonesPath() + "/" + id }
