package dashboard

import (
	"slices"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// Words says what the token would mean, as far as it can be said.
func (w *wizard) Words() []tokenform.Sentence {
	if len(w.draft.Policies) == 0 {
		return nil
	}
	return tokenform.Words(w.basis, &w.draft, w.places.names)
}

// Warnings are what is worth a second look.
func (w *wizard) Warnings() []tokenform.Warning {
	if len(w.draft.Policies) == 0 {
		return nil
	}
	return tokenform.Warnings(w.basis, &w.draft, w.template)
}

// Missing is what keeps the token from being made as it is.
func (w *wizard) Missing() []string {
	var out []string
	for _, f := range w.found {
		if !slices.Contains(out, f.Message) {
			out = append(out, f.Message)
		}
	}
	return out
}

// equivalent is the same thing said to something else.
type equivalent struct{ Title, Text, Note string }

// Equivalents are the API call, the Terraform block and the command line that do
// the same.
func (w *wizard) Equivalents() ([]equivalent, error) {
	var call, command string
	var err error
	if w.before == nil {
		if call, err = tokenform.CurlCreate(w.site, w.basis.Picker, &w.draft); err == nil {
			command, err = tokenform.CommandCreate(w.basis, &w.draft)
		}
	} else {
		if call, err = tokenform.CurlUpdate(w.site, w.basis.Picker, w.before.ID, &w.draft); err == nil {
			command, err = tokenform.CommandUpdate(w.basis, w.before.ID, &w.draft)
		}
	}
	if err != nil {
		return nil, err
	}
	return []equivalent{
		{"API call", call, "It takes a token that may create tokens in " + tokenform.SecretVariable + "."},
		{"Terraform", tokenform.Terraform(w.site, w.basis.Picker, &w.draft), "For the provider cloudflare/cloudflare, version 5."},
		{"Command line", command, "Says the same to the command tokenward."},
	}, nil
}

// effectRow is a line of the summary: a permission, what it opens, and where.
type effectRow struct {
	Name, Text, Where string
	Denied            bool
}

// maxWhere is how many resources a line of the summary names.
const maxWhere = 25

// Effects is what the token would hold, permission by permission.
func (w *wizard) Effects() []effectRow {
	var out []effectRow
	for _, p := range w.draft.Policies {
		denied := p.Effect == policy.Deny
		p.Effect = policy.Allow // only to be named
		where := tokenform.Resources(w.basis, []policy.Policy{p}, w.places.names, maxWhere)
		for _, id := range p.Groups {
			row := effectRow{Name: id, Where: where, Denied: denied}
			if l := w.basis.Picker.Level(id); l != nil {
				row.Name, row.Text = l.Name(), l.Opens()
				if l.OnRecords() && tokenform.RecordsOnly(p.Resources) {
					row.Text = l.OpensOnRecords()
				}
			}
			out = append(out, row)
		}
	}
	return out
}

// change is a part of a token's meaning, before and after an edit.
type change struct {
	What        string
	Before, Now []string
}

// Changes is what an edit changes, in words.
func (w *wizard) Changes() []change {
	old := draftOf(w.before)
	if w.draft.Status == "" {
		w.draft.Status = old.Status
	}
	parts := func(d *authority.Draft) map[string][]string {
		out := map[string][]string{"Name": {d.Name}, "Status": {string(d.Status)}}
		for _, s := range tokenform.Words(w.basis, d, w.places.names) {
			title := map[string]string{
				tokenform.Can: "What it may do", tokenform.Never: "What it may do", tokenform.From: "From where", tokenform.While: "When", tokenform.Limit: "How often",
			}[s.Kind]
			if title != "" {
				out[title] = append(out[title], s.Full)
			}
		}
		return out
	}
	was, is := parts(&old), parts(&w.draft)
	var out []change
	for _, what := range []string{"Name", "What it may do", "From where", "When", "How often", "Status"} {
		if !slices.Equal(was[what], is[what]) {
			out = append(out, change{what, was[what], is[what]})
		}
	}
	return out
}
