package dashboard_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

const roleDomainDNS = "132c52e7e6654b999c183cfcbafd37d7"

func (w *world) members() string { return "/" + w.made.AccountID + "/members" }

// TestAnInvitationThatFailsLosesNothing: all that is wrong is said at once, and
// what was typed stays.
func TestAnInvitationThatFailsLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	path := w.members() + "/invite"
	once := b.get(path).once(t)
	b.post(path, url.Values{"once": {once}, "on": {"account"}}).
		wants(t, http.StatusUnprocessableEntity, "Enter an e-mail address.", "Choose at least one role.")
	b.post(path, url.Values{"once": {once}, "on": {"domains"}, "email": {"x@y"}, "zones": {"some"}, "domain_role": {roleDomainDNS}}).
		wants(t, http.StatusUnprocessableEntity, "Choose at least one domain.", `value="x@y"`, `value="`+roleDomainDNS+`" checked`)
	b.post(path, url.Values{"once": {once}, "on": {"account"}, "email": {"stranger@example.com"}, "role": {authority.RoleDNS}}).
		wants(t, http.StatusUnprocessableEntity, "Nobody has this address", `value="`+authority.RoleDNS+`" checked`)
	b.post(path, url.Values{"once": {once}, "on": {"domains"}, "zones": {"all"}, "email": {"x@y"}, "domain_role": {authority.RoleSuperAdministrator}}).
		wants(t, http.StatusUnprocessableEntity, "no form of this page")
}

func TestALinkIsHandedOutOnceWhereTheServerAllowsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, func(c *authority.Config) { c.InviteLinks = true })
	b := w.signedIn()
	path := w.members() + "/invite"
	sent := url.Values{"once": {b.get(path).once(t)}, "on": {"account"}, "email": {"new@example.com"}, "role": {authority.RoleDNS}}
	a := b.post(path, sent)
	a.wants(t, 200, "Hand this link to new@example.com", w.http.URL+"/invitations/")
	if a.header.Get("Referrer-Policy") != "strict-origin" {
		t.Error("the page with the link is not treated as a secret")
	}
	b.post(path, sent).wants(t, http.StatusConflict, "done already")
}

// TestAnInvitationThatExpiredIsMadeGoodByAnother, with the same roles.
func TestAnInvitationThatExpiredIsMadeGoodByAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, func(c *authority.Config) { c.InviteLinks = true })
	w.add(-8 * 24 * time.Hour)
	id := w.invite(authority.MemberDraft{Email: "late@example.com", Roles: []string{authority.RoleDNS}}).ID
	w.add(8 * 24 * time.Hour)
	b := w.signedIn()
	b.get(w.members()).wants(t, 200, `<span class="badge warn">expired</span>`)
	page := b.get(w.members() + "/" + id)
	page.wants(t, 200, "Invite again")
	b.post(w.members()+"/"+id+"/invitation", url.Values{"once": {page.once(t)}}).wants(t, 200, "Hand this link to late@example.com")
	m := w.member("late@example.com")
	if w.clock().After(m.ExpiresOn()) || m.ID != id || !slices.Equal(m.Roles, []string{authority.RoleDNS}) {
		t.Errorf("invited again, the member is %+v", m.Membership)
	}
}

