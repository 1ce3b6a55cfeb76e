package httpapi

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/v4"
)

// badQuery refuses a query member. The authority's faults point into a body,
// and there is none.
func badQuery(message string) error {
	return &authority.Error{Code: authority.CodeInvalid, Message: message}
}

// instant reads since and before: a date, which is its first moment in UTC, or
// an RFC 3339 time.
func instant(q url.Values, name string, required bool) (time.Time, error) {
	s := q.Get(name)
	if s == "" && !required {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
			return t.UTC(), nil
		}
	}
	return time.Time{}, badQuery(name + " must be a date such as 2026-04-30 or an RFC 3339 time")
}

// maxAuditValues is how many values all filters of a query may have together.
const maxAuditValues = 256

// auditFilter is a condition of version 2: a member of an event, and the values
// that it must, or must not, have one of.
type auditFilter struct {
	of     func(*authority.Event) string
	values []string
	not    bool
	same   func(got, want string) bool
}

func (f *auditFilter) passes(e *authority.Event) bool {
	got := f.of(e)
	return slices.ContainsFunc(f.values, func(want string) bool { return f.same(got, want) }) != f.not
}

// auditMembers are the members that version 2 filters by (contract 1.8).
func auditMembers(account *v4.AuditAccount) map[string]func(*authority.Event) string {
	return map[string]func(*authority.Event) string{
		"account_name":     func(*authority.Event) string { return account.Name },
		"action_result":    auditResult,
		"action_type":      func(e *authority.Event) string { return e.Verb },
		"actor_context":    auditContext,
		"actor_email":      func(e *authority.Event) string { return e.Actor.Email },
		"actor_id":         func(e *authority.Event) string { return e.Actor.ID },
		"actor_ip_address": func(e *authority.Event) string { return e.Actor.IP },
		"actor_token_id":   func(e *authority.Event) string { return e.Actor.TokenID },
		"actor_token_name": func(e *authority.Event) string { return e.Actor.TokenName },
		"actor_type":       func(e *authority.Event) string { return e.Actor.Type },
		"audit_log_id":     func(e *authority.Event) string { return e.ID },
		"id":               func(e *authority.Event) string { return e.ID },
		"raw_cf_ray_id":    func(e *authority.Event) string { return e.Request.ID },
		"raw_method":       func(e *authority.Event) string { return e.Request.Method },
		"raw_status_code":  func(e *authority.Event) string { return strconv.Itoa(auditStatus(e)) },
		"raw_uri":          func(e *authority.Event) string { return e.Request.URI },
		"resource_id":      func(e *authority.Event) string { return e.Resource.ID },
		"resource_product": auditProduct,
		"resource_type":    func(e *authority.Event) string { return e.Resource.Type },
		"resource_scope":   func(e *authority.Event) string { return auditKinds[e.Resource.Type].scope },
		"zone_id":          func(e *authority.Event) string { return e.ZoneID },
		"zone_name":        func(e *authority.Event) string { return e.ZoneName },
	}
}

func auditProduct(e *authority.Event) string { return auditKinds[e.Resource.Type].product }

// auditMatch reads the filters of version 2: an event must pass each of them. It
// is nil when there are none.
func auditMatch(q url.Values, account *v4.AuditAccount) (func(*authority.Event) bool, error) {
	products, err := categoryProducts(q)
	if err != nil {
		return nil, err
	}
	var filters []auditFilter
	values := 0
	for name, of := range auditMembers(account) {
		has, hasNot := arrayOf(q, name, false), arrayOf(q, name, true)
		if name == "resource_product" {
			has = append(has, products...)
		}
		values += len(has) + len(hasNot)
		if len(has) > 0 {
			filters = append(filters, auditFilter{of: of, values: has, same: sameAs(name)})
		}
		if len(hasNot) > 0 {
			filters = append(filters, auditFilter{of: of, values: hasNot, same: sameAs(name), not: true})
		}
	}
	switch {
	case values > maxAuditValues:
		return nil, badQuery("the filters have more than " + strconv.Itoa(maxAuditValues) + " values")
	case len(filters) == 0:
		return nil, nil
	}
	return func(e *authority.Event) bool {
		return !slices.ContainsFunc(filters, func(f auditFilter) bool { return !f.passes(e) })
	}, nil
}

// categoryProducts are the products that product_category stands for; they join
// those of resource_product. A category is matched without regard to case, and
// one that is not known is refused, as the schema says.
func categoryProducts(q url.Values) ([]string, error) {
	var products []string
	for _, want := range arrayOf(q, "product_category", false) {
		i := slices.IndexFunc(auditCategories, func(c v4.AuditCategory) bool { return strings.EqualFold(c.Value, want) })
		if i < 0 {
			return nil, badQuery("product_category has a value that .../logs/audit/product_categories does not list")
		}
		for _, p := range auditCategories[i].Products {
			products = append(products, p.Value)
		}
	}
	return products, nil
}

// sameAs is how a filter compares: addresses as addresses, e-mail addresses and
// zones without regard to case, the rest exactly.
func sameAs(name string) func(got, want string) bool {
	switch name {
	case "actor_ip_address":
		return sameAddress
	case "actor_email", "zone_name":
		return strings.EqualFold
	}
	return func(got, want string) bool { return got == want }
}

// sameAddress compares an address with an address or a range.
func sameAddress(got, want string) bool {
	addr, err := netip.ParseAddr(got)
	if err != nil {
		return false
	}
	if p, err := netip.ParsePrefix(want); err == nil {
		return p.Contains(addr)
	}
	w, err := netip.ParseAddr(want)
	return err == nil && w.Unmap() == addr.Unmap()
}

// arrayOf gives the values of a filter in the spellings that SDKs use: name=,
// name[]=, and for the twin name.not=, name.not[]=, name[not]=, name[not][]=.
func arrayOf(q url.Values, name string, not bool) []string {
	spellings := []string{name, name + "[]"}
	if not {
		spellings = []string{name + ".not", name + ".not[]", name + "[not]", name + "[not][]"}
	}
	var out []string
	for _, s := range spellings {
		out = append(out, q[s]...)
	}
	return out
}
