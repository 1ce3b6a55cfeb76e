package tokenform

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// randomForm is a form without faults, as FromDraft writes it: see normal.
func randomForm(r *rand.Rand, b Basis) Form {
	f := Form{Name: "x", Status: pick(r, "", "active", "disabled"), TimeZone: b.TimeZone,
		NotBefore: pick(r, When{Preset: NoDate}, When{AtDate, "2026-12-01T08:30"}),
		ExpiresOn: pick(r, When{Preset: NoDate}, When{AtDate, "2027-03-01T00:00:30"}),
		RateLimit: pick(r, RateLimit{}, RateLimit{"100", "60"}),
	}
	has := map[class]bool{}
	for range 1 + r.IntN(5) {
		p := give(pick(r, permissionsOf(b)...))[0]
		family, _ := b.Picker.Family(p.Group)
		l, _ := family.Level(p.Level)
		if c, _ := b.Picker.classOf(l.Group.Scope); c != onUser || !b.forAccount() {
			p.Category = family.Category
			f.Permissions, has[c] = append(f.Permissions, p), true
		}
	}
	if len(f.Permissions) == 0 {
		return randomForm(r, b)
	}
	onlyRecords := false
	if has[onZones] && r.IntN(3) == 0 {
		f.Resources, onlyRecords = randomRecords(r, b, &f)
	}
	for c := range classes {
		if !has[c] || c == onUser || c == onZones && onlyRecords {
			continue
		}
		for i := range 1 + r.IntN(3) {
			row := randomRow(r, b, c)
			row.Effect = pick(r, Include, Exclude)
			if i == 0 {
				row.Effect = Include
			}
			f.Resources = append(f.Resources, row)
		}
	}
	for range r.IntN(3) {
		f.Addresses = append(f.Addresses, Address{pick(r, IsIn, IsNotIn), pick(r, "203.0.113.0/24", "203.0.113.7/32", "2001:db8::/32")})
	}
	return f
}

func randomRow(r *rand.Rand, b Basis, c class) Resource {
	account := pick(r, acme, rival)
	if b.forAccount() {
		account = acme
	}
	if c == onAccounts {
		return pick(r, Resource{Kind: AllAccounts}, Resource{Kind: OneAccount, AccountID: account})
	}
	if c == onRecords {
		return randomRecordRow(r, b, account)
	}
	if c != onZones {
		return randomCustomRow(r, b, c, account)
	}
	zone := pick(r, shop, blog, docs)
	return pick(r, Resource{Kind: AllZones}, Resource{Kind: ZonesOfAccount, AccountID: account},
		Resource{Kind: OneZone, ZoneID: zone}, Resource{Kind: OneZone, ZoneID: zone, AccountID: account})
}

