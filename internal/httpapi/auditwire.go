package httpapi

import (
	"encoding/json"
	"net/http"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/v4"
)

// wireAudit is an event in the form of version 1.
func wireAudit(e *authority.Event) v4.AuditLog {
	out := v4.AuditLog{
		ID: e.ID, Action: v4.AuditAction{Type: e.Action, Result: e.Success},
		Actor:     v4.AuditActor{ID: e.Actor.ID, Email: e.Actor.Email, IP: e.Actor.IP, Type: e.Actor.Type},
		Interface: auditInterface(e.Actor.Context), Metadata: e.Metadata,
		NewValue: string(e.New), OldValue: string(e.Old),
		Owner:    v4.AuditOwner{ID: e.AccountID},
		Resource: v4.AuditResource{ID: e.Resource.ID, Type: e.Resource.Type}, When: v4.AtMicro(e.At),
	}
	if out.Metadata == nil {
		out.Metadata = map[string]string{}
	}
	if out.Owner.ID == "" {
		out.Owner.ID = e.UserID
	}
	return out
}

// auditInterface is where an actor's credential belongs. "UI" is what a public
// sample of a token's event has.
func auditInterface(context string) string {
	switch context {
	case "api_token", "api_key":
		return "API"
	case "dash":
		return "UI"
	}
	return "system"
}

// wireAuditV2 is an event in the form of version 2.
func wireAuditV2(e *authority.Event, account *v4.AuditAccount) v4.AuditLogV2 {
	kind := auditKinds[e.Resource.Type]
	out := v4.AuditLogV2{
		ID: e.ID, Account: *account,
		Action: v4.AuditActionV2{Description: e.Action, Result: auditResult(e), Time: v4.AtMicro(e.At), Type: e.Verb},
		Actor: v4.AuditActorV2{
			ID: e.Actor.ID, Type: e.Actor.Type, Email: e.Actor.Email, IPAddress: e.Actor.IP, Context: auditContext(e),
			TokenID: e.Actor.TokenID, TokenName: e.Actor.TokenName,
		},
		Raw: v4.AuditRaw{
			RayID: e.Request.ID, Method: e.Request.Method, StatusCode: auditStatus(e), URI: e.Request.URI, UserAgent: e.Request.UserAgent,
		},
		Resource: v4.AuditResourceV2{
			ID: e.Resource.ID, Type: e.Resource.Type, Product: kind.product, Scope: kind.scope,
			Request: object(e.New), Old: object(e.Old), Metadata: e.Metadata,
		},
	}
	if e.ZoneID != "" {
		out.Zone = &v4.AuditZone{ID: e.ZoneID, Name: e.ZoneName}
	}
	return out
}

// object is JSON that is an object; the schema allows nothing else.
func object(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 || raw[0] == '{' {
		return raw
	}
	return append(append(json.RawMessage(`{"value":`), raw...), '}')
}

func auditResult(e *authority.Event) string {
	if e.Success {
		return "success"
	}
	return "failure"
}

// auditContext is the credential's kind. The schema has no word for this program
// itself.
func auditContext(e *authority.Event) string {
	if e.Actor.Context == "system" {
		return ""
	}
	return e.Actor.Context
}

// auditStatus: an event is written before its answer, and only a success is
// known to be one by then. What refused attempts were answered depends on the
// path, and is not kept.
func auditStatus(e *authority.Event) int {
	if e.Request.Status == 0 && e.Success && e.Request.Method != "" {
		return http.StatusOK
	}
	return e.Request.Status
}

// auditKind is the product and the scope that a type of resource belongs to.
type auditKind struct{ product, scope string }

var auditKinds = map[string]auditKind{
	"account":        {"accounts", "accounts"},
	"bucket":         {"r2", "accounts"},
	"cache":          {"cache", "zones"},
	"dns_record":     {"dns", "zones"},
	"member":         {"members", "memberships"},
	"membership":     {"members", "memberships"},
	"resource_group": {"members", "accounts"},
	"token":          {"api_tokens", "accounts"},
	"user":           {"user", "user"},
	"zone":           {"zones", "zones"},
}

// auditCategories group the products.
var auditCategories = v4.List[v4.AuditCategory]{
	{Label: "Accounts and Access", Value: "account_and_access", Products: v4.List[v4.AuditCategory]{
		{Label: "Accounts", Value: "accounts"}, {Label: "API Tokens", Value: "api_tokens"},
		{Label: "Members", Value: "members"}, {Label: "Users", Value: "user"},
	}},
	{Label: "DNS and Zones", Value: "dns_and_zones", Products: v4.List[v4.AuditCategory]{
		{Label: "Cache", Value: "cache"}, {Label: "DNS", Value: "dns"}, {Label: "Zones", Value: "zones"},
	}},
	{Label: "Storage", Value: "storage", Products: v4.List[v4.AuditCategory]{{Label: "R2", Value: "r2"}}},
}

func (a *API) listAuditCategories(*http.Request, *Call) (reply[v4.List[v4.AuditCategory]], error) {
	return reply[v4.List[v4.AuditCategory]]{result: auditCategories}, nil
}
