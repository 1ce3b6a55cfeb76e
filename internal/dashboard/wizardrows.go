package dashboard

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/internal/tokenform"
)

// wizardRow is a row of the form as the page shows it. Its inputs are named
// Prefix and the input's name.
type wizardRow struct {
	Number         int
	ID, Prefix     string
	Faults         map[string]string // by input; "" is of the row
	Options        map[string][]option
	Name, Scope    string // of a permission
	Text           string // what its level means
	Typed          string // what its zone is searched by
	Value          string // of an address
	AnyZone, Found bool
	KeepsAccount   bool   // of an account's token: the row names the account
	Custom         bool   // it can name resources of a custom catalogue
	Own, In        string // ids that were typed for those
	Records        bool   // it can name records
	Record         string // the name that was typed for those
	Wrong          string // what is wrong with that name, at once
}

// Error is what is wrong with the row, in all its inputs.
func (r *wizardRow) Error() string {
	var texts []string
	for _, input := range []string{"", "group", "level", "effect", "kind", "account", "zone", "types", "name", "id", "in", "is", "range"} {
		if text := r.Faults[input]; text != "" && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, " ")
}

// row begins a row of a list, with the faults that stand in it.
func (w *wizard) row(list string, i int) wizardRow {
	r := wizardRow{
		Number: i, ID: list + "-" + strconv.Itoa(i), Prefix: list + "[" + strconv.Itoa(i) + "].",
		Faults: map[string]string{}, Options: map[string][]option{},
	}
	if !w.Failed() {
		return r
	}
	for _, f := range w.faults {
		if input, ok := strings.CutPrefix(f.Field, r.Prefix); ok && r.Faults[input] == "" {
			r.Faults[input] = f.Message
		}
	}
	return r
}

// Permissions are the rows of what was picked.
func (w *wizard) Permissions() []wizardRow {
	out := make([]wizardRow, len(w.form.Permissions))
	for i, p := range w.form.Permissions {
		r := w.row("permissions", i)
		r.Value, r.Name = p.Group, p.Group
		if family, ok := w.basis.Picker.Family(p.Group); ok {
			r.Name, r.Scope = family.Name, family.Scope
			for j := range family.Levels {
				l := &family.Levels[j]
				r.Options["level"] = append(r.Options["level"], option{l.Key, l.Title, l.Key == p.Level})
				if l.Key == p.Level {
					r.Text = l.Group.Description
				}
			}
			if _, ok := family.Level(p.Level); !ok {
				r.Options["level"] = slices.Insert(r.Options["level"], 0, option{p.Level, "Choose", true})
			}
		}
		out[i] = r
	}
	return out
}

// Resources are the rows of where permissions hold.
func (w *wizard) Resources() []wizardRow {
	out := make([]wizardRow, len(w.form.Resources))
	for i, f := range w.form.Resources {
		r := w.row("resources", i)
		r.Options["effect"] = choose(f.Effect, option{Value: tokenform.Include, Label: "Include"}, option{Value: tokenform.Exclude, Label: "Exclude"})
		r.Options["kind"] = w.kinds(&f)
		r.Options["account"] = w.accountOptions(f.AccountID)
		custom := w.basis.CustomChoices(&w.form, f)
		r.Custom, r.Own, r.In = len(custom) > 0, f.ID, f.InID
		w.showRecords(&r, &f)
		r.KeepsAccount = f.AccountID != "" && (f.Kind == tokenform.OneZone || w.basis.Picker.NeedsAccount(f))
		r.AnyZone = w.places.many()
		if i < len(w.typed) {
			r.Typed = w.typed[i]
		}
		r.Options["zone"] = w.zoneOptions(&f, r.Typed)
		for _, z := range w.places.find(r.Typed) {
			r.Options["find"] = append(r.Options["find"], option{Value: z.Name})
		}
		r.Found = !r.AnyZone || len(r.Options["zone"]) > 1
		out[i] = r
	}
	return out
}

// Addresses are the rows of the client address filter.
func (w *wizard) Addresses() []wizardRow {
	out := make([]wizardRow, len(w.form.Addresses))
	for i, a := range w.form.Addresses {
		r := w.row("addresses", i)
		r.Value = a.Range
		r.Options["is"] = choose(a.Is, option{Value: tokenform.IsIn, Label: "Only from"}, option{Value: tokenform.IsNotIn, Label: "Never from"})
		out[i] = r
	}
	return out
}

