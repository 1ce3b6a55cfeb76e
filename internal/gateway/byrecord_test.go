package gateway

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// challenges is a grant on some records of the zone.
func challenges(group string) grant {
	return allow(group, "account.zone."+zone+" > "+catalog.KindRecord+".TXT:_acme-challenge.*")
}

// unheard is for tests of something else than what came of a request.
func unheard(context.Context, *holder, Attempt, policy.Ref, policy.Decision) {}

const someRecords = "7026 Allowed on some of its records only, and which are meant is not judged here"

// TestSomeRecordsAreForHandlersThatJudgeThem, and for no others.
func TestSomeRecordsAreForHandlersThatJudgeThem(t *testing.T) {
	passes := map[string]bool{}
	w := newWorld(t, func(c *Config[*holder]) {
		c.ByRecord, c.Judged = []string{opRecords}, unheard
		handle := c.Handlers[opRecords]
		c.Handlers[opRecords] = func(rw http.ResponseWriter, r *http.Request, p Pass[*holder]) {
			passes[p.Caller.name] = p.PartOfZone
			handle(rw, r, p)
		}
	})
	some := bearer(w.ring.add(t, holder{of: catalog.TargetUser, name: "some"}, policy.Condition{}, challenges("DNS Write")))
	but := bearer(w.ring.add(t, holder{of: catalog.TargetUser, name: "but"}, policy.Condition{},
		allow("DNS Write", "account.zone."+zone), grant{policy.Deny, "DNS Write", challenges("").key}))
	whole := bearer(w.ring.add(t, holder{of: catalog.TargetUser, name: "whole"}, policy.Condition{}, allow("DNS Write", "account.zone."+zone)))
	for _, auth := range []string{some, but} {
		if got := w.get(zoneURL, auth); got.StatusCode != 200 {
			t.Errorf("the list: %d %s", got.StatusCode, got.body)
		}
		got := w.get(zoneURL+"/"+record, auth)
		if got.verdict(t) != lacks10000 || !strings.HasSuffix(got.chain(t), " | 7021 On zone "+zone+" | "+someRecords) {
			t.Errorf("one record: %s", got.body)
		}
		if got := w.get("/client/v4/zones/"+otherZone+"/dns_records", auth); got.verdict(t) != lacks10000 || strings.Contains(got.chain(t), "7026") {
			t.Errorf("another zone: %s", got.body)
		}
	}
	w.get(zoneURL, whole)
	if got := w.get(zoneURL+"/"+record, whole); got.StatusCode != 200 {
		t.Errorf("who may do it on all records: %s", got.body)
	}
	if len(passes) != 3 || !passes["some"] || !passes["but"] || passes["whole"] {
		t.Errorf("the handler was told %v", passes)
	}
	if got := w.get("/client/v4/zones/"+zone, some); got.verdict(t) != lacks10000 {
		t.Errorf("the zone itself: %s", got.body)
	}
}

// TestNobodyIsLetThroughForSomeRecordsUnasked, whatever the authorizer says.
func TestNobodyIsLetThroughForSomeRecordsUnasked(t *testing.T) {
	w := newWorld(t, nil)
	w.ring.sloppy = true
	some := bearer(w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}, challenges("DNS Write")))
	if got := w.get(zoneURL, some); got.verdict(t) != lacks10000 {
		t.Error(got.body)
	}
	forwards := newWorld(t, func(c *Config[*holder]) {
		c.Handlers = nil
		c.Forward = func(http.ResponseWriter, *http.Request, Pass[*holder]) { t.Error("it was forwarded") }
	})
	some = bearer(forwards.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}, challenges("DNS Write")))
	if got := forwards.get(zoneURL, some); got.verdict(t) != lacks10000 {
		t.Error(got.body)
	}
}

// TestSomebodyElsesQuestionIsAboutAllRecords: who asks for a verdict judges none.
func TestSomebodyElsesQuestionIsAboutAllRecords(t *testing.T) {
	w := newWorld(t, func(c *Config[*holder]) {
		c.Handlers = nil
		c.Verdict = func(rw http.ResponseWriter, _ *http.Request, _ Pass[*holder]) { rw.WriteHeader(http.StatusOK) }
	})
	some := bearer(w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}, challenges("DNS Write")))
	whole := bearer(w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}, allow("DNS Write", "account.zone."+zone)))
	if got := w.get(zoneURL, some); got.verdict(t) != lacks10000 || !strings.HasSuffix(got.chain(t), someRecords) {
		t.Error(got.body)
	}
	if got := w.get(zoneURL, whole); got.StatusCode != 200 {
		t.Error(got.body)
	}
}

