package catalog

import (
	"errors"
	"fmt"
	"slices"

	"github.com/tokenward/tokenward/internal/policy"
)

// All stands in a choice for every account or every zone.
const All = "*"

// Choices are what a template leaves open.
type Choices struct {
	// Owner is the id of the user, or of the account, that will own the token.
	Owner string
	// Accounts and Zones are ids, or All by itself. Empty takes what the
	// template fills in. A token of an account is on its owner only, so Accounts
	// has nothing but the owner's id or All there.
	Accounts, Zones []string
	// Names are the names of records, or patterns of them, where the template
	// asks for some.
	Names []string
}

// ChoiceError says what is wrong with one of the choices.
type ChoiceError struct {
	Choice  string // "owner", "accounts", "zones" or "records"
	Message string
}

func (e *ChoiceError) Error() string { return e.Choice + ": " + e.Message }

// Fill makes the policies of a token: one on the user, one on accounts, one on
// zones and one on records, as far as the template has groups there. Zones of an
// account's token lie nested under the account. "All zones" are those of the
// accounts that were chosen, when some were; records must lie in one zone or one
// account.
//
// The error joins a *ChoiceError for each choice that is missing, malformed or
// has nothing to act on. Whether the caller may give what the policies give is
// for package authority to say.
func (t *Template) Fill(ch Choices) ([]policy.Policy, error) {
	accounts, zones := t.defaults(ch)
	if err := t.check(ch, accounts, zones); err != nil {
		return nil, err
	}
	if t.ForAccount {
		accounts = []string{ch.Owner}
	}
	var out []policy.Policy
	add := func(groups []string, resources []policy.Resource) {
		if len(groups) > 0 {
			out = append(out, policy.Policy{Effect: policy.Allow, Groups: groups, Resources: resources})
		}
	}
	add(t.on(KindUser), keys(KindUser, []string{ch.Owner}))
	add(t.onAccounts(), keys(KindAccount, accounts))
	add(t.onZones(), t.zoneKeys(accounts, zones))
	add(t.onRecords(), t.recordKeys(accounts, zones, ch.Names))
	return out, nil
}

// defaults are the choices with what the template fills in.
func (t *Template) defaults(ch Choices) (accounts, zones []string) {
	accounts, zones = slices.Compact(slices.Sorted(slices.Values(ch.Accounts))), slices.Compact(slices.Sorted(slices.Values(ch.Zones)))
	if len(accounts) == 0 && t.Accounts == Every {
		accounts = []string{All}
	}
	if len(zones) == 0 && t.Zones == Every {
		zones = []string{All}
	}
	return accounts, zones
}

func (t *Template) check(ch Choices, accounts, zones []string) error {
	var faults []error
	fault := func(choice, format string, args ...any) {
		faults = append(faults, &ChoiceError{choice, fmt.Sprintf(format, args...)})
	}
	if _, ok := policy.ParseID(ch.Owner); !ok && (t.ForAccount || t.OnUser()) {
		fault("owner", "the id of the token's owner is missing")
	}
	foreign := func(id string) bool { return id != All && id != ch.Owner }
	switch {
	case t.ForAccount && slices.ContainsFunc(accounts, foreign):
		fault("accounts", "a token of an account can name only its own account")
	case t.Accounts == Choose && len(accounts) == 0:
		fault("accounts", "choose an account, or all")
	case !t.ForAccount && t.Accounts == NotNeeded && !every(accounts) && len(accounts) > 0 && !every(zones):
		fault("accounts", "nothing in %s acts on accounts", t.title())
	}
	switch {
	case t.Zones == Choose && len(zones) == 0:
		fault("zones", "choose a zone, or all")
	case t.Zones == NotNeeded && len(zones) > 0:
		fault("zones", "nothing in %s acts on zones", t.title())
	}
	for choice, ids := range map[string][]string{"accounts": accounts, "zones": zones} {
		if message := faultOf(ids); message != "" {
			fault(choice, "%s", message)
		}
	}
	if message := t.wrongRecords(ch.Names); message != "" {
		fault("records", "%s", message)
	}
	if t.Records.Types != nil && !t.ForAccount && every(zones) && (len(accounts) == 0 || every(accounts)) {
		fault("zones", "records are those of a zone or of an account: choose a zone, or say whose zones are meant")
	}
	slices.SortStableFunc(faults, func(a, b error) int { return order(a, b) })
	return errors.Join(faults...)
}

// order sorts faults by choice, so that the same mistake gives the same text.
func order(a, b error) int {
	x, y := a.(*ChoiceError).Choice, b.(*ChoiceError).Choice
	return slices.Index(choiceOrder, x) - slices.Index(choiceOrder, y)
}

var choiceOrder = []string{"owner", "accounts", "zones", "records"}

// faultOf is what is wrong with a list of ids, "" if nothing is.
func faultOf(ids []string) string {
	if every(ids) {
		return ""
	}
	if len(ids) > policy.MaxPolicyResources {
		return fmt.Sprintf("at most %d are possible, here are %d", policy.MaxPolicyResources, len(ids))
	}
	for _, id := range ids {
		if id == All {
			return "all cannot stand beside others"
		}
		if _, ok := policy.ParseID(id); !ok {
			return fmt.Sprintf("%.64q is not an id of 32 lowercase hex digits", id)
		}
	}
	return ""
}

// every reports whether a choice is All.
func every(ids []string) bool { return len(ids) == 1 && ids[0] == All }

func (t *Template) title() string {
	if t.Name == "" {
		return "the template"
	}
	return fmt.Sprintf("%q", t.Name)
}

// keys writes each id of a kind as a resource.
func keys(kind string, ids []string) []policy.Resource {
	out := make([]policy.Resource, len(ids))
	for i, id := range ids {
		out[i].Key = kind + "." + id
	}
	return out
}

// zoneKeys writes zones under the accounts whose they are, where that is known.
func (t *Template) zoneKeys(accounts, zones []string) []policy.Resource {
	known := len(accounts) > 0 && !every(accounts)
	if !known || !every(zones) && !t.ForAccount {
		return keys(KindZone, zones)
	}
	out := keys(KindAccount, accounts)
	for i := range out {
		for _, zone := range zones {
			out[i].Nested = append(out[i].Nested, KindZone+"."+zone)
		}
	}
	return out
}
