package e2e

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"strings"
	"testing"

	classic "github.com/cloudflare/cloudflare-go"
	sharedV6 "github.com/cloudflare/cloudflare-go/v6/shared"
	userV6 "github.com/cloudflare/cloudflare-go/v6/user"
	"github.com/cloudflare/cloudflare-go/v7/shared"
	"github.com/cloudflare/cloudflare-go/v7/user"
)

const scopeRecord = "com.tokenward.dns.record"

// dynamicDNS is the secret of a token for the addresses of home.example.com.
func (s *server) dynamicDNS(t *testing.T, ca string) string {
	t.Helper()
	return s.fromTemplate(t, ca, "--template", "dynamic-dns", "--zone", "example.com", "--record", "home.example.com")
}

func TestDdclientUpdatesTheOneNameOfItsToken(t *testing.T) {
	t.Parallel()
	s, c := newTLSServer(t)
	api, secret := s.rootV7(), s.dynamicDNS(t, c.ca)
	home := api.newRecord(t, s.zone(0), aRecord("home.example.com", "192.0.2.1"))
	other := api.newRecord(t, s.zone(0), aRecord("other.example.com", "192.0.2.2"))
	if r := s.ddclient(t, c, secret, "example.com", "home.example.com", "192.0.2.99"); !strings.Contains(r.stderr+r.stdout, "IPv4 address set to 192.0.2.99") {
		r.fails(t, "ddclient did not set the address")
	}
	if r := s.ddclient(t, c, secret, "example.com", "other.example.com", "192.0.2.98"); strings.Contains(r.stderr+r.stdout, "address set to") {
		r.fails(t, "ddclient set the address of another name")
	}
	for id, want := range map[string]string{home.ID: "192.0.2.99", other.ID: "192.0.2.2"} {
		if got, err := api.getRecord(t, s.zone(0), id); err != nil || got.Content != want {
			t.Errorf("the record is %v, error %v, want %s", got, err, want)
		}
	}
}

