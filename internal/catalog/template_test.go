package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/policy"
)

const (
	userID  = "11111111111111111111111111111111"
	acctID  = "22222222222222222222222222222222"
	zoneID  = "33333333333333333333333333333333"
	otherID = "44444444444444444444444444444444"
)

// The published templates (contract 5.4), and four of ours.
func TestTemplatesHaveTheGroupsOfTheManual(t *testing.T) {
	for key, want := range map[string][2]string{
		"edit-zone-dns":             {"DNS Write", "DNS Write"},
		"read-billing-info":         {"Billing Read", "Billing Read"},
		"read-analytics-and-logs":   {"Analytics Read, Logs Read", "Analytics Read, Logs Read"},
		"edit-load-balancing":       {"Load Balancing: Monitors and Pools Write, Load Balancers Write", "Load Balancing: Monitors and Pools Write, Load Balancers Write"},
		"wordpress":                 {"Analytics Read, Zone Read, Zone Settings Write, DNS Read, Cache Purge, Account Settings Read", "Analytics Read, Zone Read, Zone Settings Write, DNS Read, Cache Purge, Account Settings Read"},
		"create-additional-tokens":  {"API Tokens Write", "Account API Tokens Write"},
		"purge-cache":               {"Cache Purge", "Cache Purge"},
		"acme-dns-01":               {"DNS Write, Zone Read", "DNS Write, Zone Read"},
		"dynamic-dns":               {"DNS Write, Zone Read", "DNS Write, Zone Read"},
		"edit-cloudflare-workers":   {workersGroups + ", User Details Read, Memberships Read", workersGroups},
		"workers-and-pages-deploy":  {deployGroups + ", User Details Read, Memberships Read", deployGroups},
		"read-all-resources":        {"", ""},
		"nothing is called by this": {"-", "-"},
	} {
		for i, forAccount := range []bool{false, true} {
			tpl, ok := V4().Template(key, forAccount)
			if ok != (want[i] != "-") {
				t.Errorf("%s, for an account %v: found %v", key, forAccount, ok)
			}
			if got := groupNamesOf(tpl); ok && want[i] != "" && got != want[i] {
				t.Errorf("%s, for an account %v: %s, want %s", key, forAccount, got, want[i])
			}
		}
	}
	if n := len(V4().Templates(false)); n != 12 || len(V4().Templates(true)) != n {
		t.Errorf("%d templates for users, %d for accounts; want 12", n, len(V4().Templates(true)))
	}
}

const (
	workersGroups = "Workers Routes Write, Workers Scripts Write, Workers KV Storage Write, Workers Tail Read, Workers R2 Storage Write, Account Settings Read"
	deployGroups  = "Workers Scripts Write, Pages Write, Workers Routes Write, Account Settings Read"
)

func groupNamesOf(t Template) string {
	var names []string
	for _, g := range t.Groups {
		names = append(names, g.Name)
	}
	return strings.Join(names, ", ")
}

func TestReadAllResourcesIsEveryReadGroupAndNoOther(t *testing.T) {
	for _, forAccount := range []bool{false, true} {
		tpl, _ := V4().Template("read-all-resources", forAccount)
		held := map[string]bool{}
		for _, g := range tpl.Groups {
			held[g.ID] = true
			if g.Level != LevelRead || forAccount && g.Scope == KindUser {
				t.Errorf("for an account %v: it has %s", forAccount, g.Label)
			}
		}
		for _, g := range V4().Groups() {
			if g.Level == LevelRead && !held[g.ID] && !(forAccount && g.Scope == KindUser) {
				t.Errorf("for an account %v: it lacks %s", forAccount, g.Label)
			}
		}
	}
}

// A template with all that it asks for makes policies that a token may have.
func TestEveryTemplateFillsToPoliciesThatResolve(t *testing.T) {
	v := V4().Vocabulary()
	for _, forAccount := range []bool{false, true} {
		for _, tpl := range V4().Templates(forAccount) {
			for _, every := range []bool{false, true} {
				ch, owner := choicesFor(&tpl, every), policy.Owner{Ref: policy.MakeRef(v.Kind(KindUser), userID)}
				if forAccount {
					owner = policy.Owner{Ref: policy.MakeRef(v.Kind(KindAccount), acctID), Account: true}
				}
				policies, err := tpl.Fill(ch)
				if err != nil {
					t.Errorf("%s, for an account %v: %v", tpl.Key, forAccount, err)
					continue
				}
				if _, faults := policy.Resolve(v, owner, policies); len(faults) > 0 {
					t.Errorf("%s, for an account %v: %v", tpl.Key, forAccount, faults)
				}
			}
		}
	}
}