// normal is the form in the order and the spelling of FromDraft.
func normal(b Basis, f Form) Form {
	f.Permissions, f.Resources, f.Addresses = slices.Clone(f.Permissions), slices.Clone(f.Resources), slices.Clone(f.Addresses)
	classOfRow := func(p Permission) class {
		family, _ := b.Picker.Family(p.Group)
		c, _ := b.Picker.classOf(family.Levels[0].Group.Scope)
		if l, _ := family.Level(p.Level); l.OnRecords() && slices.ContainsFunc(f.Resources, func(r Resource) bool { return RecordRow(r) && r.Effect == Include }) {
			return onRecords
		}
		return c
	}
	// Groups of one policy come in the order of the catalogue.
	slices.SortStableFunc(f.Permissions, func(x, y Permission) int {
		a, _ := b.Picker.catalog.Vocabulary().Group(id(b, x.Group+" "+x.Level))
		c, _ := b.Picker.catalog.Vocabulary().Group(id(b, y.Group+" "+y.Level))
		return cmp.Or(cmp.Compare(classOfRow(x), classOfRow(y)), cmp.Compare(a, c))
	})
	f.Permissions = slices.Compact(f.Permissions)
	f.Resources = slices.DeleteFunc(f.Resources, func(r Resource) bool {
		c, _ := b.Picker.rowClass(r)
		return b.forAccount() && c == onAccounts && r.Effect == Include // goes without saying
	})
	for i, r := range f.Resources {
		switch {
		case b.forAccount() && r.Kind == AllAccounts:
			f.Resources[i].Kind, f.Resources[i].AccountID = OneAccount, acme
		case b.forAccount() && r.Kind == ZonesOfAccount:
			f.Resources[i].Kind, f.Resources[i].AccountID = AllZones, ""
		}
		if c, ok := b.Picker.customRow(r.Kind); ok && b.forAccount() && c.what != oneOf && c.inAccount {
			c.inAccount = false
			f.Resources[i].Kind, f.Resources[i].AccountID = c.String(), ""
		}
	}
	all := slices.Clone(f.Resources)
	f.Resources = slices.DeleteFunc(f.Resources, func(r Resource) bool {
		return slices.ContainsFunc(all, func(whole Resource) bool { return swallows(b, whole, r) })
	})
	slices.SortFunc(f.Resources, func(x, y Resource) int {
		a, _ := b.Picker.rowClass(x)
		c, _ := b.Picker.rowClass(y)
		return cmp.Or(cmp.Compare(y.Effect, x.Effect), cmp.Compare(a, c), compareRows(x, y)) // "include" before "exclude"
	})
	f.Resources = slices.Compact(f.Resources)
	slices.SortStableFunc(f.Addresses, func(x, y Address) int { return cmp.Compare(x.Is, y.Is) })
	if len(f.Resources) == 0 {
		f.Resources = nil
	}
	return f
}

// TestFormComesBackFromItsDraft: Form -> Draft -> Form changes nothing but order.
func TestFormComesBackFromItsDraft(t *testing.T) {
	for _, b := range bases(t) {
		r := rand.New(rand.NewPCG(1, 2))
		for range 1000 {
			b.TimeZone = pick(r, "", "Europe/Berlin", "America/St_Johns")
			f := randomForm(r, b)
			d, faults := f.Draft(b)
			if len(faults) > 0 {
				t.Fatalf("%+v: %v", f, faults)
			}
			back, ok, why := FromDraft(b, &d)
			if !ok || !reflect.DeepEqual(normal(b, f), back) {
				t.Fatalf("%+v\nbecame\n%+v\n%s", normal(b, f), back, why)
			}
		}
	}
}

// TestDraftThatTheFormExpressesKeepsItsMeaning: Draft -> Form -> Draft, for
// policies of any shape.
func TestDraftThatTheFormExpressesKeepsItsMeaning(t *testing.T) {
	for _, b := range bases(t) {
		r := rand.New(rand.NewPCG(3, 4))
		expressed, refused := 0, 0
		for range 4000 {
			d := randomDraft(r, b)
			f, ok, why := FromDraft(b, &d)
			if !ok {
				if why == "" {
					t.Fatalf("refused without a reason: %+v", d)
				}
				refused++
				continue
			}
			expressed++
			again, faults := f.Draft(b)
			if len(faults) > 0 {
				t.Fatalf("%+v\nbecame\n%+v\n%v", d, f, faults)
			}
			sameMeaning(t, r, b, &d, &again)
		}
		if expressed < 200 || refused < 200 {
			t.Errorf("%d drafts were expressed and %d were not: the test shows too little", expressed, refused)
		}
	}
}