// TestInadynUpdatesTheOneNameOfItsToken, and can make it, but no other.
func TestInadynUpdatesTheOneNameOfItsToken(t *testing.T) {
	if os.Getenv(insideVariable) == "" {
		t.Parallel()
		runInside(t)
		return
	}
	s, c := newTLSServer(t, "--listen", "127.0.0.1:443")
	api, secret := s.rootV7(), s.dynamicDNS(t, c.ca)
	for _, addr := range []string{"198.51.100.7", "198.51.100.8"} {
		inadyn(t, c, secret, "example.com", "home.example.com", addr, "Successful alias table update for home.example.com")
	}
	inadyn(t, c, secret, "example.com", "other.example.com", "198.51.100.9", "Error response from DDNS server")
	for name, want := range map[string][]string{"home.example.com": {"198.51.100.8"}, "other.example.com": {}} {
		if got := api.contents(t, s.zone(0), name); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// TestClientsKeepTheRecordsOfAToken: each reads a token that is held to records and
// writes it back under another name, by its own types and nothing else.
func TestClientsKeepTheRecordsOfAToken(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for client, rename := range map[string]func(*testing.T, *server, string, string) error{
		"cloudflare-go v0": renameV0, "cloudflare-go v6": renameV6, "cloudflare-go v7": renameV7,
	} {
		t.Run(client, func(t *testing.T) {
			made := mustCreate(t, s.rootV7().userTokens(), definition{name: "before", grants: []grant{
				{groups: []string{groupZoneRead}, flat: []string{zoneKey(s.zone(0))}},
				{groups: []string{groupDNSWrite}, nested: map[string][]string{
					zoneKey(s.zone(0)): {scopeRecord + ".TXT:_acme-challenge.*", scopeRecord + ".A:home.example.com"},
				}},
				{effect: "deny", groups: []string{groupDNSWrite}, nested: map[string][]string{accountKey(s.Boot.AccountID): {scopeRecord + ".*:*.private.example.com"}}},
			}})
			before := s.policies(t, made.id)
			if err := rename(t, s, made.id, "after"); err != nil {
				t.Fatal(err)
			}
			token, err := s.rootV7().userTokens().get(t.Context(), made.id)
			if err != nil || token.Name != "after" {
				t.Errorf("the token is %v, error %v", token, err)
			}
			if after := s.policies(t, made.id); len(before) != 3 || !reflect.DeepEqual(after, before) {
				t.Errorf("the policies became\n%v\nfrom\n%v", after, before)
			}
		})
	}
}

// policies are what a token may do, as it is on the wire, without what names it.
func (s *server) policies(t *testing.T, id string) []map[string]any {
	t.Helper()
	token, err := s.rootV7().userTokens().get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var wire struct{ Policies []map[string]any }
	if err := json.Unmarshal([]byte(token.JSON.RawJSON()), &wire); err != nil {
		t.Fatal(err)
	}
	for _, p := range wire.Policies {
		maps.DeleteFunc(p, func(member string, _ any) bool { return member == "id" })
	}
	return wire.Policies
}

func renameV0(t *testing.T, s *server, id, name string) error {
	api := s.rootV0(t)
	token, err := api.GetAPIToken(t.Context(), id)
	if err != nil {
		return err
	}
	_, err = api.UpdateAPIToken(t.Context(), id, classic.APIToken{Name: name, Policies: token.Policies, Status: token.Status})
	return err
}

func renameV7(t *testing.T, s *server, id, name string) error {
	was, err := s.rootV7().user.Tokens.Get(t.Context(), id)
	if err != nil {
		return err
	}
	policies := make([]shared.TokenPolicyParam, len(was.Policies))
	for i, p := range was.Policies {
		groups := make([]shared.TokenPolicyPermissionGroupParam, len(p.PermissionGroups))
		for k, g := range p.PermissionGroups {
			set(&groups[k].ID, g.ID)
		}
		set(&policies[i].Effect, string(p.Effect))
		set(&policies[i].PermissionGroups, groups)
		switch r := p.Resources.(type) {
		case shared.TokenPolicyResourcesIAMResourcesTypeObjectString:
			set(&policies[i].Resources, shared.TokenPolicyResourcesIAMResourcesTypeObjectStringParam(r))
		case shared.TokenPolicyResourcesIAMResourcesTypeObjectNested:
			set(&policies[i].Resources, shared.TokenPolicyResourcesIAMResourcesTypeObjectNestedParam(r))
		}
	}
	var p shared.TokenParam
	set(&p.Name, name)
	set(&p.Policies, policies)
	_, err = s.rootV7().user.Tokens.Update(t.Context(), id, user.TokenUpdateParams{Token: p})
	return err
}

func renameV6(t *testing.T, s *server, id, name string) error {
	tokens := s.v6(s.Boot.Token.Value).user.Tokens
	was, err := tokens.Get(t.Context(), id)
	if err != nil {
		return err
	}
	policies := make([]sharedV6.TokenPolicyParam, len(was.Policies))
	for i, p := range was.Policies {
		groups := make([]sharedV6.TokenPolicyPermissionGroupParam, len(p.PermissionGroups))
		for k, g := range p.PermissionGroups {
			set(&groups[k].ID, g.ID)
		}
		set(&policies[i].Effect, string(p.Effect))
		set(&policies[i].PermissionGroups, groups)
		switch r := p.Resources.(type) {
		case sharedV6.TokenPolicyResourcesIAMResourcesTypeObjectString:
			set(&policies[i].Resources, sharedV6.TokenPolicyResourcesIAMResourcesTypeObjectStringParam(r))
		case sharedV6.TokenPolicyResourcesIAMResourcesTypeObjectNested:
			set(&policies[i].Resources, sharedV6.TokenPolicyResourcesIAMResourcesTypeObjectNestedParam(r))
		}
	}
	var p sharedV6.TokenParam
	set(&p.Name, name)
	set(&p.Policies, policies)
	_, err = tokens.Update(t.Context(), id, userV6.TokenUpdateParams{Token: p})
	return err
}
