package authority_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// records is a resource of policies: patterns of records in a zone or an account.
func records(in policy.Resource, patterns ...string) policy.Resource {
	for _, p := range patterns {
		in.Nested = append(in.Nested, catalog.KindRecord+"."+p)
	}
	return in
}

const challenge = "TXT:_acme-challenge.*"

// scope is that of a credential for an operation on a zone's records, as a handler
// that judges each record gets it.
func (w *world) scope(cred token.Credential, op, zoneID string) (authority.RecordScope, error) {
	w.t.Helper()
	at := w.attempt(op, inZone(zoneID))
	at.ByRecord = true
	c, d, err := w.Authorize(context.Background(), cred, at)
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := w.RecordScope(context.Background(), c, op, zoneID)
	if d.Allowed != (err == nil) || d.Allowed && s.Whole() != (d.Reason == policy.Granted) {
		w.t.Errorf("%s: the gate says %+v, the scope %v, whole %v", op, d, err, s.Whole())
	}
	return s, err
}

// judges holds a scope against rows such as "+TXT:www.shop.example".
func (w *world) judges(s authority.RecordScope, rows ...string) {
	w.t.Helper()
	for _, row := range rows {
		typ, name, _ := strings.Cut(row[1:], ":")
		if d := s.Decide(name, typ); d.Allowed != (row[0] == '+') {
			w.t.Errorf("%s: %+v", row, d)
		}
	}
}

func TestATokenForSomeRecordsIsHeldToThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	on := records(zone(shop), challenge, "A:home.shop.example")
	_, ofAccount := w.issue(accountOwner(acme), allow("DNS Write", on))
	_, ofUser := w.issue(w.admin.owner(), allow("DNS Write", on))
	for _, cred := range []token.Credential{ofAccount, ofUser} {
		for _, op := range []string{authority.OpDNSList, authority.OpDNSGet, authority.OpDNSCreate, authority.OpDNSPut, authority.OpDNSPatch, authority.OpDNSDelete, authority.OpDNSBatch, authority.OpDNSExport, authority.OpDNSImport} {
			w.denied(cred, op, inZone(shop), policy.PartOfZone) // by whoever does not judge each
			s := must(w.scope(cred, op, shop))(t)
			w.judges(s, "+TXT:_acme-challenge.shop.example", "+TXT:_acme-challenge.www.shop.example", "+A:home.shop.example",
				"-A:_acme-challenge.shop.example", "-CNAME:_acme-challenge.shop.example", "-TXT:shop.example", "-TXT:www.shop.example",
				"-TXT:x._acme-challenge.shop.example", "-TXT:_acme-challenge", "-A:www.home.shop.example", "-AAAA:home.shop.example",
				"-TXT:_ACME-challenge.shop.example", "-TXT:_acme-challenge.shop.example.", "-txt:_acme-challenge.shop.example", "-:_acme-challenge.shop.example", "-*:*")
			if s.Zone().ID != shop || !s.Sees("home.shop.example", "A") || s.Sees("shop.example", "A") {
				t.Errorf("%s: %+v", op, s.Zone())
			}
		}
		for _, op := range []string{authority.OpZoneGet, authority.OpZoneUpdate, authority.OpZoneDelete} {
			w.denied(cred, op, inZone(shop), policy.NoGrant)
		}
		w.denied(cred, authority.OpDNSList, inZone(blog), policy.NoGrant)
		for _, hidden := range []string{blog, their, ghost} {
			if _, err := w.scope(cred, authority.OpDNSList, hidden); !hasCode(err, authority.CodeForbidden) {
				t.Errorf("a scope of another zone: %v", err)
			}
		}
		_, err := w.Zone(t.Context(), w.as(cred), authority.OpDNSList, shop)
		wantCode(t, err, authority.CodeForbidden)
	}
}

func TestWhoMayDoItOnEveryRecordHasAWholeScope(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, ofZone := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	_, ofRecords := w.issue(accountOwner(acme), allow("DNS Write", records(zone(shop), "*:*")))
	for _, cred := range []token.Credential{ofZone, ofRecords, w.admin.credential()} {
		w.allowed(cred, authority.OpDNSCreate, inZone(shop))
		s := must(w.scope(cred, authority.OpDNSCreate, shop))(t)
		w.judges(s, "+TXT:www.shop.example", "+A:anything.at.all")
		if p := s.Parts(); !s.Whole() || p.Token != nil || p.Owner != nil {
			t.Errorf("%v, %+v", s.Whole(), p)
		}
	}
	w.denied(ofRecords, authority.OpZoneGet, inZone(shop), policy.NoGrant)
	system := must(w.RecordScope(t.Context(), w.system(), authority.OpDNSCreate, shop))(t)
	if !system.Whole() {
		t.Error("the system is limited")
	}
	var zero authority.RecordScope
	w.judges(zero, "-TXT:www.shop.example")
	if zero.Whole() || zero.Sees("www.shop.example", "TXT") {
		t.Error("the zero scope allows something")
	}
	for _, op := range []string{authority.OpZoneGet, "nothing", ""} {
		_, err := w.RecordScope(t.Context(), w.as(ofZone), op, shop)
		wantCode(t, err, authority.CodeForbidden)
	}
	_, err := w.RecordScope(t.Context(), authority.Caller{}, authority.OpDNSList, shop)
	wantCode(t, err, authority.CodeForbidden)
}

func TestADenyOnRecordsIsJudgedByRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, cred := w.issue(accountOwner(acme), allow("DNS Write, Zone Read", account(acme)), deny("DNS Write", records(account(acme), "NS:*", "*:*.prod.shop.example")))
	w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.PartOfZone)
	w.allowed(cred, authority.OpZoneGet, inZone(shop))
	s := must(w.scope(cred, authority.OpDNSCreate, shop))(t)
	w.judges(s, "+A:www.shop.example", "+A:prod.shop.example", "-A:www.prod.shop.example", "-NS:sub.shop.example")
	d := s.Decide("www.prod.shop.example", "A")
	if d.Reason != policy.DeniedByPolicy || d.Policy != 2 {
		t.Errorf("%+v", d)
	}
	var own *authority.Error
	if err := s.Denied("www.prod.shop.example", "A"); !errors.As(err, &own) || own.Code != authority.CodeForbidden || own.Record == nil {
		t.Fatalf("%v", err)
	}
	want := []policy.Part{{Effect: policy.Allow, Pattern: "*:*"}, {Effect: policy.Deny, Pattern: "NS:*"}, {Effect: policy.Deny, Pattern: "*:*.prod.shop.example"}}
	if got := own.Record.Parts; !slices.Equal(got.Token, want) || got.Owner != nil || own.Record.Name != "www.prod.shop.example" || own.Record.Type != "A" {
		t.Errorf("%+v", own.Record)
	}
}

// TestTheOwnersRecordsLimitTheToken, and the owner's key and session: what a member
// may do can be held to records too.
func TestTheOwnersRecordsLimitTheToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin := w.as(w.admin.credential())
	group := must(w.CreateResourceGroup(t.Context(), admin, acme, authority.ResourceGroupDraft{
		Name: "challenges", ScopeKey: accountKey(acme), Objects: []string{catalog.KindRecord + "." + challenge, catalog.KindRecord + ".A:*.dev.shop.example"},
	}))(t)
	member := membership(w.reader, acme, authority.RoleMinimalAccess)
	_, err := w.UpdateMember(t.Context(), admin, acme, member.ID, authority.MemberDraft{Policies: []authority.MemberPolicy{
		{Effect: policy.Allow, Groups: []string{authority.RoleDNS}, ResourceGroups: []string{group.ID}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	w.poll()
	_, wide := w.issue(w.reader.owner(), allow("DNS Write", account(acme)))
	_, narrow := w.issue(w.reader.owner(), allow("DNS Write", records(zone(shop), challenge, "TXT:www.shop.example")))
	rows := []string{"+TXT:_acme-challenge.shop.example", "-TXT:www.shop.example", "-A:_acme-challenge.shop.example"}
	for _, cred := range []token.Credential{wide, narrow, w.reader.credential()} {
		w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.PartOfZone)
		w.judges(must(w.scope(cred, authority.OpDNSCreate, shop))(t), rows...)
	}
	w.judges(must(w.scope(wide, authority.OpDNSCreate, shop))(t), "+A:x.dev.shop.example")
	s := must(w.scope(narrow, authority.OpDNSCreate, shop))(t)
	w.judges(s, "-A:x.dev.shop.example")
	if p := s.Parts(); len(p.Token) != 2 || len(p.Owner) != 2 {
		t.Errorf("%+v", p)
	}
	s = must(w.scope(wide, authority.OpDNSCreate, shop))(t)
	if p := s.Parts(); p.Token != nil || len(p.Owner) != 2 {
		t.Errorf("%+v", p)
	}
	w.judges(must(w.scope(wide, authority.OpDNSCreate, blog))(t), "+TXT:_acme-challenge.blog.example") // in every zone of the account
	w.denied(wide, authority.OpDNSCreate, inZone(their), policy.NoGrant)
	w.denied(wide, authority.OpZoneUpdate, inZone(shop), policy.NoGrant)
}

func TestResourceGroupsTakeRecordsByTheirPatternsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for object, good := range map[string]bool{
		catalog.KindRecord + "." + challenge:              true,
		catalog.KindRecord + ".*:*":                       true,
		catalog.KindRecord + ".*":                         false,
		catalog.KindRecord + ".txt:_acme-challenge.*":     false,
		catalog.KindRecord + ".WKS:www.shop.example":      false,
		catalog.KindRecord + ".TXT:www.*.example":         false,
		catalog.KindRecord + ".":                          false,
		catalog.KindBucket + "." + acme + "_default_logs": false,
		zoneKey(shop): true,
		zoneKey("*"):  true,
		zoneKey("x"):  false,
	} {
		_, err := w.CreateResourceGroup(t.Context(), w.as(w.admin.credential()), acme, authority.ResourceGroupDraft{
			Name: object, ScopeKey: accountKey(acme), Objects: []string{object},
		})
		if good != (err == nil) || err != nil && !hasCode(err, authority.CodeInvalid) {
			t.Errorf("%s: %v", object, err)
		}
	}
}

// TestConditionsAndTimesComeBeforeRecords: a dead token learns nothing of them.
func TestConditionsAndTimesComeBeforeRecords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	policies := []policy.Policy{allow("DNS Write", records(zone(shop), challenge))}
	_, elsewhere := w.issueDraft(accountOwner(acme), authority.Draft{Name: "a", Policies: policies, Condition: policy.Condition{In: []string{"192.0.2.0/24"}}})
	_, off := w.issueDraft(accountOwner(acme), authority.Draft{Name: "b", Policies: policies, Status: authority.StatusDisabled})
	_, over := w.issueDraft(accountOwner(acme), authority.Draft{Name: "c", Policies: policies, ExpiresOn: start.Add(time.Minute)})
	w.clock.Advance(time.Hour)
	w.denied(elsewhere, authority.OpDNSList, inZone(shop), policy.Location)
	w.denied(off, authority.OpDNSList, inZone(shop), policy.Disabled)
	w.denied(over, authority.OpDNSList, inZone(shop), policy.Expired)
}

