package tokenform

import (
	"fmt"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// written writes policies as a table's cell: "allow dns.edit zone.read on zone.shop".
func written(b Basis, policies []policy.Policy) string {
	short := strings.NewReplacer(catalog.KindZone, "zone", catalog.KindAccount, "account", catalog.KindUser, "user",
		acme, "acme", rival, "rival", shop, "shop", blog, "blog", docs, "docs", alice, "alice")
	var out []string
	for _, p := range policies {
		s := p.Effect.String()
		for _, id := range p.Groups {
			l := b.Picker.Level(id)
			s += " " + l.Family().Key + "." + l.Key
		}
		s += " on"
		for _, r := range p.Resources {
			s += " " + r.Key
			if r.Nested != nil {
				s += fmt.Sprint(r.Nested)
			}
		}
		out = append(out, short.Replace(s))
	}
	return strings.Join(out, "; ")
}

func TestFormMeansThesePolicies(t *testing.T) {
	for name, row := range map[string]struct {
		give          string
		on            []Resource
		user, account string // "" is not tried
	}{
		"one zone": {"dns edit", []Resource{{Kind: OneZone, ZoneID: shop}}, "allow dns.edit on zone.shop", "allow dns.edit on zone.shop"},
		"all zones": {"dns edit,zone read", []Resource{{Kind: AllZones}},
			"allow dns.edit zone.read on zone.*", "allow dns.edit zone.read on account.acme[zone.*]"},
		"zones of an account but one": {"dns edit", []Resource{{Effect: Include, Kind: ZonesOfAccount, AccountID: acme}, {Effect: Exclude, Kind: OneZone, ZoneID: shop}},
			"allow dns.edit on account.acme[zone.*]; deny dns.edit on zone.shop", "allow dns.edit on account.acme[zone.*]; deny dns.edit on zone.shop"},
		"zones in their account stand together": {"dns edit", []Resource{{Kind: OneZone, AccountID: acme, ZoneID: shop}, {Kind: AllZones}, {Kind: OneZone, AccountID: acme, ZoneID: blog}},
			"allow dns.edit on account.acme[zone.shop zone.blog] zone.*", "allow dns.edit on account.acme[zone.shop zone.* zone.blog]"},
		"each scope on its own resources": {"dns read,account_settings read,user_details read", []Resource{{Kind: AllAccounts}, {Kind: OneZone, ZoneID: shop}},
			"allow account_settings.read on account.*; allow dns.read on zone.shop; allow user_details.read on user.alice", ""},
		"buckets on their account": {"workers_r2_bucket_item edit", []Resource{{Kind: OneAccount, AccountID: acme}},
			"allow workers_r2_bucket_item.edit on account.acme", "allow workers_r2_bucket_item.edit on account.acme"},
		"the account of an account's token goes without saying": {"account_settings read", nil, "", "allow account_settings.read on account.acme"},
		"a row twice is one":              {"dns edit,dns edit", []Resource{{Kind: OneZone, ZoneID: shop}, {Effect: Include, Kind: OneZone, ZoneID: shop}}, "allow dns.edit on zone.shop", ""},
		"the only level need not be said": {"cache", []Resource{{Kind: OneZone, ZoneID: shop}}, "allow cache.purge on zone.shop", ""},
	} {
		for i, want := range []string{row.user, row.account} {
			b := []Basis{forUser(t), forAccount(t)}[i]
			f := Form{Name: "x", Permissions: give(row.give), Resources: row.on}
			d, faults := f.Draft(b)
			if got := written(b, d.Policies); want != "" && (got != want || len(faults) > 0) {
				t.Errorf("%s, for an account %v:\n%s\nwant\n%s\n%v", name, b.forAccount(), got, want, faults)
			}
		}
	}
}

func TestFaultsStandBesideTheirFields(t *testing.T) {
	zone := []Resource{{Kind: OneZone, ZoneID: shop}}
	for _, row := range []struct {
		form Form
		want string // fields and how their messages begin
	}{
		{Form{}, "name: Give the token; permissions: Choose at least one"},
		{Form{Name: "x", Permissions: give("dns")}, "permissions[0].level: Choose what it may do: Read or Edit."},
		{Form{Name: "x", Permissions: []Permission{{}, {Level: "read"}, {Group: "nope"}}},
			"permissions[1].group: Choose a permission; permissions[2].group: There is no such"},
		{Form{Name: "x", Permissions: give("dns edit")}, "resources: Include the zones on which DNS Edit"},
		{Form{Name: "x", Permissions: give("account_settings read"), Resources: zone},
			"resources[0].kind: None of the permissions acts on zones"},
		{Form{Name: "x", Permissions: give("dns edit"), Resources: []Resource{{}, {Kind: OneZone}, {Kind: OneZone, ZoneID: "zz"}, {Kind: "moon"}, {Kind: ZonesOfAccount}, {Effect: "maybe", Kind: AllZones}}},
			"resources[1].zone: Choose a zone; resources[2].zone: This is not the id of a zone; resources[3].kind: Choose which; resources[4].account: Choose an account; resources[5].effect: Choose whether"},
		{Form{Name: "x", Permissions: give("dns edit"), Resources: zone, Addresses: []Address{{}, {"", "10.0.0.0/8"}, {IsNotIn, "nonsense"}, {IsIn, "1.2.3"}, {"near", "10.0.0.1"}}},
			"addresses[4].is: Choose whether; addresses[3].range: \"1.2.3\" is not an IP range; addresses[2].range: \"nonsense\" is not an IP range"},
		{Form{Name: "x", Permissions: give("dns edit"), Resources: zone, NotBefore: When{At: "soon"}, ExpiresOn: When{Preset: "30x"}},
			"not_before.at: Write a date; expires_on.preset: Choose a span"},
		{Form{Name: "x", Permissions: give("dns edit"), Resources: zone, NotBefore: When{Preset: "30d"}, ExpiresOn: When{Preset: "7d"}, TimeZone: "Mars/Olympus"},
			"expires_on.at: The end must be later than the start"},
		{Form{Name: "x", Permissions: give("dns edit"), Resources: zone, ExpiresOn: When{At: "2020-01-01"}, TimeZone: "Mars/Olympus"},
			"time_zone: There is no such; expires_on.at: The end must be in the future"},
		{Form{Name: strings.Repeat("x", 121), Permissions: give("dns edit"), Resources: zone, Status: "asleep"},
			"name: Name must have a length; status: Status must be"},
		{Form{Name: "x", Permissions: give("dns edit"), Resources: zone, RateLimit: RateLimit{"many", "0"}},
			"rate_limit.requests: Write a number; rate_limit.period: Period must be from 1"},
	} {
		_, faults := row.form.Draft(forUser(t))
		want := strings.Split(row.want, "; ")
		ok := len(faults) == len(want)
		for i := 0; ok && i < len(want); i++ {
			ok = strings.HasPrefix(faults[i].Field+": "+faults[i].Message, want[i])
		}
		if !ok {
			t.Errorf("%q\nwant\n%q", faults, want)
		}
	}
}

func TestWhatAnAccountsTokenCannotHoldIsSaidBesideTheRow(t *testing.T) {
	b := forAccount(t)
	f := Form{Name: "x", Permissions: give("user_details read,dns edit"), Resources: []Resource{{Kind: ZonesOfAccount, AccountID: rival}}}
	_, faults := f.Draft(b)
	if len(faults) != 2 || faults[0].Field != "permissions[0].group" || faults[1].Field != "resources[0].kind" {
		t.Errorf("%+v", faults)
	}
}

// TestFaultsOfTheAuthorityFindTheirRows holds the way back from the document to
// the form, for faults that only Issue can find.
func TestFaultsOfTheAuthorityFindTheirRows(t *testing.T) {
	f := Form{Name: "x", Permissions: give("account_settings read,dns edit,zone read"),
		Resources: []Resource{{Kind: OneZone, ZoneID: shop}, {Kind: OneAccount, AccountID: acme}, {Kind: OneZone, AccountID: acme, ZoneID: blog}},
		Addresses: []Address{{IsNotIn, "10.0.0.1"}, {IsIn, "10.0.0.0/8"}}}
	for pointer, want := range map[string]string{
		"/name": "name", "/expires_on": "expires_on.at", "/rate_limit/period": "rate_limit.period", "": "", "/policies": "permissions", "/policies/9": "permissions",
		"/policies/0":                        "permissions[0].group",
		"/policies/1/permission_groups/1/id": "permissions[2].group",
		"/policies/1/resources/" + catalog.KindZone + "." + shop:                                          "resources[0].kind",
		"/policies/1/resources/" + catalog.KindAccount + "." + acme + "/" + catalog.KindZone + "." + blog: "resources[2].kind",
		"/policies/0/resources/" + catalog.KindAccount + "." + acme:                                       "resources[1].kind",
		"/policies/0/resources":          "resources",
		"/condition/request_ip/in/0":     "addresses[1].range",
		"/condition/request_ip/not_in/0": "addresses[0].range",
		"/condition/request_ip/in":       "addresses",
	} {
		if got := f.Locate(forUser(t), []policy.Fault{{Pointer: pointer, Message: "m"}}); len(got) != 1 || got[0].Field != want {
			t.Errorf("%s leads to %+v, want %q", pointer, got, want)
		}
	}
}

func TestSubmittedFormComesBackAsItWasTyped(t *testing.T) {
	f := Form{Name: " <x> \x01", Template: "t", Status: "?", TimeZone: "Mars", RateLimit: RateLimit{"a", "b"},
		NotBefore: When{"at", "soon"}, ExpiresOn: When{"30d", ""},
		Permissions: []Permission{{"dns_and_zones", "dns", ""}, {}, {"", "nope", "x"}},
		Resources:   []Resource{{Effect: "maybe", Kind: "moon", AccountID: "acc", ZoneID: "zone", ID: "9", InID: "x y"}, {}},
		Addresses:   []Address{{"", "no address"}, {IsNotIn, ""}}}
	back, err := Decode(f.Encode())
	if err != nil || !reflect.DeepEqual(back, f) {
		t.Errorf("%+v\nbecame\n%+v, %v", f, back, err)
	}
}

func TestRowsAreBoundedAndGapsClosed(t *testing.T) {
	v := url.Values{}
	for _, n := range []string{"7", "2", "02", "-1", "x", "99999", ""} {
		v.Set("addresses["+n+"].range", "row "+n)
	}
	f, err := Decode(v)
	if want := []Address{{"", "row 2"}, {"", "row 7"}}; err != nil || !slices.Equal(f.Addresses, want) {
		t.Errorf("%+v, %v", f.Addresses, err)
	}
	for i := range MaxResources + 5 {
		v.Set(fmt.Sprintf("resources[%d].kind", i), AllZones)
	}
	v.Set("name", strings.Repeat("é", maxText))
	f, err = Decode(v)
	if err == nil || len(f.Resources) != MaxResources || len(f.Name) != maxText {
		t.Errorf("%d rows, a name of %d bytes, %v", len(f.Resources), len(f.Name), err)
	}
}

func TestButtonsChangeRowsWithoutScript(t *testing.T) {
	start := Form{Permissions: give("dns read,zone read,cache purge"), Addresses: []Address{{}}}
	client := netip.MustParseAddr("::ffff:203.0.113.7")
	for button, want := range map[string]string{
		"add-permission":      "dns zone cache - | 0 | ",
		"remove-permission-1": "dns cache | 0 | ",
		"remove-permission-9": "dns zone cache | 0 | ",
		"add-resource":        "dns zone cache | 1 | ",
		"add-address":         "dns zone cache | 0 |  ",
		"remove-address-0":    "dns zone cache | 0 |",
		"use-address":         "dns zone cache | 0 | 203.0.113.7",
	} {
		v := start.Encode()
		v.Set(button, "1")
		f, _ := Decode(v)
		if !f.Press(v, client) {
			t.Errorf("%s is no button", button)
		}
		got := ""
		for _, p := range f.Permissions {
			if p.Group == "" {
				p.Group = "-"
			}
			got += p.Group + " "
		}
		got += fmt.Sprintf("| %d |", len(f.Resources))
		for _, a := range f.Addresses {
			got += " " + a.Range
		}
		if got != want {
			t.Errorf("%s: %q, want %q", button, got, want)
		}
	}
	v := start.Encode()
	v.Set("continue", "1")
	v.Set("remove-everything-1", "1")
	if f := start; f.Press(v, client) {
		t.Error("a button that changes no rows was taken for one")
	}
}

// TestRemovingARowGoesByTheNumberThatWasSubmitted: with script, rows taken away
// leave gaps.
func TestRemovingARowGoesByTheNumberThatWasSubmitted(t *testing.T) {
	v := url.Values{"permissions[1].group": {"dns"}, "permissions[4].group": {"zone"}, "remove-permission-4": {""}}
	f, _ := Decode(v)
	if f.Press(v, netip.Addr{}); len(f.Permissions) != 1 || f.Permissions[0].Group != "dns" {
		t.Errorf("%+v", f.Permissions)
	}
}

func TestDatesAreReadInTheFormsZone(t *testing.T) {
	for _, row := range []struct{ preset, at, zone, want string }{
		{"", "", "", "0001-01-01T00:00:00Z"},
		{NoDate, "2027-03-01", "", "0001-01-01T00:00:00Z"},
		{"", "2027-03-01T00:00", "", "2027-03-01T00:00:00Z"},
		{AtDate, "2027-03-01", "Europe/Berlin", "2027-02-28T23:00:00Z"},
		{AtDate, "2027-07-01 12:30", "Europe/Berlin", "2027-07-01T10:30:00Z"},
		{AtDate, "2027-03-01T00:00:01.5", "", "2027-03-01T00:00:01.5Z"},
		{"30d", "", "", "2026-12-22T10:00:00Z"},
		{"1y", "", "Europe/Berlin", "2027-11-22T10:00:00Z"},
	} {
		f := Form{Name: "x", Permissions: give("dns edit"), Resources: []Resource{{Kind: AllZones}}, ExpiresOn: When{row.preset, row.at}, TimeZone: row.zone}
		d, faults := f.Draft(forUser(t))
		if got := d.ExpiresOn.Format("2006-01-02T15:04:05.999999999Z07:00"); got != row.want || len(faults) > 0 {
			t.Errorf("%+v is %s, %v", row, got, faults)
		}
	}
}

func TestEndThatPassedMayStayWhileATokenIsEdited(t *testing.T) {
	b := forUser(t)
	end := now.AddDate(-1, 0, 0)
	b.Before = &authority.Token{Status: authority.StatusActive, ExpiresOn: end,
		Policies: []policy.Policy{{ID: spelled("e1"), Effect: policy.Allow, Groups: []string{id(b, "dns edit")}, Resources: []policy.Resource{{Key: catalog.KindZone + ".*"}}}}}
	f, ok, why := FromToken(b, b.Before)
	f.Name = "renamed"
	if _, faults := f.Draft(b); !ok || len(faults) > 0 {
		t.Errorf("%s %v", why, faults)
	}
}
