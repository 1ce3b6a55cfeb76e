package recordwire

import (
	"encoding/json"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/v4"
)

// Record is a record of a zone as answers carry it.
func Record(r *dns.Record, z *authority.Zone) v4.DNSRecord {
	out := v4.DNSRecord{
		ID: r.ID, ZoneID: z.ID, ZoneName: z.Name, Name: r.Name, Type: r.Type, Content: r.Content, Data: r.Data, Proxiable: r.Proxiable(),
		Proxied: r.Proxied, TTL: r.TTL, Tags: r.Tags,
		Settings:  v4.RecordSettings{IPv4Only: r.Settings.IPv4Only, IPv6Only: r.Settings.IPv6Only, FlattenCNAME: r.Settings.FlattenCNAME},
		CreatedOn: v4.AtMicro(r.CreatedOn), ModifiedOn: v4.AtMicro(r.ModifiedOn),
	}
	if r.Comment != "" {
		out.Comment = &r.Comment
	}
	if r.Priority != nil {
		n := int(*r.Priority)
		out.Priority = &n
	}
	if !r.CommentModifiedOn.IsZero() {
		at := v4.AtMicro(r.CommentModifiedOn)
		out.CommentModifiedOn = &at
	}
	if !r.TagsModifiedOn.IsZero() {
		at := v4.AtMicro(r.TagsModifiedOn)
		out.TagsModifiedOn = &at
	}
	return out
}

// Stamp makes the audit events of changes that a caller makes to a zone's
// records.
func Stamp(c *authority.Caller, z *authority.Zone) dns.Stamp {
	return func(action, verb, id string, before, after *dns.Record) authority.Event {
		e := c.NewEvent(action, verb).InZone(z)
		e.Resource = authority.EventResource{Type: "dns_record", ID: id}
		e.Old, e.New = audit(before, z), audit(after, z)
		return e
	}
}

func audit(r *dns.Record, z *authority.Zone) json.RawMessage {
	if r == nil {
		return nil
	}
	b, err := json.Marshal(Record(r, z))
	if err != nil {
		return json.RawMessage(`"could not be encoded"`)
	}
	return b
}
