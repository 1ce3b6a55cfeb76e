package server

import (
	"context"
	"errors"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/internal/httpapi"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/upstream"
	"github.com/tokenward/tokenward/v4"
)

// forwardByRecord are the operations on records that are judged by the record on
// their way to the upstream.
func (c *Config) forwardByRecord() []string {
	if !c.ZonesOff || c.forwardV4() == nil {
		return nil
	}
	return upstream.ByRecord()
}

// recordsFor judges the records of the zone that a request names by what the caller
// may do whenever it is asked, nil where that was the operation on all of them.
func recordsFor(a *authority.Authority, p *gateway.Pass[authority.Caller]) func(context.Context) (*upstream.Records, error) {
	if !p.PartOfZone {
		return nil
	}
	zone := p.Match.Param("zone_id")
	return func(ctx context.Context) (*upstream.Records, error) {
		caller, ok := p.Again(ctx)
		if !ok {
			return nil, nil
		}
		call := httpapi.Call{Caller: caller, Match: &p.Match, RequestID: p.RequestID, Refused: p.Refused}
		scope, err := a.RecordScope(ctx, caller, p.Match.Op.ID, zone)
		var own *authority.Error
		switch {
		case errors.As(err, &own) && own.Code == authority.CodeForbidden:
			p.Refused(policy.Ref{}, policy.Decision{})
			return nil, nil
		case err != nil:
			return nil, err
		}
		return &upstream.Records{
			Complete: func(zone, name string) (string, bool) {
				full, err := dns.NormalizeName(zone, name)
				return full, err == nil
			},
			Sees: scope.Sees,
			Denied: func(name, typ string) *v4.Error {
				if scope.Decide(name, typ).Allowed {
					return nil
				}
				e := httpapi.RecordDenied(a.Catalog(), &call, typ, name, scope.Denied(name, typ))
				return &e
			},
		}, nil
	}
}
