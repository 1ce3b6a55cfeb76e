package tokenform

import (
	"slices"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// Warning is something about a draft that is allowed and may be a mistake.
type Warning struct {
	Code    string
	Message string // a sentence
	Field   string // the input, or the list of rows, that would change it
}

// Codes of warnings.
const (
	NoExpiry          = "no_expiry"
	FarExpiry         = "far_expiry"          // more than a year ahead
	StartAfterEnd     = "start_after_end"     // it is never valid
	EveryZone         = "all_zones"           //
	EveryAccount      = "all_accounts"        //
	NoAddressFilter   = "no_address_filter"   //
	NoAddress         = "no_address"          // the filter lets nobody pass
	WiderThanTemplate = "wider_than_template" //
	CreatesTokens     = "creates_tokens"      //
	EveryResource     = "all_resources"       // of a kind of a custom catalogue
	OnlyAccounts      = "only_accounts"       // a custom API that takes no user's token
	NothingLeft       = "nothing_left"        // what is denied is all that was allowed
	UnseenZones       = "unseen_zones"        // records of zones that clients cannot find by name
	OutsideZone       = "outside_zone"        // names that are in none of the zones
)

// Warnings says what is worth a second look, in the order of the form. t is the
// template that the form started from, nil without one.
func Warnings(b Basis, d *authority.Draft, t *catalog.Template) []Warning {
	var out []Warning
	warn := func(holds bool, code, field, message string) {
		if holds {
			out = append(out, Warning{code, message, field})
		}
	}
	extra := append(b.beyond(d, t), b.beyondRecords(d, t)...)
	warn(len(extra) > 0, WiderThanTemplate, permissions, "It can do more than the template it came from: "+list(extra, maxSubjects)+".")
	warn(b.createsTokens(d), CreatesTokens, permissions, "It can create other tokens, so whoever has it can stay after it is revoked.")
	warn(b.nothingLeft(d), NothingLeft, resources, "What is excluded is all that was included: it can do nothing.")
	warn(!b.forAccount() && allows(d, catalog.KindAccount), EveryAccount, resources, "It reaches all accounts, also those that its user joins later.")
	warn(allows(d, catalog.KindZone) || b.everyAccountsZone(d), EveryZone, resources, "It reaches all zones, of all accounts or of one, also those that are added later.")
	warn(b.unseenZones(d), UnseenZones, permissions, "It cannot look up the zone of its records, which most clients do first: Zone Read lets them.")
	foreign := b.outside(d)
	warn(len(foreign) > 0, OutsideZone, resources, "These names are not in the zone beside them, so that nothing can be done with them: "+list(foreign, maxSubjects)+".")
	every := b.everyCustom(d)
	warn(len(every) > 0, EveryResource, resources, "It reaches all "+list(every, maxSubjects)+", also those that are added later.")
	deaf := b.onlyForAccounts(d)
	warn(len(deaf) > 0, OnlyAccounts, permissions, list(deaf, maxSubjects)+" can be used with tokens of accounts only: there it can do nothing.")
	c := &d.Condition
	warn(c.In == nil, NoAddressFilter, addresses, "It can be used from any address.")
	warn(c.In != nil && len(c.In) == 0, NoAddress, addresses, "It can be used from no address.")
	ends := !d.ExpiresOn.IsZero()
	warn(ends && !d.NotBefore.Before(d.ExpiresOn), StartAfterEnd, "not_before.at", "It starts when it has ended already, and can never be used.")
	warn(!ends, NoExpiry, "expires_on.preset", "It never expires.")
	warn(ends && d.ExpiresOn.After(b.Now.AddDate(1, 0, 1)), FarExpiry, "expires_on.preset", "It is valid for more than a year.")
	return out
}

// beyond are the permissions that the template does not have.
func (b *Basis) beyond(d *authority.Draft, t *catalog.Template) []string {
	if t == nil {
		return nil
	}
	var extra []string
	for id := range allowedGroups(d) {
		known := slices.ContainsFunc(t.Groups, func(g catalog.Group) bool { return g.ID == id })
		if l := b.Picker.Level(id); l != nil && !known && !slices.Contains(extra, l.Name()) {
			extra = append(extra, l.Name())
		}
	}
	return extra
}

func (b *Basis) createsTokens(d *authority.Draft) bool {
	for id := range allowedGroups(d) {
		if l := b.Picker.Level(id); l != nil && (l.Group.Label == "api_tokens_write" || l.Group.Label == "account_api_tokens_write") {
			return true
		}
	}
	return false
}

// nothingLeft reports whether there are policies that allow something, and
// others that take all of it away.
func (b *Basis) nothingLeft(d *authority.Draft) bool {
	v := b.Picker.catalog.Vocabulary()
	rules, faults := policy.Resolve(v, authority.PolicyOwner(v, b.Owner), d.Policies)
	if len(faults) > 0 || len(rules) == 0 {
		return false
	}
	_, none := policy.Within(v, nil, rules)
	return none
}

// everyCustom are the kinds of custom catalogues of which the draft allows
// something on every resource, by itself or in an account, as words for several.
func (b *Basis) everyCustom(d *authority.Draft) []string {
	var out []string
	add := func(key string) {
		kind, id := b.Picker.split(key)
		if k := b.Picker.kinds[kind]; k != nil && id == catalog.All && !slices.Contains(out, plural(k.word)) {
			out = append(out, plural(k.word))
		}
	}
	for i := range d.Policies {
		for _, r := range d.Policies[i].Resources {
			if d.Policies[i].Effect != policy.Allow {
				continue
			}
			if r.Nested == nil {
				add(r.Key)
			}
			if kind, _ := splitKey(r.Key); kind == catalog.KindAccount {
				for _, key := range r.Nested {
					add(key)
				}
			}
		}
	}
	return out
}

// onlyForAccounts are the custom APIs of which a user's token holds permissions
// that are of no use to it, by title: their resources lie in the account that owns
// the token.
func (b *Basis) onlyForAccounts(d *authority.Draft) []string {
	if b.forAccount() {
		return nil
	}
	var out []string
	for id := range allowedGroups(d) {
		l := b.Picker.Level(id)
		if l == nil {
			continue
		}
		api, ok := b.Picker.catalog.API(l.Group.API)
		if title := b.Picker.titles[l.Group.API]; ok && api.CallersAccount && !slices.Contains(out, title) {
			out = append(out, title)
		}
	}
	return out
}

// allowedGroups yields the ids of groups in policies that allow.
func allowedGroups(d *authority.Draft) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for i := range d.Policies {
			if d.Policies[i].Effect != policy.Allow {
				continue
			}
			for _, id := range d.Policies[i].Groups {
				if !yield(id) {
					return
				}
			}
		}
	}
}

// allows reports whether a policy allows something on every resource of a kind,
// by itself or in every account.
func allows(d *authority.Draft, kind string) bool {
	for i := range d.Policies {
		for _, r := range d.Policies[i].Resources {
			every := r.Key == kind+"."+catalog.All && r.Nested == nil || slices.Contains(r.Nested, kind+"."+catalog.All)
			if every && d.Policies[i].Effect == policy.Allow {
				return true
			}
		}
	}
	return false
}
