package tokenform

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// The lists of a form, as the names of inputs and buttons call them.
const (
	permissions = "permissions"
	resources   = "resources"
	addresses   = "addresses"
)

// Decode reads the form from submitted values. Inputs are named as [Fault.Field]
// names them; rows are numbered, and gaps in the numbers are closed. Other values
// are ignored. Every value that is too long and every list with too many rows is
// cut to its limit; the error then says so.
func Decode(v url.Values) (Form, error) {
	d := decoder{values: v}
	f := Form{
		Name: d.text("name"), Template: d.text("template"), Status: d.text("status"),
		NotBefore: When{d.text("not_before.preset"), d.text("not_before.at")},
		ExpiresOn: When{d.text("expires_on.preset"), d.text("expires_on.at")},
		TimeZone:  d.text("time_zone"),
		RateLimit: RateLimit{d.text("rate_limit.requests"), d.text("rate_limit.period")},
	}
	for _, at := range d.rows(permissions, MaxPermissions) {
		f.Permissions = append(f.Permissions, Permission{d.text(at + "category"), d.text(at + "group"), d.text(at + "level")})
	}
	for _, at := range d.rows(resources, MaxResources) {
		f.Resources = append(f.Resources, Resource{
			Effect: d.text(at + "effect"), Kind: d.text(at + "kind"), AccountID: d.text(at + "account"), ZoneID: d.text(at + "zone"),
			ID: d.text(at + "id"), InID: d.text(at + "in"), Types: d.all(at + "types"), Name: d.text(at + "name"),
		})
	}
	for _, at := range d.rows(addresses, MaxAddresses) {
		f.Addresses = append(f.Addresses, Address{d.text(at + "is"), d.text(at + "range")})
	}
	return f, d.err
}

// Encode writes the form as Decode reads it.
func (f *Form) Encode() url.Values {
	v := url.Values{}
	set := func(at string, pairs ...string) {
		for i := 0; i < len(pairs); i += 2 {
			v.Set(at+pairs[i], pairs[i+1])
		}
	}
	set("", "name", f.Name, "template", f.Template, "status", f.Status, "time_zone", f.TimeZone)
	set("not_before.", "preset", f.NotBefore.Preset, "at", f.NotBefore.At)
	set("expires_on.", "preset", f.ExpiresOn.Preset, "at", f.ExpiresOn.At)
	set("rate_limit.", "requests", f.RateLimit.Requests, "period", f.RateLimit.Period)
	for i, p := range f.Permissions {
		set(row(permissions, i), "category", p.Category, "group", p.Group, "level", p.Level)
	}
	for i, r := range f.Resources {
		set(row(resources, i), "effect", r.Effect, "kind", r.Kind, "account", r.AccountID, "zone", r.ZoneID, "id", r.ID, "in", r.InID,
			"types", r.Types, "name", r.Name)
	}
	for i, a := range f.Addresses {
		set(row(addresses, i), "is", a.Is, "range", a.Range)
	}
	return v
}

// row is how the names of a row's inputs begin.
func row(list string, i int) string { return fmt.Sprintf("%s[%d].", list, i) }

type decoder struct {
	values url.Values
	err    error
}

func (d *decoder) text(name string) string { return d.cut(name, d.values.Get(name)) }

// all is every value of an input that can be ticked several times, with spaces
// between them.
func (d *decoder) all(name string) string {
	return d.cut(name, strings.Join(d.values[name], " "))
}

// cut is a value up to its limit.
func (d *decoder) cut(name, s string) string {
	if len(s) > maxText {
		d.err = fmt.Errorf("%s is longer than %d bytes", name, maxText)
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	return s
}

// rows are how the names of each row's inputs begin.
func (d *decoder) rows(list string, limit int) []string {
	numbers := rowNumbers(d.values, list)
	if len(numbers) > limit {
		d.err = fmt.Errorf("%s has %d rows, at most %d are possible", list, len(numbers), limit)
		numbers = numbers[:limit]
	}
	at := make([]string, len(numbers))
	for i, n := range numbers {
		at[i] = row(list, n)
	}
	return at
}

// rowNumbers are the numbers of a list's rows as they were submitted, ascending.
func rowNumbers(v url.Values, list string) []int {
	var numbers []int
	for name := range v {
		rest, ok := strings.CutPrefix(name, list+"[")
		digits, _, closed := strings.Cut(rest, "].")
		if n, err := strconv.ParseUint(digits, 10, 16); ok && closed && err == nil && strconv.FormatUint(n, 10) == digits {
			numbers = append(numbers, int(n))
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}
