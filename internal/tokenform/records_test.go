package tokenform

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

func randomRecordRow(r *rand.Rand, b Basis, account string) Resource {
	row := Resource{Types: pick(r, "A", "A AAAA", "TXT", EveryType), Name: pick(r, "*", "www.shop.example", "_acme-challenge.*", "*.shop.example")}
	if row.Kind = pick(r, ZoneRecords, AccountRecords); row.Kind == ZoneRecords {
		row.ZoneID = pick(r, shop, blog)
	} else if !b.forAccount() {
		row.AccountID = account
	}
	return row
}

// randomRecords are rows of records that go with the form's permissions, and
// whether these need no row for zones: where records are included and nothing else
// acts on zones. Rows have names of their own, so that none becomes one with another.
func randomRecords(r *rand.Rand, b Basis, f *Form) (rows []Resource, only bool) {
	held, rest := false, false
	for _, p := range f.Permissions {
		family, _ := b.Picker.Family(p.Group)
		l, _ := family.Level(p.Level)
		held = held || l.OnRecords()
		rest = rest || l.Group.Scope == catalog.KindZone && !l.OnRecords()
	}
	if !held {
		return nil, false
	}
	include := r.IntN(2) == 0
	for i := range 1 + r.IntN(3) {
		row := randomRecordRow(r, b, acme)
		row.Name = strings.Replace(row.Name, "shop", pick(r, "shop", "blog")+string(rune('a'+i)), 1)
		row.Effect = pick(r, Include, Exclude)
		if i == 0 && include {
			row.Effect = Include
		} else if !include {
			row.Effect = Exclude
		}
		if !slices.ContainsFunc(rows, func(o Resource) bool { return o.Name == row.Name }) {
			rows = append(rows, row)
		}
	}
	if include && rest { // more than what goes without saying
		rows = append(rows, Resource{Effect: Include, Kind: OneZone, ZoneID: docs})
	}
	return rows, include && !rest
}

func recordPaths(r *rand.Rand, v *policy.Vocabulary, account policy.Ref) []policy.Path {
	var out []policy.Path
	for range 3 {
		name := pick(r, "www.shop.example", "_acme-challenge.shop.example", "www.shopa.example", "x.blogb.example")
		record, ok := v.Record(v.Kind(catalog.KindRecord), pick(r, "A", "TXT", "MX"), name)
		if !ok {
			panic(name)
		}
		out = append(out, policy.NewPath(record, policy.MakeRef(v.Kind(catalog.KindZone), pick(r, shop, blog)), account))
	}
	return out
}

const acmeRecord = ">com.tokenward.dns.record.TXT:_acme-challenge.*"

// onRecord is a form that is held to records by one row.
func onRecord(permissions string, r Resource) Form {
	return Form{Name: "x", Permissions: give(permissions), Resources: []Resource{r}}
}

func TestRowsOfRecordsHoldDNSAndZoneReadAlone(t *testing.T) {
	row := Resource{Kind: ZoneRecords, ZoneID: shop, Types: "txt", Name: " _ACME-challenge.* "}
	inAccount := Resource{Kind: AccountRecords, AccountID: acme, Types: "TXT", Name: "_acme-challenge.*"}
	user, account := forUser(t), forAccount(t)
	for _, tt := range []struct {
		b    Basis
		f    Form
		want []policy.Policy
	}{
		{user, onRecord("dns edit", row), []policy.Policy{say(user, policy.Allow, "dns edit", "zone/"+shop+acmeRecord)}},
		{user, onRecord("dns edit, zone read", row), []policy.Policy{
			say(user, policy.Allow, "zone read", "zone/"+shop), say(user, policy.Allow, "dns edit", "zone/"+shop+acmeRecord)}},
		{user, onRecord("dns edit, zone read", inAccount), []policy.Policy{
			say(user, policy.Allow, "zone read", "account/"+acme+">zone/*"), say(user, policy.Allow, "dns edit", "account/"+acme+acmeRecord)}},
		{account, onRecord("dns edit, zone read", row), []policy.Policy{
			say(user, policy.Allow, "zone read", "account/"+acme+">zone/"+shop), say(user, policy.Allow, "dns edit", "zone/"+shop+acmeRecord)}},
		{account, onRecord("dns edit", inAccount), []policy.Policy{say(user, policy.Allow, "dns edit", "account/"+acme+acmeRecord)}},
	} {
		d, faults := tt.f.Draft(tt.b)
		if len(faults) > 0 || !samePolicies(d.Policies, tt.want) {
			t.Errorf("%+v: %v\n%v\nwant\n%v", tt.f, faults, d.Policies, tt.want)
		}
		if back, ok, why := FromDraft(tt.b, &d); !ok || len(back.Resources) != 1 || back.Resources[0].Name != "_acme-challenge.*" || back.Resources[0].Types != "TXT" {
			t.Errorf("it comes back as %+v: %s", back.Resources, why)
		}
	}
}