// choicesFor names what a template asks for, and where every is set all that it
// can be given.
func choicesFor(t *Template, every bool) Choices {
	ch := Choices{Owner: userID}
	if t.ForAccount {
		ch.Owner = acctID
	}
	if t.Accounts == Choose || every && t.Accounts == Every {
		ch.Accounts = []string{acctID}
	}
	if t.Zones == Choose {
		ch.Zones = []string{zoneID}
		if every {
			ch.Zones = []string{All}
		}
	}
	if t.Records.Types != nil {
		ch.Names = []string{"home.example.com"}
		if t.Records.Name != "" {
			ch.Names = nil
		}
		if every && !t.ForAccount {
			ch.Accounts = []string{acctID} // whose zones they are
		}
	}
	return ch
}

func TestFillWritesResourcesWhereTheyBelong(t *testing.T) {
	const (
		account  = "com.cloudflare.api.account."
		zone     = "com.cloudflare.api.account.zone."
		allZones = account + acctID + " > " + zone + "*"
		acme     = " > com.tokenward.dns.record.TXT:_acme-challenge.*"
		home     = " > com.tokenward.dns.record.A:home.example.com & com.tokenward.dns.record.AAAA:home.example.com"
	)
	for _, tt := range []struct {
		key        string
		forAccount bool
		ch         Choices
		want       string
	}{
		{"edit-zone-dns", false, Choices{Zones: []string{zoneID}}, zone + zoneID},
		{"edit-zone-dns", false, Choices{Zones: []string{otherID, zoneID, otherID}}, zone + zoneID + ", " + zone + otherID},
		{"edit-zone-dns", false, Choices{Zones: []string{All}}, zone + "*"},
		{"edit-zone-dns", false, Choices{Accounts: []string{acctID}, Zones: []string{All}}, allZones},
		{"edit-zone-dns", true, Choices{Owner: acctID, Zones: []string{zoneID}}, account + acctID + " > " + zone + zoneID},
		{"edit-zone-dns", true, Choices{Owner: acctID, Zones: []string{All}}, allZones},
		{"edit-zone-dns", true, Choices{Owner: acctID, Accounts: []string{All}, Zones: []string{All}}, allZones},
		{"acme-dns-01", false, Choices{Zones: []string{zoneID}}, zone + zoneID + "; " + zone + zoneID + acme},
		{"acme-dns-01", false, Choices{Zones: []string{zoneID, otherID}}, zone + zoneID + ", " + zone + otherID + "; " + zone + zoneID + acme + ", " + zone + otherID + acme},
		{"acme-dns-01", false, Choices{Accounts: []string{acctID}, Zones: []string{All}}, allZones + "; " + account + acctID + acme},
		{"acme-dns-01", true, Choices{Owner: acctID, Zones: []string{zoneID}}, account + acctID + " > " + zone + zoneID + "; " + zone + zoneID + acme},
		{"acme-dns-01", true, Choices{Owner: acctID, Zones: []string{All}}, allZones + "; " + account + acctID + acme},
		{"dynamic-dns", false, Choices{Zones: []string{zoneID}, Names: []string{"home.example.com"}}, zone + zoneID + "; " + zone + zoneID + home},
		{"read-billing-info", false, Choices{}, account + "*"},
		{"read-billing-info", false, Choices{Accounts: []string{acctID}}, account + acctID},
		{"read-billing-info", true, Choices{Owner: acctID}, account + acctID},
		{"create-additional-tokens", false, Choices{Owner: userID}, "com.cloudflare.api.user." + userID},
		{"create-additional-tokens", true, Choices{Owner: acctID}, account + acctID},
		{"wordpress", false, Choices{}, account + "*; " + zone + "*"},
		{"wordpress", false, Choices{Accounts: []string{acctID}}, account + acctID + "; " + allZones},
		{"edit-load-balancing", false, Choices{Accounts: []string{acctID}, Zones: []string{zoneID}}, account + acctID + "; " + zone + zoneID},
		{"edit-cloudflare-workers", false, Choices{Owner: userID, Accounts: []string{acctID}, Zones: []string{All}}, "com.cloudflare.api.user." + userID + "; " + account + acctID + "; " + allZones},
	} {
		tpl, _ := V4().Template(tt.key, tt.forAccount)
		policies, err := tpl.Fill(tt.ch)
		if got := resourcesText(policies); err != nil || got != tt.want {
			t.Errorf("%s %+v:\n got %s, %v\nwant %s", tt.key, tt.ch, got, err, tt.want)
		}
	}
}

func resourcesText(policies []policy.Policy) string {
	var all []string
	for _, p := range policies {
		var one []string
		for _, r := range p.Resources {
			if r.Nested != nil {
				r.Key += " > " + strings.Join(r.Nested, " & ")
			}
			one = append(one, r.Key)
		}
		all = append(all, strings.Join(one, ", "))
	}
	return strings.Join(all, "; ")
}

