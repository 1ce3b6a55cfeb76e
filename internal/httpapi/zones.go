package httpapi

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net/http"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/v4"
)

func (a *API) listZones(r *http.Request, c *Call) (reply[v4.List[v4.Zone]], error) {
	p := usualPages.pageOf(c.query)
	q := zoneQuery(c.query)
	q.Offset, q.Limit = p.offset(), p.perPage
	rows, total, err := a.authority.Zones(r.Context(), c.Caller, q)
	if err != nil {
		return reply[v4.List[v4.Zone]]{}, err
	}
	out := make(v4.List[v4.Zone], 0, len(rows))
	for i := range rows {
		out = append(out, a.wireZone(&rows[i], c))
	}
	return reply[v4.List[v4.Zone]]{result: out, info: p.info(len(out), total)}, nil
}

func (a *API) getZone(r *http.Request, c *Call) (reply[v4.Zone], error) {
	z, err := a.authority.Zone(r.Context(), c.Caller, authority.OpZoneGet, c.Match.Param("zone_id"))
	if err != nil {
		return reply[v4.Zone]{}, err
	}
	return reply[v4.Zone]{result: a.wireZone(&z, c)}, nil
}

// zoneRequest creates a zone. Older clients name the account "organization"
// (clients-go, wire fact 7); jump_start and other members mean nothing here.
type zoneRequest struct {
	Name         string    `json:"name" jsonschema:"a domain name; Unicode as Punycode"`
	Account      reference `json:"account,omitzero" jsonschema:"the account that it is for"`
	Organization reference `json:"organization,omitzero" jsonschema:"an older name of account"`
	Type         string    `json:"type,omitempty" jsonschema:"\"full\", \"partial\" or \"secondary\"; full unless given"`
	Paused       bool      `json:"paused,omitempty" jsonschema:"of no effect"`
}

type reference struct {
	ID string `json:"id" jsonschema:"32 hexadecimal digits"`
}

func (a *API) createZone(r *http.Request, c *Call, in *zoneRequest) (reply[v4.Zone], error) {
	d := authority.ZoneDraft{Name: in.Name, AccountID: in.Account.ID, Type: in.Type, Paused: in.Paused}
	switch {
	case d.AccountID == "":
		d.AccountID = in.Organization.ID
	case in.Organization.ID != "" && in.Organization.ID != d.AccountID:
		return reply[v4.Zone]{}, invalid("/organization/id", "account and organization name two different accounts")
	}
	z, err := a.authority.CreateZone(r.Context(), c.Caller, d)
	if err != nil {
		return reply[v4.Zone]{}, err
	}
	return reply[v4.Zone]{result: a.wireZone(&z, c)}, nil
}

// zoneChange changes a zone. A plan, which upstream takes here too, means
// nothing: there is one.
type zoneChange struct {
	Paused *bool              `json:"paused,omitempty" jsonschema:"of no effect"`
	Type   *string            `json:"type,omitempty" jsonschema:"\"full\", \"partial\" or \"secondary\""`
	Vanity v4.Field[[]string] `json:"vanity_name_servers,omitzero" jsonschema:"up to 20 host names, shown and without effect"`
}

func (a *API) updateZone(r *http.Request, c *Call, in *zoneChange) (reply[v4.Zone], error) {
	d := authority.ZoneChange{Paused: in.Paused, Type: in.Type}
	if in.Vanity.Present {
		d.VanityNameServers = &in.Vanity.Value
	}
	z, err := a.authority.UpdateZone(r.Context(), c.Caller, c.Match.Param("zone_id"), d)
	if err != nil {
		return reply[v4.Zone]{}, err
	}
	return reply[v4.Zone]{result: a.wireZone(&z, c)}, nil
}

// checkActivation has nothing to look up: a zone is active from the start.
func (a *API) checkActivation(r *http.Request, c *Call) (reply[v4.DeletedID], error) {
	z, err := a.authority.Zone(r.Context(), c.Caller, authority.OpZoneActivation, c.Match.Param("zone_id"))
	if err != nil {
		return reply[v4.DeletedID]{}, err
	}
	return reply[v4.DeletedID]{result: v4.DeletedID{ID: z.ID}}, nil
}

// verificationKey is what the owner of a partial zone would publish at their own
// name servers. It is made of the zone's id: nothing here looks for it.
func verificationKey(z *authority.Zone) string {
	sum := sha256.Sum256([]byte("verification key of zone " + z.ID))
	return fmt.Sprintf("%d-%d", binary.BigEndian.Uint32(sum[:4]), binary.BigEndian.Uint32(sum[4:8]))
}

func (a *API) deleteZone(r *http.Request, c *Call) (reply[v4.DeletedID], error) {
	id := c.Match.Param("zone_id")
	if err := a.authority.DeleteZone(r.Context(), c.Caller, id); err != nil {
		return reply[v4.DeletedID]{}, err
	}
	return reply[v4.DeletedID]{result: v4.DeletedID{ID: id}}, nil
}

// freePlan is the plan of every zone: there are no others here.
var freePlan = v4.Plan{ID: "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee", Name: "Free Website", Currency: "USD", LegacyID: "free"}

func (a *API) wireZone(z *authority.Zone, c *Call) v4.Zone {
	out := v4.Zone{
		ID: z.ID, Name: z.Name, Status: z.Status, Paused: z.Paused, Type: z.Type,
		Account:     v4.ZoneAccount{ID: z.AccountID, Name: z.AccountName},
		Owner:       v4.ZoneOwner{ID: &z.AccountID, Name: &z.AccountName, Type: "organization"},
		Meta:        v4.ZoneMeta{Step: 4, PageRuleQuota: 3},
		NameServers: z.NameServers, VanityNameServers: z.VanityNameServers, Permissions: a.authority.ZonePermissions(c.Caller, z), Plan: freePlan,
		CreatedOn: v4.AtMicro(z.CreatedOn), ModifiedOn: v4.AtMicro(z.ModifiedOn),
	}
	if z.Type == "partial" {
		out.VerificationKey = verificationKey(z)
	}
	if !z.ActivatedOn.IsZero() {
		at := v4.AtMicro(z.ActivatedOn)
		out.ActivatedOn = &at
	}
	return out
}