// TestADomainRoleActsOnTheChosenZonesOnly, whose resource group is made once.
func TestADomainRoleActsOnTheChosenZonesOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	blog, shop := w.zone("blog.example"), w.zone("shop.example")
	b := w.signedIn()
	for _, email := range []string{"ann@example.com", "ben@example.com"} {
		w.person(email)
		path := w.members() + "/invite"
		b.post(path, url.Values{
			"once": {b.get(path).once(t)}, "on": {"domains"}, "email": {email}, "zones": {"some"}, "zone": {blog.ID}, "domain_role": {roleDomainDNS},
		}).leads(t, w.members()+"/"+w.member(email).ID)
	}
	if groups := w.member("ben@example.com").Groups; len(groups) != 1 || groups[0].Name != "zone blog.example" {
		t.Errorf("the resource groups are %+v", groups)
	}
	id := w.member("ann@example.com").ID
	b.get(w.members()+"/"+id).wants(t, 200, `value="`+blog.ID+`" checked`, `value="`+roleDomainDNS+`" checked`)

	ann := w.as("ann@example.com")
	ann.get("/profile/accounts").wants(t, 200, "1 invitation waits", "Domain DNS", adminEmail)
	ann.post("/profile/accounts/"+id+"/accept", url.Values{}).leads(t, "/"+w.made.AccountID+"/api-tokens")
	zones := ann.get("/" + w.made.AccountID + "/zones")
	zones.wants(t, 200, "blog.example")
	if strings.Contains(zones.body, "shop.example") {
		t.Error("ann sees a zone that she was not given")
	}
	ann.get("/"+w.made.AccountID+"/zones/"+shop.ID+"/records").wants(t, http.StatusForbidden, "You may not do this")
	ann.get(w.members()).wants(t, http.StatusForbidden, "You may not do this")
	about := ann.get("/" + w.made.AccountID + "/zones/" + blog.ID)
	about.wants(t, 200, blog.ID)
	if strings.Contains(about.body, "Delete the zone") {
		t.Error("ann is offered to delete a zone, which would be refused")
	}

	// From one domain to all of them, and to the whole account.
	b.post(w.members()+"/"+id, url.Values{"on": {"domains"}, "zones": {"all"}, "domain_role": {roleDomainDNS}}).leads(t, w.members()+"/"+id)
	ann.get("/"+w.made.AccountID+"/zones").wants(t, 200, "shop.example")
	b.get(w.members()+"/"+id).wants(t, 200, `name="zones" value="all" checked`)
	b.post(w.members()+"/"+id, url.Values{"on": {"account"}, "role": {authority.RoleAdministratorReadOnly, authority.RoleDNS}}).leads(t, w.members()+"/"+id)
	ann.get(w.members()).wants(t, 200, adminEmail)
	a := ann.post(w.members()+"/"+id+"/api-access", url.Values{"api_access": {"off"}})
	if a.status == http.StatusSeeOther {
		t.Error("who only reads switched API access off")
	}
}

func TestWhatTheFormCannotSayIsShownInFull(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	m := w.invite(authority.MemberDraft{Email: "eve@example.com", Policies: []authority.MemberPolicy{
		{Effect: policy.Allow, Groups: []string{authority.RoleAdministratorReadOnly}, ResourceGroups: []string{w.made.AccountID}},
		{Effect: policy.Deny, Groups: []string{authority.RoleDNS}, ResourceGroups: []string{w.made.AccountID}},
	}})
	b := w.signedIn()
	a := b.get(w.members() + "/" + m.ID)
	a.wants(t, 200, "Administrator Read Only", "deny", "The whole account", `href="/docs"`)
	if strings.Contains(a.body, "Save the roles") {
		t.Error("the form is offered and would lose a policy")
	}
	b.post(w.members()+"/"+m.ID+"/api-access", url.Values{"api_access": {"off"}}).leads(t, w.members()+"/"+m.ID)
	if after := w.member("eve@example.com"); after.APIAccess != authority.Off || len(after.Policies) != 2 || after.Policies[1].Effect != policy.Deny {
		t.Errorf("switching API access off left %+v", after.Membership)
	}
}

func TestRemovingAMemberSaysWhatGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.person("ann@example.com")
	m := w.invite(authority.MemberDraft{Email: "ann@example.com", Roles: []string{authority.RoleAdministrator}, Status: authority.MembershipAccepted})
	c, err := w.authority.Session(t.Context(), m.UserID, m.User.Epoch, w.addr(), authority.EventRequest{})
	if err != nil {
		t.Fatal(err)
	}
	owner := authority.Owner{Kind: authority.OwnerAccount, ID: w.made.AccountID}
	groups := w.authority.Catalog().Groups()
	dnsRead := groups[slices.IndexFunc(groups, func(g catalog.Group) bool { return g.Label == "dns_read" })]
	z := w.zone("blog.example")
	for _, name := range []string{"one", "two"} {
		if _, _, err := w.authority.Issue(t.Context(), c, owner, authority.Draft{Name: name, Policies: []policy.Policy{{
			Effect: policy.Allow, Groups: []string{dnsRead.ID},
			Resources: []policy.Resource{{Key: catalog.KindZone + "." + z.ID}},
		}}}); err != nil {
			t.Fatal(err)
		}
	}
	b := w.signedIn()
	b.get(w.members()+"/"+m.ID+"/remove").wants(t, 200, "Remove ann@example.com", "2 account tokens that they created go on", "stop working in this account at once")
	b.post(w.members()+"/"+m.ID+"/remove", url.Values{}).leads(t, w.members())
	b.get(w.members()).wants(t, 200, "no longer a member", "1 member")
	self := w.member(adminEmail).ID
	b.get(w.members()+"/"+self+"/remove").wants(t, 200, "This is you")
	b.post(w.members()+"/"+self+"/remove", url.Values{}).wants(t, http.StatusUnprocessableEntity, "Super Administrator")
	b.get("/profile/accounts/"+self+"/leave").wants(t, 200, "Your own tokens and your API key stop working")
	b.post("/profile/accounts/"+self+"/leave", url.Values{}).wants(t, http.StatusUnprocessableEntity, "Super Administrator")
}

func TestMembersAreFoundByNameAndPaged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	for _, c := range "abcdefghijklmnopqrstuvwxyz" {
		for _, n := range []string{"1", "2"} {
			w.invite(authority.MemberDraft{Email: string(c) + n + "@example.com", Roles: []string{authority.RoleDNS}})
		}
	}
	b := w.signedIn()
	b.get(w.members()).wants(t, 200, "53 members", "Page 1 of 2", "a1@example.com")
	b.get(w.members()+"?page=2").wants(t, 200, "z2@example.com", "Page 2 of 2")
	b.get(w.members()+"?q=ADMIN").wants(t, 200, "1 member found", adminEmail, "you")
	b.get(w.members()+"?status=pending&q=b").wants(t, 200, "2 members found", "b1@example.com")
	b.get(w.members()+"?q=nobody").wants(t, 200, "Nobody is found")
}

func TestRolesAreFoundByWhatTheyGive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	roles := "/" + w.made.AccountID + "/roles"
	b.get(roles).wants(t, 200, "Super Administrator - All Privileges", "Domain DNS", "Minimal Account Access")
	found := b.get(roles + "?q=Billing+Write")
	found.wants(t, 200, "Billing Write", "Super Administrator")
	if strings.Contains(found.body, "Domain DNS") {
		t.Error("a role is found that gives nothing of the kind")
	}
	b.get(roles+"/"+authority.RoleDNS).wants(t, 200, "DNS Write", "DNS Read")
	b.get(roles+"/"+authority.RoleDNS+"?q=billing").wants(t, 200, "It does not give that")
	b.get(roles+"/"+strings.Repeat("0", 32)).wants(t, http.StatusNotFound)
}

func TestAnInvitationCanBeDeclined(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.person("ann@example.com")
	m := w.invite(authority.MemberDraft{Email: "ann@example.com", Roles: []string{authority.RoleDNS}})
	ann := w.as("ann@example.com")
	ann.post("/profile/accounts/"+m.ID+"/decline", url.Values{}).leads(t, "/profile/accounts")
	ann.get("/profile/accounts").wants(t, 200, "You have joined no account")
	ann.post("/profile/accounts/"+m.ID+"/accept", url.Values{}).wants(t, http.StatusBadRequest, "rejected")
	w.signedIn().get(w.members()+"?status=rejected").wants(t, 200, "ann@example.com")
}