func TestFillSaysEveryChoiceThatIsWrong(t *testing.T) {
	for _, tt := range []struct {
		key        string
		forAccount bool
		ch         Choices
		want       string
	}{
		{"edit-zone-dns", false, Choices{}, "zones"},
		{"edit-zone-dns", false, Choices{Zones: []string{"example.com"}}, "zones"},
		{"edit-zone-dns", false, Choices{Zones: []string{strings.ToUpper("a") + zoneID[1:]}}, "zones"},
		{"edit-zone-dns", false, Choices{Zones: []string{zoneID, All}}, "zones"},
		{"edit-zone-dns", false, Choices{Zones: make([]string, policy.MaxPolicyResources+1)}, "zones"},
		{"edit-zone-dns", false, Choices{Accounts: []string{acctID}, Zones: []string{zoneID}}, "accounts"},
		{"edit-zone-dns", true, Choices{Zones: []string{zoneID}}, "owner"},
		{"edit-zone-dns", true, Choices{Owner: acctID, Accounts: []string{otherID}, Zones: []string{zoneID}}, "accounts"},
		{"read-billing-info", false, Choices{Zones: []string{zoneID}}, "zones"},
		{"create-additional-tokens", false, Choices{}, "owner"},
		{"create-additional-tokens", false, Choices{Owner: "me", Accounts: []string{acctID}, Zones: []string{zoneID}}, "owner accounts zones"},
		{"edit-cloudflare-workers", false, Choices{}, "owner accounts zones"},
		{"acme-dns-01", false, Choices{}, "zones"},
		{"acme-dns-01", false, Choices{Zones: []string{All}}, "zones"},
		{"acme-dns-01", false, Choices{Zones: []string{zoneID}, Names: []string{"www.example.com"}}, "records"},
		{"dynamic-dns", false, Choices{Zones: []string{zoneID}}, "records"},
		{"dynamic-dns", true, Choices{}, "owner zones records"},
		{"dynamic-dns", false, Choices{Zones: []string{zoneID}, Names: []string{"home"}}, "records"},
		{"dynamic-dns", false, Choices{Zones: []string{zoneID}, Names: []string{"Home.example.com"}}, "records"},
		{"dynamic-dns", false, Choices{Zones: []string{zoneID}, Names: make([]string, policy.MaxPolicyResources)}, "records"},
		{"edit-zone-dns", false, Choices{Zones: []string{zoneID}, Names: []string{"home.example.com"}}, "records"},
	} {
		tpl, _ := V4().Template(tt.key, tt.forAccount)
		policies, err := tpl.Fill(tt.ch)
		if got := choicesIn(err); got != tt.want || policies != nil {
			t.Errorf("%s %.100v: %v, want something about %s", tt.key, tt.ch, err, tt.want)
		}
	}
}

// choicesIn names the choices that an error is about.
func choicesIn(err error) string {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return fmt.Sprint(err)
	}
	var names []string
	for _, e := range joined.Unwrap() {
		var choice *ChoiceError
		if errors.As(e, &choice) {
			names = append(names, choice.Choice)
		}
	}
	return strings.Join(names, " ")
}

func TestFaultyTemplatesAreRefused(t *testing.T) {
	const ok = "template a\nname A\nabout B\nzones choose\ngroups dns_write\n"
	replace := func(old, new string) string { return strings.Replace(ok, old, new, 1) }
	for what, text := range map[string]string{
		"no name":                  replace("name A\n", ""),
		"no description":           replace("about B\n", ""),
		"a key with capitals":      replace("template a", "template A"),
		"no key":                   replace("template a", "template"),
		"a key twice":              ok + ok,
		"a line before the key":    "name A\n" + ok,
		"an unknown line":          ok + "extra x\n",
		"a line twice":             ok + "name A\n",
		"an unknown label":         replace("dns_write", "dns_wrote"),
		"no groups":                replace("groups dns_write\n", ""),
		"a choice of nothing":      ok + "accounts choose\n",
		"no choice for its groups": replace("zones choose\n", ""),
		"an unknown choice":        replace("choose", "some"),
		"none is not a choice":     replace("choose", "none"),
		"a user's group for all":   ok + "user dns_read\n",
		"others' group on a user":  replace("dns_write", "user_details_read"),
		"records without a name":   ok + "records TXT\n",
		"an unknown type":          ok + "records TEXT ask\n",
		"a name in capitals":       ok + "records TXT WWW.example.com\n",
		"every type and one":       ok + "records *,TXT ask\n",
		"records for no group":     replace("dns_write", "zone_read") + "records TXT ask\n",
	} {
		if err := V4().clone().loadTemplates(text); err == nil {
			t.Errorf("%s: loads", what)
		}
	}
	for _, good := range []string{ok + "\n# a comment\n", ok + "records TXT,A ask\n", ok + "records * *.dev.example.com\n"} {
		if err := V4().clone().loadTemplates(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
}

// clone is a catalogue whose own parts may be written to.
func (c *Catalog) clone() *Catalog {
	own := *c
	own.templates = slices.Clone(c.templates)
	return &own
}
