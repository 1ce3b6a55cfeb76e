package tokenform

import "slices"

// RowChoice is a Resource.Kind that a row can have, and its label.
type RowChoice struct{ Value, Label string }

// CustomChoices are the kinds of custom catalogues that a row of the form can
// name: those on which its permissions act, and what the row r names already.
func (b *Basis) CustomChoices(f *Form, r Resource) []RowChoice {
	var out []RowChoice
	add := func(c customRow) {
		if value := c.String(); !slices.ContainsFunc(out, func(o RowChoice) bool { return o.Value == value }) {
			out = append(out, RowChoice{value, c.label(b.forAccount())})
		}
	}
	for _, k := range b.customKinds(f) {
		for _, c := range b.rowsOf(k) {
			add(c)
		}
	}
	if c, ok := b.Picker.customRow(r.Kind); ok {
		add(c)
	}
	return out
}

// rowsOf are the rows to offer for a kind. Where nothing says in which account its
// resources lie, a user's token has to.
func (b *Basis) rowsOf(k *kind) []customRow {
	var out []customRow
	for _, what := range []string{everyOf, oneOf} {
		known := b.forAccount() || k.account != ""
		if known || what == everyOf {
			out = append(out, customRow{what: what, kind: k})
		}
		if !known {
			out = append(out, customRow{what: what, kind: k, inAccount: true})
			continue
		}
		for _, above := range k.holders() {
			out = append(out, customRow{what: what, kind: k, holder: above})
		}
	}
	return out
}

// customKinds are the kinds of custom catalogues on which the form's permissions
// act, in the order of the permissions.
func (b *Basis) customKinds(f *Form) []*kind {
	var out []*kind
	for _, p := range f.Permissions {
		family, ok := b.Picker.Family(p.Group)
		if !ok {
			continue
		}
		if k := b.Picker.kinds[family.Levels[0].Group.Scope]; k != nil && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}

// Lacking are rows, to be filled in, for the custom kinds that the form's
// permissions act on and no row names: the narrowest that one id says.
func (b *Basis) Lacking(f *Form) []Resource {
	var out []Resource
	for _, k := range b.customKinds(f) {
		named := slices.ContainsFunc(f.Resources, func(r Resource) bool {
			c, ok := b.Picker.customRow(r.Kind)
			return r.Kind == "" || ok && c.kind == k
		})
		if named {
			continue
		}
		c := customRow{what: oneOf, kind: k}
		switch {
		case !b.forAccount() && k.account == "":
			c.inAccount = true
		case k.in != nil:
			c.what, c.holder = everyOf, k.in
		}
		out = append(out, Resource{Effect: Include, Kind: c.String()})
	}
	return out
}

// NeedsAccount reports whether the row's kind is completed by an account.
func (p *Picker) NeedsAccount(r Resource) bool {
	c, ok := p.customRow(r.Kind)
	return ok && c.inAccount || r.Kind == OneAccount || r.Kind == ZonesOfAccount || r.Kind == AccountRecords
}

// HasCustom reports whether the row names resources of a custom catalogue.
func (p *Picker) HasCustom(r Resource) bool {
	_, ok := p.customRow(r.Kind)
	return ok
}
