package server_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/v4"
)

// heldBoth are tokens of an account for the challenges of a zone, where records are
// kept here and through the gateway to where they are. reads says that the token may
// read every record.
func heldBoth(t *testing.T, reads bool) map[string]*held {
	t.Helper()
	h := newHeld(t, acme)
	front := newFront(t, h, acme)
	front.world.ids["zone/A"], front.ids = h.zone, maps.Clone(h.ids)
	for _, h := range []*held{h, front} {
		policies := []obj{allow(t, obj{h.zoneKey("A"): obj{recordKey(acme): "*"}}, "DNS Write")}
		if reads {
			policies = append(policies, allow(t, obj{h.zoneKey("A"): "*"}, "DNS Read"))
		}
		var made struct{ ID, Value string }
		a := h.ok(t, h.key("alice"), "POST", "/user/tokens", obj{"name": "refused", "policies": policies})
		a.decode(t, &made)
		h.as, h.ids["token"] = bearer(made.Value), made.ID
		h.hear()
	}
	return map[string]*held{"here": h, "through the gateway": front}
}

// refusals are the events of refused attempts in Alice's log.
func (h *held) refusals() (out []v4.AuditLog) {
	h.t.Helper()
	var all []v4.AuditLog
	a := h.ok(h.t, h.key("alice"), "GET", "/user/audit_logs?action.type=access_denied", nil)
	a.decode(h.t, &all)
	return all
}

// uses is how the token was used.
func (h *held) uses() (u v4.TokenUsage) {
	h.t.Helper()
	a := h.ok(h.t, h.key("alice"), "GET", "/tokenward/user/tokens/"+h.ids["token"]+"/usage", nil)
	a.decode(h.t, &u)
	return u
}

// TestARefusalOnARecordIsNotedLikeAnyOther: in the audit log, as a denial in what the
// token was used for, and in the headers of the answer.
func TestARefusalOnARecordIsNotedLikeAnyOther(t *testing.T) {
	t.Parallel()
	for where, h := range heldBoth(t, true) {
		www := h.records("A") + "/" + h.ids["A www"]
		for _, c := range []struct{ method, path, body, record string }{
			{"POST", h.records("A"), `{"type":"A","name":"new","content":"192.0.2.1"}`, "A:new.zone-a.example"},
			{"PATCH", www, `{"ttl":60}`, "A:www.zone-a.example"},
			{"DELETE", www, `{}`, "A:www.zone-a.example"},
			{"PUT", h.records("A") + "/" + h.ids["TXT _acme-challenge"], `{"type":"TXT","name":"mine","content":"x"}`, "TXT:mine.zone-a.example"},
			{"POST", h.records("A") + "/batch", `{"posts":[{"type":"TXT","name":"_acme-challenge","content":"x"},{"type":"TXT","name":"@","content":"x"}]}`, "TXT:zone-a.example"},
		} {
			before := len(h.refusals())
			a := h.do(t, h.as, c.method, c.path, json.RawMessage(c.body), 403, 10000)
			if got := a.header.Get("WWW-Authenticate"); !strings.HasPrefix(got, `Bearer error="insufficient_scope", scope="`) {
				t.Errorf("%s: %s %s: WWW-Authenticate: %q", where, c.method, c.path, got)
			}
			if got, behind := a.header.Get("Tokenward-Denied-By"), where != "here"; (got == "gateway") != behind {
				t.Errorf("%s: denied by %q", where, got)
			}
			h.hear()
			events := h.refusals()
			if len(events) != before+1 {
				t.Fatalf("%s: %s %s leaves %d events", where, c.method, c.path, len(events)-before)
			}
			e := events[0]
			if e.Action.Result || e.Resource != (v4.AuditResource{ID: c.record, Type: "dns_record"}) || e.Metadata["reason"] != "no policy grants it" || !strings.HasPrefix(e.Metadata["operation"], "dns-records-for-a-zone-") {
				t.Errorf("%s: %s %s: %+v", where, c.method, c.path, e)
			}
		}
		u := h.uses()
		if last := u.Days[len(u.Days)-1]; last.Allowed != 0 || last.Denied != 5 {
			t.Errorf("%s: %+v", where, last)
		}
		for _, d := range u.Denials {
			if !strings.HasPrefix(d.Resource, catalogRecord) || len(d.Missing) == 0 || d.Missing[0].Name != "DNS Write" {
				t.Errorf("%s: %+v", where, d)
			}
		}
		h.suggestsNothing(where)
	}
}

// suggestsNothing holds that nothing was learnt from what was refused.
func (h *held) suggestsNothing(where string) {
	h.t.Helper()
	var s v4.TokenSuggestion
	a := h.ok(h.t, h.key("alice"), "GET", "/tokenward/user/tokens/"+h.ids["token"]+"/suggestion", nil)
	a.decode(h.t, &s)
	if s.State != "unused" || s.Basis.Requests != 0 || s.Basis.Denied != 5 {
		h.t.Errorf("%s: the suggestion is %+v", where, s)
	}
	var made struct {
		LastUsedOn *time.Time `json:"last_used_on"`
	}
	a = h.ok(h.t, h.key("alice"), "GET", "/user/tokens/"+h.ids["token"], nil)
	if a.decode(h.t, &made); made.LastUsedOn != nil {
		h.t.Errorf("%s: it was used on %v", where, made.LastUsedOn)
	}
}

// TestWhatATokenDoesOnItsRecordsIsCountedOnce, a body or none; and so is a look for a
// record that is hidden from it.
func TestWhatATokenDoesOnItsRecordsIsCountedOnce(t *testing.T) {
	t.Parallel()
	for where, h := range heldBoth(t, false) {
		mine, before := h.records("A")+"/"+h.ids["TXT _acme-challenge"], len(h.refusals())
		h.ok(t, h.as, "GET", h.records("A"), nil)
		h.ok(t, h.as, "GET", mine, nil)
		h.ok(t, h.as, "PATCH", mine, obj{"ttl": 60})
		h.ok(t, h.as, "POST", h.records("A"), obj{"type": "TXT", "name": "_acme-challenge.new", "content": where})
		a := h.do(t, h.as, "GET", h.records("A")+"/"+h.ids["A www"], nil, http.StatusNotFound, 81044)
		if got := a.header.Get("WWW-Authenticate"); got != "" {
			t.Errorf("%s: what is not there says %q", where, got)
		}
		h.hear()
		u := h.uses()
		if last := u.Days[len(u.Days)-1]; last.Allowed != 5 || last.Denied != 0 || len(h.refusals()) != before {
			t.Errorf("%s: %+v, %d refusals more", where, last, len(h.refusals())-before)
		}
		for _, use := range u.Uses {
			if use.PermissionGroup == nil || use.PermissionGroup.Name != "DNS Write" || use.Resource != h.zoneKey("A") {
				t.Errorf("%s: %+v", where, use)
			}
		}
	}
}