func TestRecordsAreWithinTheCeiling(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	on := func(patterns ...string) policy.Policy { return allow("DNS Write", records(zone(shop), patterns...)) }
	_, zoneWide := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)), allow("Account API Tokens Write", account(acme)))
	_, some := w.issue(accountOwner(acme), on(challenge, "A:*.dev.shop.example"), allow("Account API Tokens Write", account(acme)))
	_, but := w.issue(accountOwner(acme), allow("DNS Write", account(acme)), deny("DNS Write", records(account(acme), "NS:*")), allow("Account API Tokens Write", account(acme)))
	w.ceiling(t, zoneWide, accountOwner(acme), []ceilingCase{
		give(on(challenge)), give(on("*:*")),
		refuse(allow("DNS Write", records(zone(blog), challenge))), refuse(allow("DNS Write", records(account(acme), challenge))),
	})
	w.ceiling(t, some, accountOwner(acme), []ceilingCase{
		give(on(challenge)), give(on("TXT:_acme-challenge.www.shop.example")), give(on("A:x.dev.shop.example", challenge)),
		refuse(on("*:_acme-challenge.*")), refuse(on("TXT:*")), refuse(on("A:dev.shop.example")), refuse(on("*:*")),
		refuse(allow("DNS Write", zone(shop))), refuse(allow("DNS Write", records(account(acme), challenge))),
		refuse(allow("DNS Read", records(zone(shop), challenge))), // which it holds by Write only
	})
	w.ceiling(t, but, accountOwner(acme), []ceilingCase{
		give(on(challenge)), give(allow("DNS Write", zone(shop)), deny("DNS Write", records(account(acme), "NS:*"))),
		refuse(allow("DNS Write", zone(shop))), refuse(on("*:www.shop.example")), refuse(on("NS:sub.shop.example")),
	})
	w.ceiling(t, w.admin.credential(), w.admin.owner(), []ceilingCase{
		give(on(challenge)), give(allow("DNS Write", records(account(acme), challenge))),
		refuse(allow("DNS Write", records(zone(their), challenge))), refuse(allow("DNS Write", records(account(rival), challenge))),
	})
}

