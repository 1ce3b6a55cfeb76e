package httpapi

import (
	"encoding/json"
	"net/http"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/recordwire"
	"github.com/tokenward/tokenward/v4"
)

// recordScope is the zone in the path, and on which of its records the caller
// may do the operation.
func (a *API) recordScope(r *http.Request, c *Call) (*authority.RecordScope, *authority.Zone, error) {
	scope, err := a.authority.RecordScope(r.Context(), c.Caller, c.Match.Op.ID, c.Match.Param("zone_id"))
	return &scope, scope.Zone(), err
}

// stamp makes the audit event of a change to a record.
func stamp(c *Call, z *authority.Zone) dns.Stamp { return recordwire.Stamp(&c.Caller, z) }

func (a *API) listRecords(r *http.Request, c *Call) (reply[v4.List[v4.DNSRecord]], error) {
	scope, z, err := a.recordScope(r, c)
	if err != nil {
		return reply[v4.List[v4.DNSRecord]]{}, err
	}
	q, err := dns.ParseQuery(c.query)
	if err != nil {
		return reply[v4.List[v4.DNSRecord]]{}, err
	}
	rows, total, err := a.records.List(r.Context(), scope, q)
	if err != nil {
		return reply[v4.List[v4.DNSRecord]]{}, err
	}
	info := v4.Page(q.Page, q.PerPage, len(rows), total)
	return reply[v4.List[v4.DNSRecord]]{result: wireRecords(rows, z), info: &info}, nil
}

func wireRecords(rows []dns.Record, z *authority.Zone) v4.List[v4.DNSRecord] {
	out := make(v4.List[v4.DNSRecord], 0, len(rows))
	for i := range rows {
		out = append(out, recordwire.Record(&rows[i], z))
	}
	return out
}

func (a *API) getRecord(r *http.Request, c *Call) (reply[v4.DNSRecord], error) {
	scope, z, err := a.recordScope(r, c)
	if err != nil {
		return reply[v4.DNSRecord]{}, err
	}
	rec, err := a.records.Get(r.Context(), scope, c.Match.Param("dns_record_id"))
	return recordReply(z, rec, err)
}

func recordReply(z *authority.Zone, r dns.Record, err error) (reply[v4.DNSRecord], error) {
	if err != nil {
		return reply[v4.DNSRecord]{}, err
	}
	return reply[v4.DNSRecord]{result: recordwire.Record(&r, z)}, nil
}

// recordRequest is a record as clients send it. Members that are only read, and
// null for any other, are passed over (clients-go, wire fact 5).
type recordRequest struct {
	Name     string             `json:"name,omitempty" jsonschema:"in the zone, or complete; must be given but in PATCH"`
	Type     string             `json:"type,omitempty" jsonschema:"such as \"A\", \"CNAME\" or \"TXT\"; must be given but in PATCH"`
	Content  string             `json:"content,omitempty" jsonschema:"what the record says; of types with parts their data may be given instead"`
	Data     json.RawMessage    `json:"data,omitempty" jsonschema:"the parts of what the record says, for types that have some"`
	Priority *int               `json:"priority,omitempty" jsonschema:"of MX, SRV and URI"`
	TTL      *int               `json:"ttl,omitempty" jsonschema:"seconds, 30 to 86400; 1 is automatic"`
	Proxied  *bool              `json:"proxied,omitempty" jsonschema:"whether the address is to be hidden; kept and without effect"`
	Comment  v4.Field[string]   `json:"comment,omitzero" jsonschema:"a note; null for none"`
	Tags     v4.Field[[]string] `json:"tags,omitzero" jsonschema:"such as \"owner:dns-team\"; null for none"`
	Settings *v4.RecordSettings `json:"settings,omitempty" jsonschema:"settings of the record"`
	Private  *bool              `json:"private_routing,omitempty" jsonschema:"kept and without effect"`
}

// draft reads the request. In a PATCH null clears what can be cleared.
func (in *recordRequest) draft(patch bool) (dns.Draft, error) {
	d := dns.Draft{
		Name: in.Name, Type: in.Type, Content: in.Content, Data: in.Data, TTL: in.TTL, Proxied: in.Proxied,
		PrivateRouting: in.Private,
	}
	if in.Comment.Present && (patch || !in.Comment.Null) {
		d.Comment = &in.Comment.Value
	}
	if in.Tags.Present && (patch || !in.Tags.Null) {
		d.Tags = &in.Tags.Value
	}
	if s := in.Settings; s != nil {
		d.Settings = &dns.Settings{IPv4Only: s.IPv4Only, IPv6Only: s.IPv6Only, FlattenCNAME: s.FlattenCNAME}
	}
	if in.Priority != nil {
		n := *in.Priority
		if n < 0 || n > 65535 {
			return d, invalid("/priority", "priority must be a whole number from 0 to 65535")
		}
		p := uint16(n)
		d.Priority = &p
	}
	return d, nil
}

func (a *API) createRecord(r *http.Request, c *Call, in *recordRequest) (reply[v4.DNSRecord], error) {
	return a.writeRecord(r, c, in, dns.Post)
}

func (a *API) putRecord(r *http.Request, c *Call, in *recordRequest) (reply[v4.DNSRecord], error) {
	return a.writeRecord(r, c, in, dns.Put)
}

func (a *API) patchRecord(r *http.Request, c *Call, in *recordRequest) (reply[v4.DNSRecord], error) {
	return a.writeRecord(r, c, in, dns.Patch)
}

// writeRecord makes one change of the zone's records.
func (a *API) writeRecord(r *http.Request, c *Call, in *recordRequest, verb dns.Verb) (reply[v4.DNSRecord], error) {
	scope, z, err := a.recordScope(r, c)
	if err != nil {
		return reply[v4.DNSRecord]{}, err
	}
	d, err := in.draft(verb == dns.Patch)
	if err != nil {
		return reply[v4.DNSRecord]{}, err
	}
	id := c.Match.Param("dns_record_id")
	var rec dns.Record
	switch verb {
	case dns.Put:
		rec, err = a.records.Put(r.Context(), scope, id, d, stamp(c, z))
	case dns.Patch:
		rec, err = a.records.Patch(r.Context(), scope, id, d, stamp(c, z))
	default:
		rec, err = a.records.Create(r.Context(), scope, d, stamp(c, z))
	}
	return recordReply(z, rec, err)
}

func (a *API) deleteRecord(r *http.Request, c *Call) (reply[v4.DeletedID], error) {
	scope, z, err := a.recordScope(r, c)
	if err != nil {
		return reply[v4.DeletedID]{}, err
	}
	rec, err := a.records.Delete(r.Context(), scope, c.Match.Param("dns_record_id"), stamp(c, z))
	if err != nil {
		return reply[v4.DeletedID]{}, err
	}
	return reply[v4.DeletedID]{result: v4.DeletedID{ID: rec.ID}}, nil
}