// kinds are what a row can name. An account's token needs no row for its account.
func (w *wizard) kinds(r *tokenform.Resource) []option {
	value := r.Kind
	all := []option{
		{Value: tokenform.AllAccounts, Label: "All accounts"},
		{Value: tokenform.OneAccount, Label: "One account"},
		{Value: tokenform.AllZones, Label: "All zones"},
		{Value: tokenform.ZonesOfAccount, Label: "All zones of an account"},
		{Value: tokenform.OneZone, Label: "One zone"},
	}
	if w.forAccount() {
		all = []option{{Value: tokenform.AllZones, Label: "All zones of the account"}, {Value: tokenform.OneZone, Label: "One zone"}}
	}
	all = append(all, w.recordKinds(r)...)
	for _, c := range w.basis.CustomChoices(&w.form, *r) {
		all = append(all, option{Value: c.Value, Label: c.Label})
	}
	if r.Kind == tokenform.OneZone && r.AccountID != "" {
		value = zoneInAccount
		all = append(all, option{Value: zoneInAccount, Label: "One zone, while it is in the account"})
	}
	if value == "" {
		all = slices.Insert(all, 0, option{Label: "Choose"})
	}
	return choose(value, all...)
}

func (w *wizard) accountOptions(chosen string) []option {
	out := []option{{Value: "", Label: "Choose an account"}}
	for i := range w.places.accounts {
		a := &w.places.accounts[i]
		out = append(out, option{Value: a.ID, Label: a.Name})
	}
	return choose(chosen, out...)
}

// zoneOptions are the zones to choose from: all where they are few, else those
// that a search found.
func (w *wizard) zoneOptions(r *tokenform.Resource, typed string) []option {
	offered := w.places.zones
	if w.places.many() {
		offered = w.places.find(typed)
	}
	out := []option{{Value: "", Label: "Choose a zone"}}
	for i := range offered {
		out = append(out, option{Value: offered[i].ID, Label: w.places.zoneLabel(&offered[i])})
	}
	if name := w.places.names[r.ZoneID]; name != "" && w.places.many() {
		out = slices.Insert(out, 1, option{Value: r.ZoneID, Label: name})
	}
	return choose(r.ZoneID, out...)
}

// choose marks the option that has a value; a value that none has becomes one,
// so that nothing is lost.
func choose(value string, options ...option) []option {
	found := false
	for i := range options {
		options[i].Chosen = options[i].Value == value && !found
		found = found || options[i].Chosen
	}
	if !found && value != "" {
		options = append(options, option{value, value, true})
	} else if !found && len(options) > 0 {
		options[0].Chosen = true
	}
	return options
}

// sentRows are the numbers of a list's rows as they were sent, ascending.
func sentRows(v url.Values, list string) []int {
	var out []int
	for name := range v {
		rest, ok := strings.CutPrefix(name, list+"[")
		digits, _, closed := strings.Cut(rest, "].")
		if n, err := strconv.Atoi(digits); ok && closed && err == nil && n >= 0 && strconv.Itoa(n) == digits {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// focusAfter goes on from the row that a button added, or from beside the one
// that it removed.
func (w *wizard) focusAfter(v url.Values) {
	for name := range v {
		verb, rest, _ := strings.Cut(name, "-")
		what, digits, _ := strings.Cut(rest, "-")
		n, _ := strconv.Atoi(digits)
		switch {
		case name == "add-permission":
			w.focus = w.lastPermission()
		case name == "add-resource":
			w.focus = "f-resources-" + strconv.Itoa(len(w.form.Resources)-1) + "-kind"
		case name == "add-address" || name == "use-address":
			w.focus = "f-addresses-" + strconv.Itoa(len(w.form.Addresses)-1) + "-range"
		case verb == "remove":
			w.focus = w.beside(what, n)
		}
	}
}

// lastPermission is the level of the permission that was added; where there is
// nothing to choose it is where the next one is picked.
func (w *wizard) lastPermission() string {
	rows := w.Permissions()
	if n := len(rows); n > 0 && len(rows[n-1].Options["level"]) > 1 {
		return "f-permissions-" + strconv.Itoa(n-1) + "-level"
	}
	return "f-permission"
}

// beside is the button that removes the row after one that was removed, or else
// what adds one.
func (w *wizard) beside(what string, n int) string {
	left := map[string]int{"permission": len(w.form.Permissions), "resource": len(w.form.Resources), "address": len(w.form.Addresses)}[what]
	switch {
	case left > 0:
		return "remove-" + what + "-" + strconv.Itoa(min(n, left-1))
	case what == "permission":
		return "f-permission"
	}
	return "add-" + what
}
