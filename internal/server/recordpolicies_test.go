package server_test

import (
	"strings"
	"testing"

	"github.com/tokenward/tokenward/v4"
)

// recordKey is the key of the records of a pattern.
func recordKey(pattern string) string { return catalogRecord + pattern }

// TestADenyOnRecordsTakesThemOutOfAZone: for a token that has the rest of it.
func TestADenyOnRecordsTakesThemOutOfAZone(t *testing.T) {
	t.Parallel()
	h := newHeld(t, acme)
	h.as = h.tokenWith([]obj{
		allow(t, obj{h.zoneKey("A"): "*"}, "DNS Write"),
		deny(t, obj{h.zoneKey("A"): obj{recordKey("*:www.zone-a.example"): "*", recordKey("TXT:*"): "*"}}, "DNS Write"),
	})
	for _, hidden := range []string{"A www", "TXT @", "TXT _acme-challenge"} {
		h.do(t, h.as, "GET", h.records("A")+"/"+h.ids[hidden], nil, 404, 81044)
		h.do(t, h.as, "DELETE", h.records("A")+"/"+h.ids[hidden], nil, 404, 81044)
	}
	var rows []row
	a := h.ok(t, h.as, "GET", h.records("A"), nil)
	if a.decode(t, &rows); len(rows) != 4 || a.envelope.ResultInfo["total_count"] != 4 {
		t.Errorf("%d rows, %v", len(rows), a.envelope.ResultInfo)
	}
	for _, r := range rows {
		if r.Type == "TXT" || strings.HasPrefix(r.Name, "www.") {
			t.Errorf("the list has %+v", r)
		}
	}
	h.ok(t, h.as, "PATCH", h.records("A")+"/"+h.ids["A @"], obj{"ttl": 60})
	h.do(t, h.as, "PATCH", h.records("A")+"/"+h.ids["A @"], obj{"name": "www"}, 403, 10000)
	h.do(t, h.as, "POST", h.records("A"), obj{"type": "AAAA", "name": "www", "content": "2001:db8::1"}, 403, 10000)
	h.do(t, h.as, "POST", h.records("A")+"/batch", obj{
		"posts": []obj{{"type": "A", "name": "new", "content": "192.0.2.1"}, {"type": "TXT", "name": "new", "content": "x"}}}, 403, 10000)
	h.ok(t, h.as, "POST", h.records("A"), obj{"type": "A", "name": "new", "content": "192.0.2.1"})
}

// TestWhatMayBeReadAndNotChangedIsForbidden, and not hidden.
func TestWhatMayBeReadAndNotChangedIsForbidden(t *testing.T) {
	t.Parallel()
	for what, policies := range map[string]func(h *held) []obj{
		"read all, write some": func(h *held) []obj {
			return []obj{
				allow(t, obj{h.zoneKey("A"): "*"}, "DNS Read"),
				allow(t, obj{h.zoneKey("A"): obj{recordKey(acme): "*"}}, "DNS Write"),
			}
		},
		"write all but some": func(h *held) []obj {
			return []obj{
				allow(t, obj{h.zoneKey("A"): "*"}, "DNS Read", "DNS Write"),
				deny(t, obj{h.zoneKey("A"): obj{recordKey("A:*"): "*"}}, "DNS Write"),
			}
		},
	} {
		h := newHeld(t, acme)
		h.as = h.tokenWith(policies(h))
		www := h.records("A") + "/" + h.ids["A www"]
		h.ok(t, h.as, "GET", www, nil)
		if a := h.ok(t, h.as, "GET", h.records("A"), nil); a.envelope.ResultInfo["total_count"] != 12 {
			t.Errorf("%s: the list says %v", what, a.envelope.ResultInfo)
		}
		h.do(t, h.as, "PATCH", www, obj{"ttl": 60}, 403, 10000)
		h.do(t, h.as, "PATCH", www, obj{"name": "_acme-challenge", "type": "TXT", "content": "x"}, 403, 10000)
		h.do(t, h.as, "PUT", www, obj{"type": "TXT", "name": "_acme-challenge", "content": "x"}, 403, 10000)
		h.do(t, h.as, "DELETE", www, nil, 403, 10000)
		a := h.do(t, h.as, "POST", h.records("A")+"/batch", obj{
			"deletes": []obj{{"id": h.ids["TXT _acme-challenge"]}, {"id": h.ids["A www"]}}}, 403, 10000)
		if at := a.envelope.Errors[0].Source.Pointer; at != "/deletes/1" {
			t.Errorf("%s: the batch points to %q", what, at)
		}
		h.ok(t, h.as, "PATCH", h.records("A")+"/"+h.ids["TXT _acme-challenge"], obj{"ttl": 60})
	}
}