// randomDraft has policies like those that clients write: often a form's, with
// policies split, merged or out of shape.
func randomDraft(r *rand.Rand, b Basis) authority.Draft {
	d := authority.Draft{Name: "x", NotBefore: pick(r, time.Time{}, now.Add(12345678*time.Microsecond)), ExpiresOn: pick(r, time.Time{}, now.AddDate(0, 1, 0))}
	if r.IntN(3) == 0 {
		d.Condition = policy.Condition{In: pick(r, nil, []string{}, []string{"203.0.113.0/24"}), NotIn: pick(r, nil, []string{"203.0.113.7/32"})}
	}
	for range 1 + r.IntN(3) {
		p := policy.Policy{Effect: pick(r, policy.Allow, policy.Allow, policy.Deny)}
		scope := pick(r, scopesOf(b)...)
		for _, text := range permissionsOf(b) {
			l := b.Picker.Level(id(b, text))
			if (l.Group.Scope == scope || r.IntN(8) == 0 && b.Picker.kinds[l.Group.Scope] != nil && b.Picker.kinds[scope] != nil) && r.IntN(3) == 0 {
				p.Groups = append(p.Groups, l.Group.ID)
			}
		}
		p.Resources = []policy.Resource{randomResource(r, b, scope)}
		d.Policies = append(d.Policies, p)
	}
	// Only drafts without faults have a meaning that could be kept.
	if _, faults := authority.CheckDraft(b.Picker.catalog, &d, b.Owner, nil, b.Now); len(faults) > 0 {
		return randomDraft(r, b)
	}
	return d
}

func randomResource(r *rand.Rand, b Basis, scope string) policy.Resource {
	account := catalog.KindAccount + "." + pick(r, acme, "*")
	zone := catalog.KindZone + "." + pick(r, shop, blog, "*")
	switch scope {
	case catalog.KindUser:
		return policy.Resource{Key: catalog.KindUser + "." + alice}
	case catalog.KindAccount:
		return policy.Resource{Key: account}
	}
	if k := b.Picker.kinds[scope]; k != nil {
		return randomCustomResource(r, account, k)
	}
	if r.IntN(4) == 0 {
		return policy.Resource{
			Key:    pick(r, catalog.KindZone+"."+shop, catalog.KindZone+"."+blog, catalog.KindAccount+"."+acme),
			Nested: []string{catalog.KindRecord + "." + pick(r, "A:*", "*:*", "TXT:_acme-challenge.*", "A:www.shop.example")},
		}
	}
	return pick(r, policy.Resource{Key: zone}, policy.Resource{Key: account, Nested: []string{zone}}, policy.Resource{Key: account})
}

func TestTokensThatTheFormCannotExpressSayWhy(t *testing.T) {
	b := forUser(t)
	dns, zoneRead, settings := id(b, "dns edit"), id(b, "zone read"), id(b, "account_settings read")
	zone := func(id string) []policy.Resource { return []policy.Resource{{Key: catalog.KindZone + "." + id}} }
	account := []policy.Resource{{Key: catalog.KindAccount + "." + acme}}
	for want, d := range map[string]authority.Draft{
		"It has no permissions.": {},
		"It gives different permissions on different zones.": {Policies: []policy.Policy{
			{Effect: policy.Allow, Groups: []string{dns}, Resources: zone(shop)}, {Effect: policy.Allow, Groups: []string{zoneRead}, Resources: zone(blog)}}},
		"It denies permissions on accounts and allows none.": {Policies: []policy.Policy{{Groups: []string{settings}, Resources: account}}},
		"What it denies on zones are not the permissions that it allows.": {Policies: []policy.Policy{
			{Effect: policy.Allow, Groups: []string{dns, zoneRead}, Resources: zone("*")}, {Groups: []string{dns}, Resources: zone(shop)}}},
		"It names DNS Write on resources of another kind than it acts on.": {Policies: []policy.Policy{{Effect: policy.Allow, Groups: []string{dns}, Resources: account}}},
		"It names resources that are neither accounts nor zones.": {Policies: []policy.Policy{{Effect: policy.Allow,
			Groups: []string{id(b, "workers_r2_bucket_item edit")}, Resources: []policy.Resource{{Key: catalog.KindBucket + "." + acme + "_default_logs"}}}}},
		"Its list of addresses is empty, so that it can be used from nowhere.": {Condition: policy.Condition{In: []string{}}},
	} {
		if _, ok, why := FromDraft(b, &d); ok || why != want {
			t.Errorf("%v %q, want %q", ok, why, want)
		}
	}
}