func samePolicies(a, b []policy.Policy) bool {
	return slices.EqualFunc(a, b, func(x, y policy.Policy) bool {
		return x.Effect == y.Effect && slices.Equal(x.Groups, y.Groups) && slices.EqualFunc(x.Resources, y.Resources, func(x, y policy.Resource) bool {
			return x.Key == y.Key && slices.Equal(x.Nested, y.Nested)
		})
	})
}

// TestRowsOfRecordsAreBounded before anything is made of them.
func TestRowsOfRecordsAreBounded(t *testing.T) {
	b := forUser(t)
	f := Form{Name: "x", Permissions: give("dns edit")}
	for i := range MaxResources {
		f.Resources = append(f.Resources, Resource{Kind: ZoneRecords, ZoneID: shop, Types: strings.Join(b.Picker.RecordTypes(), " "), Name: fmt.Sprintf("n%d.shop.example", i)})
	}
	d, faults := f.Draft(b)
	if len(faults) == 0 || !strings.Contains(faults[0].Message, "each type counted") || len(d.Policies[0].Resources[0].Nested) > maxRecords {
		t.Errorf("%d faults", len(faults))
	}
}

func TestFaultsOfRecordsStandBesideTheirInputs(t *testing.T) {
	b := forUser(t)
	row := func(types, name string) Resource {
		return Resource{Kind: ZoneRecords, ZoneID: shop, Types: types, Name: name}
	}
	for _, tt := range []struct {
		f              Form
		field, message string
	}{
		{onRecord("dns edit", row("", "*")), "resources[0].types", "Choose at least one type."},
		{onRecord("dns edit", row("A TEXT", "*")), "resources[0].types", "There are no records of the type TEXT."},
		{onRecord("dns edit", row("A", "")), "resources[0].name", "Write the complete name of the records, such as www.example.com, or * for every name."},
		{onRecord("dns edit", row("A", "home")), "resources[0].name", "Write the complete name, with the zone's: home.example.com."},
		{onRecord("dns edit", row("A", "a.*.example.com")), "resources[0].name", "* must be the whole first or the whole last label."},
		{onRecord("dns edit", row("A", "m\u00fcnchen.example.com")), "resources[0].name", "The name must be in Punycode (xn--...)"},
		{onRecord("dns edit", row("A", strings.Repeat("a.", 120)+"example.com")), "resources[0].name", "Type and name have at most 231 characters together."},
		{onRecord("dns edit", Resource{Kind: ZoneRecords, Types: "A", Name: "home"}), "resources[0].name", "Write the complete name, with the zone's: home.example.com."},
		{onRecord("dns edit", Resource{Kind: AccountRecords, Types: "A", Name: "*"}), "resources[0].account", "Choose an account."},
		{onRecord("cache purge", row("A", "*")), "resources[0].kind", "None of the permissions can be held to records: those on DNS can."},
		{onRecord("dns edit, cache purge", row("A", "*")), "permissions[1].group", "Cache Purge cannot be held to records. Include the zones on which it is to hold."},
		{Form{Name: "x", Permissions: give("dns edit"), Resources: []Resource{row("A", "*"), {Kind: AllZones}}}, "resources[1].kind",
			"DNS Edit is held to the records of other rows, and none of the permissions acts on zones beside it."},
	} {
		_, faults := tt.f.Draft(b)
		if !slices.Contains(faults, Fault{tt.field, tt.message}) {
			t.Errorf("%+v: %q, want %s: %s", tt.f, faults, tt.field, tt.message)
		}
	}
}

func TestTokensOnRecordsThatTheFormCannotExpressSayWhy(t *testing.T) {
	b := forUser(t)
	record := say(b, policy.Allow, "dns edit", "zone/"+shop+acmeRecord)
	for want, policies := range map[string][]policy.Policy{
		"It gives DNS Read on whole zones beside what it gives on some records.": {record, say(b, policy.Allow, "dns read", "zone/"+shop)},
		"What it denies on records are not the permissions that it allows.":      {say(b, policy.Deny, "dns edit", "zone/"+shop+acmeRecord), say(b, policy.Allow, "dns read", "zone/"+shop)},
		"It gives different permissions on different records.":                   {record, say(b, policy.Allow, "dns read", "zone/"+blog+acmeRecord)},
		"It names DNS Write on resources of another kind than it acts on.":       {say(b, policy.Allow, "dns edit", "account/"+acme)},
	} {
		if _, ok, why := FromDraft(b, &authority.Draft{Policies: policies}); ok || why != want {
			t.Errorf("%v %q, want %q", ok, why, want)
		}
	}
}

