package browser

import (
	"strings"
	"testing"
	"time"
)

// site is a server with something of everything in it, made through the API.
type site struct {
	*server
	token      map[bool]map[string]token // by whether it is the account's, by name
	zone       string                    // id of example.org
	record     string                    // id of a record in it
	member     string                    // id of a member who has not answered
	role       string                    // id of a role
	membership string                    // id of the first user's own
	event      map[bool]string           // id of an entry of the user's audit log, and of the account's
	invitation string                    // path of a link for a new member
	reset      string                    // path of a link for another password
}

// newSite starts a server and furnishes it.
func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{server: newServer(t), token: map[bool]map[string]token{}}
	root := s.root(t)
	s.addZones(root)
	s.addRecords(root)
	for _, account := range []bool{false, true} {
		s.addTokens(root, account)
	}
	s.use(t)
	s.addMembers(root)
	s.look(root)
	s.reset = s.resetLink(t, "ben@example.com")
	return s
}

func (s *site) addZones(root *api) {
	for _, name := range []string{"shop.example.org", "blog.example.org", "status.example.org", "example.org"} {
		var made struct{ ID string }
		root.do("POST", "/zones", object{"name": name, "account": object{"id": s.Boot.AccountID}, "type": "full"}, &made)
		s.zone = made.ID
	}
}

func (s *site) addRecords(root *api) {
	list := []object{
		{"type": "A", "name": "@", "content": "203.0.113.10", "proxied": true, "ttl": 1},
		{"type": "AAAA", "name": "@", "content": "2001:db8::10", "ttl": 300},
		{"type": "CNAME", "name": "www", "content": "example.org", "ttl": 1, "comment": "the site"},
		{"type": "MX", "name": "@", "content": "mail.example.org", "priority": 10, "ttl": 3600},
		{"type": "TXT", "name": "@", "content": `"v=spf1 mx -all"`, "ttl": 3600},
		{"type": "TXT", "name": "_dmarc", "content": `"v=DMARC1; p=reject; rua=mailto:postmaster@example.org; adkim=s; aspf=s"`, "ttl": 3600},
		{"type": "CAA", "name": "@", "data": object{"flags": 0, "tag": "issue", "value": "ca.example.net"}, "ttl": 3600},
		{"type": "SRV", "name": "_sip._tcp", "data": object{"priority": 10, "weight": 5, "port": 5060, "target": "sip.example.org"}, "ttl": 300},
		{"type": "A", "name": "a-name-that-is-long-enough-to-be-cut-on-a-phone.internal", "content": "198.51.100.77", "ttl": 120, "comment": "moved here from the old machine; keep until the certificate is renewed in spring"},
	}
	for _, r := range list {
		var made struct{ ID string }
		root.do("POST", "/zones/"+s.zone+"/dns_records", r, &made)
		s.record = made.ID
	}
}

// addMembers invites people: some are users and have accepted, others have not
// answered.
func (s *site) addMembers(root *api) {
	var roles []struct{ ID, Name string }
	root.do("GET", "/accounts/"+s.Boot.AccountID+"/roles?per_page=50", nil, &roles)
	byName := map[string]string{}
	for _, r := range roles {
		byName[r.Name] = r.ID
	}
	s.role = byName["DNS"]
	for _, m := range []struct {
		email, first, last string
		roles              []string
	}{
		{"ada@example.com", "Ada", "Lindqvist", []string{"Administrator"}},
		{"ben@example.com", "Ben", "Okafor", []string{"DNS", "Cache Purge"}},
		{"carmen.de-la-fuente-y-rodriguez@department.example.com", "", "", []string{"Administrator Read Only"}},
		{"dan@example.com", "", "", []string{"DNS", "Analytics", "Billing"}},
	} {
		var ids []string
		for _, name := range m.roles {
			if byName[name] == "" {
				root.t.Fatalf("there is no role %q", name)
			}
			ids = append(ids, byName[name])
		}
		var made struct {
			ID             string
			InvitationLink string `json:"invitation_link"`
		}
		root.do("POST", "/accounts/"+s.Boot.AccountID+"/members", object{"email": m.email, "roles": ids}, &made)
		path := made.InvitationLink[strings.Index(made.InvitationLink, "/invitations/"):]
		if m.first == "" {
			s.member, s.invitation = made.ID, path
			continue
		}
		(&api{root.t, s.server, ""}).do("POST", "/tokenward/invitations/accept", object{
			"token": strings.TrimPrefix(path, "/invitations/"), "password": "correct horse battery " + m.first,
			"first_name": m.first, "last_name": m.last,
		}, nil)
	}
}

// look finds out ids that nothing else tells.
func (s *site) look(root *api) {
	var rows []struct{ ID string }
	root.do("GET", "/memberships", nil, &rows)
	s.membership, s.event = rows[0].ID, map[bool]string{}
	for account, path := range map[bool]string{false: "/user/audit_logs", true: "/accounts/" + s.Boot.AccountID + "/audit_logs"} {
		root.do("GET", path+"?per_page=1", nil, &rows)
		s.event[account] = rows[0].ID
	}
}

// inDays is a time as the API takes it.
func inDays(n int) string {
	return time.Now().Add(time.Duration(n) * 24 * time.Hour).UTC().Format(time.RFC3339)
}