// TestHourThatComesTwiceIsNotMoved: 02:30 of a night in autumn is two moments in
// Berlin; the form then shows both dates in UTC.
func TestHourThatComesTwiceIsNotMoved(t *testing.T) {
	b := forUser(t)
	b.TimeZone = "Europe/Berlin"
	for _, hour := range []int{0, 1} {
		f := Form{Name: "x", Permissions: give("dns edit"), Resources: []Resource{{Kind: AllZones}}}
		d, _ := f.Draft(b)
		d.ExpiresOn = time.Date(2027, 10, 31, hour, 30, 0, 0, time.UTC)
		back, ok, _ := FromDraft(b, &d)
		again, _ := back.Draft(b)
		if !ok || !again.ExpiresOn.Equal(d.ExpiresOn) {
			t.Errorf("%s became %s in %q", d.ExpiresOn, again.ExpiresOn, back.TimeZone)
		}
	}
}

func TestEveryTemplateIsAFormAndMeansWhatItFills(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, b := range bases(t)[:2] {
		for _, tpl := range b.Picker.catalog.Templates(b.forAccount()) {
			f := FromTemplate(b, &tpl)
			for i := range f.Resources {
				if f.Resources[i].Kind == OneZone {
					f.Resources[i].ZoneID = shop
					if b.forAccount() {
						f.Resources[i].AccountID = acme
					}
				}
				if f.Resources[i].Kind == ZoneRecords {
					f.Resources[i].ZoneID = shop
				}
				if RecordRow(f.Resources[i]) && f.Resources[i].Name == "" {
					f.Resources[i].Name = "home.shop.example"
				}
				if f.Resources[i].Kind == OneAccount {
					f.Resources[i].AccountID = acme
				}
			}
			d, faults := f.Draft(b)
			if len(faults) > 0 {
				t.Errorf("%s: %v", tpl.Key, faults)
				continue
			}
			ch := catalog.Choices{Owner: b.Owner.ID}
			if tpl.Accounts == catalog.Choose {
				ch.Accounts = []string{acme}
			}
			if tpl.Zones == catalog.Choose {
				ch.Zones = []string{shop}
			}
			if tpl.Records.Types != nil && tpl.Records.Name == "" {
				ch.Names = []string{"home.shop.example"}
			}
			policies, err := tpl.Fill(ch)
			if err != nil {
				t.Fatal(err)
			}
			filled := d
			filled.Policies = policies
			sameMeaning(t, r, b, &filled, &d)
		}
	}
}

func TestTemplateURLFillsTheForm(t *testing.T) {
	b := forUser(t)
	for query, want := range map[string][]Resource{
		"accountId=*&zoneId=all":            {{Effect: Include, Kind: AllZones}},
		"accountId=" + acme + "&zoneId=all": {{Effect: Include, Kind: ZonesOfAccount, AccountID: acme}},
		"accountId=*&zoneId=" + shop:        {{Effect: Include, Kind: OneZone, ZoneID: shop}},
	} {
		q := mustQuery(t, `permissionGroupKeys=[{"key":"dns","type":"edit"},{"key":"cache","type":"purge"}]&name=bot&`+query)
		f, tpl, err := FromTemplateURL(b, q)
		if err != nil || f.Name != "bot" || !slices.Equal(f.Resources, want) || len(tpl.Groups) != 2 {
			t.Errorf("%s: %+v, %v", query, f, err)
			continue
		}
		if p := f.Permissions; len(p) != 2 || p[0].Group+" "+p[0].Level != "dns edit" || p[1].Group+" "+p[1].Level != "cache purge" {
			t.Errorf("%s: %+v", query, p)
		}
		if d, faults := f.Draft(b); len(faults) > 0 || !d.ExpiresOn.Equal(now.AddDate(0, 0, 90)) {
			t.Errorf("%s: %v", query, faults)
		}
	}
	if _, _, err := FromTemplateURL(b, mustQuery(t, "name=x")); err == nil {
		t.Error("a URL without permissions was taken")
	}
}
