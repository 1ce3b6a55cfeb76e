package dashboard

import (
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/tokenform"
)

// usualTypes are the types of records that are offered first.
func usualTypes() []string { return []string{"A", "AAAA", "CNAME", "TXT", "MX", "SRV", "CAA", "NS"} }

// canNameRecords reports whether a row can name records: once a permission can be
// held to them.
func (w *wizard) canNameRecords(r *tokenform.Resource) bool {
	return tokenform.RecordRow(*r) || slices.ContainsFunc(w.form.Permissions, func(p tokenform.Permission) bool {
		family, ok := w.basis.Picker.Family(p.Group)
		return ok && family.Levels[0].OnRecords()
	})
}

// recordKinds are the kinds of rows that name records.
func (w *wizard) recordKinds(r *tokenform.Resource) []option {
	if !w.canNameRecords(r) {
		return nil
	}
	all := "DNS records in all zones of an account"
	if w.forAccount() {
		all = "DNS records in all zones of the account"
	}
	return []option{
		{Value: tokenform.ZoneRecords, Label: "DNS records in one zone"},
		{Value: tokenform.AccountRecords, Label: all},
	}
}

// showRecords completes a row that can name records. What is wrong with the name is
// said as soon as there is one.
func (w *wizard) showRecords(r *wizardRow, f *tokenform.Resource) {
	if !w.canNameRecords(f) {
		return
	}
	r.Records, r.Record = true, f.Name
	types := recordTypes(w.basis.Picker.RecordTypes())
	chosen := strings.FieldsFunc(f.Types, func(c rune) bool { return c == ' ' || c == ',' })
	for _, t := range types {
		r.Options["types"] = append(r.Options["types"], option{Value: t, Label: t, Chosen: slices.Contains(chosen, t)})
	}
	every := option{Value: tokenform.EveryType, Label: "Every type", Chosen: slices.Contains(chosen, tokenform.EveryType)}
	r.Options["types"] = append(r.Options["types"], every)
	if r.Error() != "" || f.Name == "" {
		return
	}
	for _, fault := range w.found {
		if fault.Field == r.Prefix+"name" {
			r.Wrong = fault.Message
		}
	}
}
