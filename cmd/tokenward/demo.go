package main

import (
	"context"
	"fmt"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
)

// demoZones are the zones of a demo. Names and addresses are those set aside
// for documentation (RFC 2606, RFC 5737, RFC 3849).
func demoZones() []string { return []string{"example.com", "example.net"} }

// demoRecords fills a demo zone with a few records.
func (in *instance) demoRecords(ctx context.Context, z *authority.Zone) error {
	c := in.authority.System("demo")
	all, err := in.authority.RecordScope(ctx, c, authority.OpDNSCreate, z.ID)
	if err != nil {
		return fmt.Errorf("find the records of %s: %w", z.Name, err)
	}
	priority := uint16(10)
	for _, d := range []dns.Draft{
		{Type: "A", Name: "@", Content: "192.0.2.10"},
		{Type: "AAAA", Name: "@", Content: "2001:db8::10"},
		{Type: "CNAME", Name: "mail", Content: z.Name},
		{Type: "MX", Name: "@", Content: "mail." + z.Name, Priority: &priority},
		{Type: "TXT", Name: "@", Content: `"v=spf1 mx -all"`},
	} {
		_, err := in.records.Create(ctx, &all, d, func(action, verb, id string, _, _ *dns.Record) authority.Event {
			e := c.NewEvent(action, verb).InZone(z)
			e.Resource = authority.EventResource{Type: "dns_record", ID: id}
			return e
		})
		if err != nil {
			return fmt.Errorf("create the %s record of %s: %w", d.Type, z.Name, err)
		}
	}
	return nil
}