// TestAPatternInAnAccountHoldsInItsZonesOnly: for a user token and for one of the
// account's.
func TestAPatternInAnAccountHoldsInItsZonesOnly(t *testing.T) {
	t.Parallel()
	h := newHeld(t, acme)
	policies := []obj{allow(t, obj{h.accountKey("1"): obj{recordKey(acme): "*"}}, "DNS Write")}
	for _, path := range []string{"/user/tokens", h.accountTokens()} {
		var made struct{ Value string }
		a := h.ok(t, h.key("alice"), "POST", path, obj{"name": "held", "policies": policies})
		a.decode(t, &made)
		as, name := bearer(made.Value), "_acme-challenge"+strings.ReplaceAll(path[:5], "/", ".")
		for _, zone := range []string{"A", "B"} {
			h.ok(t, as, "POST", h.records(zone), obj{"type": "TXT", "name": name, "content": path})
			h.do(t, as, "POST", h.records(zone), obj{"type": "TXT", "name": "@", "content": path}, 403, 10000)
			h.do(t, as, "POST", h.records(zone), obj{"type": "A", "name": name, "content": "192.0.2.1"}, 403, 10000)
		}
		for _, zone := range []string{"C", "D"} {
			h.do(t, as, "GET", h.records(zone), nil, 403, 10000)
			h.do(t, as, "POST", h.records(zone), obj{"type": "TXT", "name": "_acme-challenge", "content": path}, 403, 10000)
		}
	}
}

// TestATokenDoesNoMoreThanItsOwnerOnAnyRecord: the token has the zone, its owner
// some records, and the other way round.
func TestATokenDoesNoMoreThanItsOwnerOnAnyRecord(t *testing.T) {
	t.Parallel()
	h := newHeld(t, acme)
	h.hasPolicies(t, policyOf("allow", []string{domainDNS}, []string{h.world.ids["account/1"]}))
	narrow := func(role, group string) {
		h.ok(t, h.key("alice"), "PUT", h.members(h.memberID(t, "carol")), obj{"policies": []obj{policyOf("allow", []string{role}, []string{group})}})
	}
	carols := func(policies ...obj) credential {
		var made struct{ Value string }
		a := h.ok(t, h.key("carol"), "POST", "/user/tokens", obj{"name": "carol's", "policies": policies})
		a.decode(t, &made)
		return bearer(made.Value)
	}
	all := map[string]struct {
		as   credential
		told string // of what it has: of the owner only to the owner
	}{
		"her key":                     {h.key("carol"), "This user has that on TXT:_acme-challenge.*"},
		"a token with the whole zone": {carols(allow(t, obj{h.zoneKey("A"): "*"}, "DNS Write")), ""},
		"one with more records": {carols(allow(t, obj{h.accountKey("1"): obj{recordKey("TXT:*"): "*", recordKey("MX:*"): "*"}}, "DNS Write")),
			"This token has that on MX:*, TXT:*"},
	}
	narrow(domainDNS, h.resourceGroup(t, "challenges", recordKey(acme)))
	for what, c := range all {
		as := c.as
		if a := h.ok(t, as, "GET", h.records("A"), nil); a.envelope.ResultInfo["total_count"] != 3 {
			t.Errorf("%s lists %v", what, a.envelope.ResultInfo)
		}
		h.ok(t, as, "PATCH", h.records("A")+"/"+h.ids["TXT _acme-challenge"], obj{"ttl": 60})
		h.do(t, as, "DELETE", h.records("A")+"/"+h.ids["A www"], nil, 404, 81044)
		no := h.do(t, as, "POST", h.records("A"), obj{"type": "A", "name": "new", "content": "192.0.2.1"}, 403, 10000)
		if got := toldHeld(&no); got != c.told {
			t.Errorf("%s is told %q, want %q", what, got, c.told)
		}
		h.do(t, as, "POST", h.records("C"), obj{"type": "TXT", "name": "_acme-challenge", "content": "x"}, 403, 10000)
	}
	as := carols(allow(t, obj{h.zoneKey("A"): obj{recordKey("TXT:_acme-challenge.www.zone-a.example"): "*"}}, "DNS Write"))
	h.ok(t, as, "PATCH", h.records("A")+"/"+h.ids["TXT _acme-challenge.www"], obj{"ttl": 60})
	h.do(t, as, "PATCH", h.records("A")+"/"+h.ids["TXT _acme-challenge"], obj{"ttl": 60}, 404, 81044)
	narrow(minimal, h.world.ids["account/1"])
	h.do(t, as, "PATCH", h.records("A")+"/"+h.ids["TXT _acme-challenge.www"], obj{"ttl": 60}, 403, 10000)
	h.do(t, h.key("carol"), "GET", h.records("A"), nil, 403, 10000)
}

// toldHeld is what a refusal tells of the records that the caller has.
func toldHeld(a *answer) string {
	for _, c := range a.envelope.Errors[0].Chain {
		if c.Code == v4.CodePartOfZone {
			return c.Message
		}
	}
	return ""
}