func TestOperationsThatNobodyJudgesByRecordAreRefused(t *testing.T) {
	serve := func(http.ResponseWriter, *http.Request, Pass[*holder]) {}
	for name, change := range map[string]func(*Config[*holder]){
		"no such operation": func(c *Config[*holder]) { c.ByRecord = []string{"nothing"} },
		"not on records":    func(c *Config[*holder]) { c.ByRecord = []string{opZone} },
		"no handler":        func(c *Config[*holder]) { c.ByRecord = []string{opDelete} },
		"nobody to tell":    func(c *Config[*holder]) { c.ByRecord, c.Judged = []string{opRecords}, nil },
		"a verdict": func(c *Config[*holder]) {
			c.Handlers, c.Verdict, c.ByRecord = nil, serve, []string{opRecords}
		},
	} {
		c := Config[*holder]{
			Catalog: catalog.V4(), Authorizer: new(keyring),
			Handlers: map[string]Handler[*holder]{opZone: serve, opRecords: serve}, Judged: unheard,
		}
		change(&c)
		if _, err := New(c); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// TestWhoIsHeldToSomeRecordsMeanwhileIsDenied: what is forwarded for who may do it on
// all records is not judged by the record, whatever Again is asked for.
func TestWhoIsHeldToSomeRecordsMeanwhileIsDenied(t *testing.T) {
	var w *world
	var next *policy.Set
	again := map[string]bool{}
	told := 0
	w = newWorld(t, func(c *Config[*holder]) {
		c.Handlers, c.ByRecord = nil, []string{opRecords}
		c.Judged = func(_ context.Context, _ *holder, _ Attempt, _ policy.Ref, d policy.Decision) { told++ }
		c.Forward = func(_ http.ResponseWriter, r *http.Request, p Pass[*holder]) {
			p.Caller.set = next
			now, ok := p.Again(r.Context())
			again[p.Caller.name] = ok && now == p.Caller
		}
	})
	all := allow("DNS Write", "account.zone."+zone)
	compile := func(g ...grant) *policy.Set { return w.ring.compile(t, catalog.TargetUser, policy.Condition{}, g) }
	for _, c := range []struct {
		name         string
		before, then []grant
		want         bool
	}{
		{"all", []grant{all}, []grant{all}, true},
		{"all, then some", []grant{all}, []grant{challenges("DNS Write")}, false},
		{"all, then all but some", []grant{all}, []grant{all, {policy.Deny, "DNS Write", challenges("").key}}, false},
		{"some", []grant{challenges("DNS Write")}, []grant{challenges("DNS Write")}, true},
		{"some, then all", []grant{challenges("DNS Write")}, []grant{all}, true},
		{"some, then none", []grant{challenges("DNS Write")}, nil, false},
	} {
		for _, sloppy := range []bool{false, true} {
			w.ring.sloppy, next = sloppy, compile(c.then...)
			w.get(zoneURL, bearer(w.ring.add(t, holder{of: catalog.TargetUser, name: c.name}, policy.Condition{}, c.before...)))
			if got, asked := again[c.name]; !asked || got != c.want {
				t.Errorf("%s: forwarded %v, then %v", c.name, asked, got)
			}
			delete(again, c.name)
			// Whoever said no has counted it.
			if want := strings.HasPrefix(c.name, "some") && c.want; (told == 1) != want || told > 1 {
				t.Errorf("%s: told %d times what came of it", c.name, told)
			}
			told = 0
		}
	}
}

// TestWhatCameOfARequestForSomeRecordsIsTold: once, as it was refused first, also
// when the handler does not come to an end.
func TestWhatCameOfARequestForSomeRecordsIsTold(t *testing.T) {
	type told struct {
		on      policy.Ref
		why     policy.Decision
		request string
	}
	var got []told
	var do func(p Pass[*holder])
	w := newWorld(t, func(c *Config[*holder]) {
		c.ByRecord = []string{opRecords}
		c.Judged = func(ctx context.Context, h *holder, at Attempt, on policy.Ref, d policy.Decision) {
			if ctx.Err() != nil || h.name != "some" || at.Op.ID != opRecords {
				t.Errorf("%v %s %s", ctx.Err(), h.name, at.Op.ID)
			}
			got = append(got, told{on, d, at.Request.ID})
		}
		c.Handlers[opRecords] = func(rw http.ResponseWriter, _ *http.Request, p Pass[*holder]) {
			if p.Refused != nil {
				do(p)
			}
			rw.WriteHeader(http.StatusForbidden)
		}
	})
	some := bearer(w.ring.add(t, holder{of: catalog.TargetUser, name: "some"}, policy.Condition{}, challenges("DNS Write")))
	whole := bearer(w.ring.add(t, holder{of: catalog.TargetUser, name: "whole"}, policy.Condition{}, allow("DNS Write", "account.zone."+zone)))
	kind := w.ring.v.Kind(catalog.KindRecord)
	www, other := policy.Ref{Kind: kind, Name: "A:www.example.com"}, policy.Ref{Kind: kind, Name: "A:other.example.com"}
	no, granted := policy.Decision{Reason: policy.OwnerLacks}, policy.Decision{Allowed: true, Reason: policy.Granted}
	for _, c := range []struct {
		what   string
		as     string
		do     func(Pass[*holder])
		want   []told
		status int
		header string
	}{
		{"nothing is refused", some, func(Pass[*holder]) {}, []told{{why: granted}}, 403, ""},
		{"a record is refused", some, func(p Pass[*holder]) { p.Refused(www, no) }, []told{{on: www, why: no}}, 403, `Bearer error="insufficient_scope", scope=`},
		{"two are refused", some, func(p Pass[*holder]) { p.Refused(www, no); p.Refused(other, policy.Decision{}) }, []told{{on: www, why: no}}, 403, `Bearer error="insufficient_scope", scope=`},
		{"a refusal that allows", some, func(p Pass[*holder]) { p.Refused(www, granted) }, []told{{on: www, why: policy.Decision{Reason: policy.Granted}}}, 403, ""},
		{"it panics", some, func(Pass[*holder]) { panic("in a handler") }, []told{{why: granted}}, 500, ""},
		{"who may do it on every record", whole, nil, nil, 403, ""},
	} {
		got, do = nil, c.do
		res := w.get(zoneURL, c.as)
		if h := res.Header.Get("WWW-Authenticate"); res.StatusCode != c.status || !strings.HasPrefix(h, c.header) || (c.header == "") != (h == "") {
			t.Errorf("%s: %d %q", c.what, res.StatusCode, h)
		}
		for i := range got {
			if got[i].request != res.Header.Get("Cf-Ray") {
				t.Errorf("%s: request %q", c.what, got[i].request)
			}
			got[i].request = ""
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: told %+v, want %+v", c.what, got, c.want)
		}
	}
}

// TestARequestForSomeRecordsThatNobodyJudgedIsToldOf: its body is refused, so no record
// is, but its credential was good.
func TestARequestForSomeRecordsThatNobodyJudgedIsToldOf(t *testing.T) {
	var told []policy.Decision
	w := newWorld(t, func(c *Config[*holder]) {
		c.ByRecord = []string{opRecords}
		c.Judged = func(_ context.Context, _ *holder, _ Attempt, _ policy.Ref, d policy.Decision) { told = append(told, d) }
	})
	of := holder{of: catalog.TargetUser}
	for what, c := range map[string]struct {
		of   grant
		want []policy.Decision
	}{
		"some":  {challenges("DNS Write"), []policy.Decision{{Allowed: true, Reason: policy.Granted}}},
		"whole": {allow("DNS Write", "account.zone."+zone), nil},
		"none":  {allow("Zone Read", "account.zone."+zone), nil},
	} {
		as, body := bearer(w.ring.add(t, of, policy.Condition{}, c.of)), "{}"
		res := w.raw("GET "+zoneURL+" HTTP/1.1", "Host: api.example.com", "Connection: close", as,
			"Content-Encoding: gzip", fmt.Sprintf("Content-Length: %d", len(body)), "", body)
		if want := map[bool]int{true: 403, false: 415}[what == "none"]; res.StatusCode != want {
			t.Errorf("%s: %d %s", what, res.StatusCode, res.body)
		}
		if !slices.Equal(told, c.want) {
			t.Errorf("%s: told %+v", what, told)
		}
		told = nil
	}
}