// TestUseOnSomeRecordsIsCountedWhenItIsJudged: as a use with the group that allowed
// it, or as a denial of the record; and not before.
func TestUseOnSomeRecordsIsCountedWhenItIsJudged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(accountOwner(acme), allow("DNS Write", records(zone(shop), challenge)))
	at := w.attempt(authority.OpDNSPatch, inZone(shop))
	at.ByRecord = true
	through := func(again bool) authority.Caller {
		at.Again = again
		c, d, err := w.Authorize(t.Context(), cred, at)
		if err != nil || !d.Allowed || d.Reason != policy.PartOfZone {
			t.Fatalf("%+v, %v", d, err)
		}
		return c
	}
	through(false)
	w.FlushUses(t.Context())
	w.FlushAllUsage(t.Context())
	if a := w.activity(made); len(a.Uses)+len(a.Denials) > 0 || !w.lastUse(made).IsZero() {
		t.Errorf("it is counted before: %+v", a)
	}
	for _, again := range []bool{false, true} {
		w.Judged(t.Context(), through(again), at, policy.Ref{}, policy.Decision{Allowed: true, Reason: policy.Granted})
	}
	c := through(true)
	s := must(w.RecordScope(t.Context(), c, authority.OpDNSPatch, shop))(t)
	var own *authority.Error
	if !errors.As(s.Denied("www.shop.example", "A"), &own) || own.Record.Decision.Reason != policy.NoGrant {
		t.Fatalf("%+v", own)
	}
	w.Judged(t.Context(), c, at, own.Record.Ref, own.Record.Decision)
	w.FlushUses(t.Context())
	w.FlushAllUsage(t.Context())
	w.FlushDenied(t.Context())
	a := w.activity(made)
	if len(a.Uses) != 2 || a.Uses[0].Use.Denied || a.Uses[0].Use.Group != groupIDs("DNS Write")[0] || a.Uses[0].Use.Resource != zoneKey(shop) || a.Uses[0].Count != 2 {
		t.Errorf("%+v", a.Uses)
	}
	const denied = catalog.KindRecord + ".A:www.shop.example"
	if len(a.Denials) != 1 || a.Denials[0].Resource != denied || a.Denials[0].Reason != policy.NoGrant.String() || len(a.Denials[0].Missing) != 1 {
		t.Errorf("%+v", a.Denials)
	}
	if w.lastUse(made).IsZero() {
		t.Error("it was not used")
	}
	events := w.events("access_denied")
	if len(events) != 1 {
		t.Fatalf("%d events", len(events))
	}
	e := events[0]
	if e.Resource != (authority.EventResource{Type: "dns_record", ID: "A:www.shop.example"}) || e.ZoneID != shop || e.ZoneName != "shop.example" || e.AccountID != acme || e.Metadata["operation"] != authority.OpDNSPatch {
		t.Errorf("%+v", e)
	}
}

func TestExplainSaysOnWhichRecordsItIsAllowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, _ := w.issue(accountOwner(acme), allow("DNS Write", records(zone(shop), challenge)), allow("DNS Read", zone(blog)))
	ask := func(zoneID, record string) authority.Explanation {
		return must(w.Explain(t.Context(), w.as(w.admin.credential()), authority.Question{
			Owner: accountOwner(acme), TokenID: made.ID, Method: "POST", Path: "/zones/" + zoneID + "/dns_records", Record: record, Addr: home,
		}))(t)
	}
	x := ask(shop, "")
	if x.Decision.Reason != policy.PartOfZone || !x.Further || x.Grant != nil || len(x.InTheWay) != 1 || x.InTheWay[0].Kind != authority.ObstaclePartOfZone ||
		x.Records == nil || len(x.Records.Token) != 1 || x.Records.Token[0] != (policy.Part{Effect: policy.Allow, Pattern: challenge}) {
		t.Errorf("%+v", x)
	}
	x = ask(shop, "TXT:_acme-challenge.shop.example")
	if !x.Decision.Allowed || x.Policy == nil || x.Policy.ID != made.Policies[0].ID || x.Judged[0] != catalog.KindRecord+".TXT:_acme-challenge.shop.example" {
		t.Errorf("%+v", x)
	}
	x = ask(shop, "A:www.shop.example")
	want := []string{catalog.KindRecord + ".A:www.shop.example"}
	if x.Decision.Allowed || x.Grant == nil || x.Grant.Resources[0].Key != zoneKey(shop) || !slices.Equal(x.Grant.Resources[0].Nested, want) || x.Grant.Groups[0] != groupIDs("DNS Write")[0] {
		t.Errorf("%+v, grant %+v", x, x.Grant)
	}
	if x = ask(blog, ""); x.Records != nil || x.Grant == nil || x.Grant.Resources[0].Key != zoneKey(blog) {
		t.Errorf("%+v", x)
	}
	for record, path := range map[string]string{
		"A:www.shop.example": "/zones/" + shop, "A:WWW.shop.example": "/zones/" + shop + "/dns_records", challenge: "/zones/" + shop + "/dns_records",
		"www.shop.example": "/zones/" + shop + "/dns_records",
	} {
		_, err := w.Explain(t.Context(), w.as(w.admin.credential()), authority.Question{Owner: accountOwner(acme), TokenID: made.ID, Method: "GET", Path: path, Record: record})
		wantCode(t, err, authority.CodeInvalid)
	}
}