func TestRecordsInPlainWords(t *testing.T) {
	b := forUser(t)
	const kind = "com.tokenward.dns.record."
	for _, tt := range []struct {
		p    policy.Policy
		want string
	}{
		{say(b, policy.Allow, "dns edit", "zone/"+shop+acmeRecord), "can read and change TXT records named _acme-challenge.* in shop.example"},
		{say(b, policy.Allow, "dns edit", "account/"+acme+acmeRecord), "can read and change TXT records named _acme-challenge.* in all zones of Acme"},
		{say(b, policy.Allow, "dns read", "zone/"+shop+">"+kind+"A:home.shop.example,"+kind+"AAAA:home.shop.example,"+kind+"MX:*"),
			"can read A and AAAA records named home.shop.example in shop.example and all MX records in shop.example"},
		{say(b, policy.Allow, "dns read", "zone/"+shop+">"+kind+"*:*"), "can read all records in shop.example"},
		{say(b, policy.Allow, "dns edit", "zone/"+blog, "zone/"+shop+acmeRecord), "can read and change DNS of blog.example and TXT records named _acme-challenge.* in shop.example"},
		{say(b, policy.Deny, "dns edit", "zone/"+shop+">"+kind+"*:www.shop.example"), "but never read or change all records named www.shop.example in shop.example"},
	} {
		var got []string
		for _, s := range Words(b, &authority.Draft{Policies: []policy.Policy{tt.p}}, names) {
			got = append(got, s.Text)
		}
		if !slices.Contains(got, tt.want) {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestWarningsOfRecords(t *testing.T) {
	b := forUser(t)
	b.Names = names
	acmeTemplate, _ := b.Picker.catalog.Template("acme-dns-01", false)
	zone := func(name string) Resource { return Resource{Kind: ZoneRecords, ZoneID: shop, Types: "TXT", Name: name} }
	for _, tt := range []struct {
		f    Form
		code string
		want bool
	}{
		{onRecord("dns edit", zone("_acme-challenge.*")), UnseenZones, true},
		{onRecord("dns edit, zone read", zone("_acme-challenge.*")), UnseenZones, false},
		{Form{Permissions: give("dns edit"), Resources: []Resource{{Kind: OneZone, ZoneID: shop}}}, UnseenZones, false},
		{onRecord("dns edit", zone("www.blog.example")), OutsideZone, true},
		{onRecord("dns edit", zone("notshop.example")), OutsideZone, true},
		{onRecord("dns edit", zone("*.blog.example")), OutsideZone, true},
		{onRecord("dns edit", zone("shop.example")), OutsideZone, false},
		{onRecord("dns edit", zone("www.shop.example")), OutsideZone, false},
		{onRecord("dns edit", zone("*.a.shop.example")), OutsideZone, false},
		{onRecord("dns edit", zone("*.example")), OutsideZone, false},
		{onRecord("dns edit", zone("*")), OutsideZone, false},
		{onRecord("dns edit", Resource{Kind: AccountRecords, AccountID: acme, Types: "TXT", Name: "*"}), EveryZone, true},
		{onRecord("dns edit, zone read", zone("_acme-challenge.*")), WiderThanTemplate, false},
		{onRecord("dns edit", Resource{Kind: ZoneRecords, ZoneID: shop, Types: "MX", Name: "*"}), WiderThanTemplate, true},
		{Form{Permissions: give("dns edit"), Resources: []Resource{{Kind: OneZone, ZoneID: shop}}}, WiderThanTemplate, true},
	} {
		d, _ := tt.f.Draft(b)
		got := slices.ContainsFunc(Warnings(b, &d, &acmeTemplate), func(w Warning) bool { return w.Code == tt.code })
		if got != tt.want {
			t.Errorf("%+v: %s is %v, want %v", tt.f.Resources, tt.code, got, tt.want)
		}
	}
}

func TestCommandSaysRecordsOrWritesThemOut(t *testing.T) {
	b := forUser(t)
	home := Resource{Kind: ZoneRecords, ZoneID: shop, Types: "A AAAA", Name: "home.shop.example"}
	other := home
	other.ZoneID = blog
	for _, tt := range []struct {
		rows []Resource
		want string
	}{
		{[]Resource{home}, "--zone " + shop + " \\\n  --record A:home.shop.example \\\n  --record AAAA:home.shop.example\n"},
		{[]Resource{home, other}, "--zone " + shop + " \\\n  --zone " + blog + " \\\n  --record A:home.shop.example"},
		{[]Resource{{Kind: AccountRecords, AccountID: acme, Types: "TXT", Name: "_acme-challenge.*"}},
			"--zone all \\\n  --account-resource " + acme + " \\\n  --record 'TXT:_acme-challenge.*'\n"},
		{[]Resource{home, {Kind: ZoneRecords, ZoneID: blog, Types: "A", Name: "*"}}, "--from-json"},
		{[]Resource{home, {Effect: Exclude, Kind: ZoneRecords, ZoneID: shop, Types: "A", Name: "*"}}, "--from-json"},
	} {
		f := Form{Name: "x", Permissions: give("dns edit, zone read"), Resources: tt.rows}
		d, faults := f.Draft(b)
		got, err := CommandCreate(b, &d)
		if err != nil || len(faults) > 0 || !strings.Contains(got, tt.want) {
			t.Errorf("%v %v\n%s\nwant %s", err, faults, got, tt.want)
		}
	}
}
