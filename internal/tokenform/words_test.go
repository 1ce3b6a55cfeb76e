package tokenform

import (
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// say is a policy in short: say(b, policy.Allow, "dns edit", "zone/shop").
func say(b Basis, e policy.Effect, groups string, keys ...string) policy.Policy {
	p := policy.Policy{Effect: e}
	for g := range strings.SplitSeq(groups, ",") {
		p.Groups = append(p.Groups, id(b, strings.TrimSpace(g)))
	}
	long := strings.NewReplacer("zone/", catalog.KindZone+".", "account/", catalog.KindAccount+".", "bucket/", catalog.KindBucket+".", "user/", catalog.KindUser+".")
	for _, key := range keys {
		outer, inner, nested := strings.Cut(long.Replace(key), ">")
		r := policy.Resource{Key: outer}
		if nested {
			r.Nested = strings.Split(inner, ",")
		}
		p.Resources = append(p.Resources, r)
	}
	return p
}

func TestPoliciesInPlainWords(t *testing.T) {
	b, of := forUser(t), forAccount(t)
	for _, row := range []struct {
		basis    Basis
		policies []policy.Policy
		want     string
	}{
		{b, nil, "can do nothing"},
		{b, []policy.Policy{say(b, policy.Allow, "dns edit", "zone/"+shop)}, "can read and change DNS of shop.example"},
		{b, []policy.Policy{say(b, policy.Allow, "dns read,zone read", "zone/"+shop, "zone/"+blog)}, "can read DNS and Zone of shop.example and blog.example"},
		{b, []policy.Policy{say(b, policy.Allow, "cache purge", "zone/*")}, "can purge Cache of all zones"},
		{b, []policy.Policy{say(b, policy.Allow, "dns edit", "account/"+acme+">"+"zone/*")}, "can read and change DNS of all zones of Acme"},
		{b, []policy.Policy{say(b, policy.Allow, "dns edit", "account/"+acme+">"+"zone/"+shop)}, "can read and change DNS of shop.example in Acme"},
		{b, []policy.Policy{say(b, policy.Allow, "dns edit", "account/*>zone/*")}, "can read and change DNS of all zones"},
		{of, []policy.Policy{say(b, policy.Allow, "dns edit", "account/*>zone/*")}, "can read and change DNS of all zones of Acme"},
		{b, []policy.Policy{say(b, policy.Allow, "dns read", "account/"+acme)}, "can read DNS of the account Acme and all its zones"},
		{b, []policy.Policy{say(b, policy.Allow, "account_settings read", "account/*")}, "can read Account Settings of all accounts"},
		{of, []policy.Policy{say(b, policy.Allow, "account_settings read", "account/*")}, "can read Account Settings of the account Acme"},
		{b, []policy.Policy{say(b, policy.Allow, "user_details read", "user/"+alice)}, "can read User Details of its user"},
		{b, []policy.Policy{say(b, policy.Allow, "dns read", "zone/"+docs)}, "can read DNS of zone c5c5c5c5…"},
		{b, []policy.Policy{say(b, policy.Allow, "workers_r2_bucket_item read", "bucket/"+acme+"_default_logs")}, "can read Workers R2 Storage Bucket Item of the R2 bucket " + acme + "_default_logs"},
		{b, []policy.Policy{say(b, policy.Allow, "dns read", "moon.one")}, "can read DNS of moon.one"},
		{b, []policy.Policy{{Effect: policy.Allow, Groups: []string{spelled("ee")}, Resources: []policy.Resource{{Key: catalog.KindZone + ".*"}}}},
			"can use the unknown permission eeeeeeee… of all zones"},
		{b, []policy.Policy{say(b, policy.Allow, "teams_dex other,zone_access revoke", "account/"+acme)},
			"can use Cloudflare DEX of the account Acme; can revoke Access: Apps and Policies of the account Acme and all its zones"},

		{b, []policy.Policy{say(b, policy.Allow, "dns edit", "zone/*"), say(b, policy.Deny, "dns edit", "zone/"+shop)},
			"can read and change DNS of all zones; but never read or change DNS of shop.example"},
		{b, []policy.Policy{say(b, policy.Allow, "dns edit,dns read", "zone/*"), say(b, policy.Deny, "dns edit", "zone/"+shop)},
			"can read and change DNS of all zones; but never change DNS of shop.example"},
		{b, []policy.Policy{say(b, policy.Allow, "dns edit,dns read", "zone/*"), say(b, policy.Deny, "dns read", "zone/"+shop)},
			"can read and change DNS of all zones; but never use DNS Read of shop.example"},
		{b, []policy.Policy{say(b, policy.Deny, "dns read", "zone/*")}, "can do nothing; but never read DNS of all zones"},
	} {
		var got []string
		for _, s := range Words(row.basis, &authority.Draft{Policies: row.policies}, names) {
			if s.Kind == Can || s.Kind == Never {
				got = append(got, s.Text)
			}
		}
		if s := strings.Join(got, "; "); s != row.want {
			t.Errorf("%s\nwant\n%s", s, row.want)
		}
	}
}

func TestLongListsAreCutShortAndKeptInFull(t *testing.T) {
	b := forUser(t)
	p := say(b, policy.Allow, "dns read")
	for i := range 9 {
		p.Resources = append(p.Resources, policy.Resource{Key: catalog.KindZone + "." + spelled("0"+string(rune('1'+i)))})
	}
	s := Words(b, &authority.Draft{Policies: []policy.Policy{p}}, nil)[0]
	if !strings.HasSuffix(s.Text, "zone 04040404… and 5 more") || !strings.HasSuffix(s.Full, "and zone 09090909…") {
		t.Errorf("%+v", s)
	}
}

func TestLimitsInPlainWords(t *testing.T) {
	b := forUser(t)
	march := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	for want, d := range map[string]authority.Draft{
		"from any address; without an end": {},
		"from 203.0.113.0/24 but not from 203.0.113.7; until 1 March 2027 (UTC)": {ExpiresOn: march,
			Condition: policy.Condition{In: []string{"203.0.113.0/24"}, NotIn: []string{"203.0.113.7/32"}}},
		"from any address but not from 2001:db8::1; from 1 March 2027, 14:30 (UTC) on, without an end": {NotBefore: march.Add(14*time.Hour + 30*time.Minute),
			Condition: policy.Condition{NotIn: []string{"2001:db8::1/128"}}},
		"from no address at all; from 1 March 2027 (UTC) until 2 March 2027 (UTC); is switched off": {NotBefore: march, ExpiresOn: march.AddDate(0, 0, 1),
			Condition: policy.Condition{In: []string{}}, Status: authority.StatusDisabled},
		"from any address; without an end; can make at most 100 requests in 60 seconds": {RateLimit: &authority.RateLimit{Requests: 100, Period: 60}},
	} {
		var got []string
		for _, s := range Words(b, &d, names)[1:] {
			got = append(got, s.Text)
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%s\nwant\n%s", s, want)
		}
	}
	b.TimeZone = "Europe/Berlin"
	if got := dateWords(&authority.Draft{ExpiresOn: march}, b.TimeZone).Text; got != "until 1 March 2027, 01:00 (Europe/Berlin)" {
		t.Error(got)
	}
}

func TestCellsOfTheTokenTable(t *testing.T) {
	b := forUser(t)
	policies := []policy.Policy{
		say(b, policy.Allow, "dns edit,zone read,cache purge", "zone/"+shop, "zone/"+blog),
		say(b, policy.Allow, "account_settings read", "account/"+acme),
	}
	if got := b.Picker.Permissions(policies, 2); got != "Account Settings Read, Cache Purge +2 more" {
		t.Error(got)
	}
	if got := Resources(b, policies, names, 1); got != "blog.example +2 more" {
		t.Error(got)
	}
	policies = append(policies, say(b, policy.Deny, "dns edit", "zone/"+docs))
	if got := Resources(b, policies, names, 9); got != "blog.example, shop.example, the account Acme, with exceptions" {
		t.Error(got)
	}
	accounts, zones := IDs(policies...)
	if strings.Join(accounts, " ") != acme || strings.Join(zones, " ") != shop+" "+blog+" "+docs {
		t.Error(accounts, zones)
	}
}

func TestWarnings(t *testing.T) {
	user, account := forUser(t), forAccount(t)
	zone := []Resource{{Kind: OneZone, ZoneID: shop}}
	calm := Form{Name: "x", Permissions: give("dns edit"), Resources: zone, Addresses: []Address{{IsIn, "203.0.113.7"}}, ExpiresOn: When{Preset: "1y"}}
	with := func(change func(*Form)) Form {
		f := calm
		change(&f)
		return f
	}
	for _, row := range []struct {
		basis Basis
		form  Form
		want  string
	}{
		{user, calm, ""},
		{user, with(func(f *Form) { f.ExpiresOn = When{} }), NoExpiry},
		{user, with(func(f *Form) { f.ExpiresOn = When{Preset: "2y"} }), FarExpiry},
		{user, with(func(f *Form) { f.NotBefore = When{Preset: "2y"} }), StartAfterEnd},
		{user, with(func(f *Form) { f.Addresses = nil }), NoAddressFilter},
		{user, with(func(f *Form) { f.Addresses = []Address{{IsNotIn, "203.0.113.7"}} }), NoAddressFilter},
		{user, with(func(f *Form) { f.Resources = []Resource{{Kind: AllZones}} }), EveryZone},
		{account, with(func(f *Form) { f.Resources = []Resource{{Kind: AllZones}} }), EveryZone},
		{user, with(func(f *Form) {
			f.Permissions, f.Resources = give("account_settings read"), []Resource{{Kind: AllAccounts}}
		}), EveryAccount + " " + WiderThanTemplate},
		{account, with(func(f *Form) { f.Permissions, f.Resources = give("account_api_tokens edit"), nil }), CreatesTokens + " " + WiderThanTemplate},
		{user, with(func(f *Form) { f.Permissions, f.Resources = give("api_tokens edit"), nil }), CreatesTokens + " " + WiderThanTemplate},
		{user, with(func(f *Form) { f.Permissions = give("dns edit,zone read") }), WiderThanTemplate},
		{user, with(func(f *Form) { f.Resources = append(zone, Resource{Effect: Exclude, Kind: AllZones}) }), NothingLeft},
	} {
		tpl, _ := row.basis.Picker.catalog.Template("edit-zone-dns", row.basis.forAccount())
		d, _ := row.form.Draft(row.basis)
		got := map[string]bool{}
		for _, w := range Warnings(row.basis, &d, &tpl) {
			if got[w.Code] = true; w.Field == "" || !strings.HasSuffix(w.Message, ".") {
				t.Errorf("%+v", w)
			}
		}
		for code := range strings.FieldsSeq(row.want) {
			if !got[code] {
				t.Errorf("%s is missing in %v", code, got)
			}
			delete(got, code)
		}
		if len(got) > 0 {
			t.Errorf("%v beside %q", got, row.want)
		}
	}
}
