package tokenform

import (
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// A row for a kind of a custom catalogue has a Resource.Kind of three parts:
//
//	all:com.example.shop.store                              every store
//	all:com.example.shop.store@account                      every store of an account
//	all:com.example.shop.product/com.example.shop.store     every product of one store
//	one:...                                                 the same with one by its id
//	whole:com.example.shop.product/com.example.shop.store   a whole store, for what acts on products
//
// The kind says for which permissions the row is: those that act on it. Nobody is
// offered "whole"; policies that others wrote come to it.
const (
	everyOf = "all"
	oneOf   = "one"
	wholeOf = "whole"

	inAccount = "@account"
)

// customRow is a Resource.Kind of a custom catalogue, read.
type customRow struct {
	what      string
	kind      *kind
	holder    *kind // nil for none
	inAccount bool
}

// customRow reads Resource.Kind; false where it is none of a custom catalogue.
func (p *Picker) customRow(text string) (customRow, bool) {
	what, rest, _ := strings.Cut(text, ":")
	var c customRow
	c.what = what
	rest, c.inAccount = strings.CutSuffix(rest, inAccount)
	name, above, held := strings.Cut(rest, "/")
	c.kind, c.holder = p.kinds[name], p.kinds[above]
	switch {
	case what != everyOf && what != oneOf && what != wholeOf, c.kind == nil, held && (c.inAccount || c.holder == nil || !c.kind.lies(c.holder)):
		return customRow{}, false
	}
	return c, true
}

func (c customRow) String() string {
	s := c.what + ":" + c.kind.name
	switch {
	case c.inAccount:
		s += inAccount
	case c.holder != nil:
		s += "/" + c.holder.name
	}
	return s
}

// label says in a choice what the row names.
func (c customRow) label(forAccount bool) string {
	if c.what == wholeOf {
		return c.wholeLabel(forAccount)
	}
	text := "All " + plural(c.kind.word)
	if c.what == oneOf {
		text = "One " + c.kind.word
	}
	switch {
	case c.inAccount && c.what == oneOf:
		return text + ", in one account"
	case c.inAccount:
		return text + " of an account"
	case c.holder != nil:
		return text + " of one " + c.holder.word
	case forAccount && c.what == everyOf:
		return text + " of the account"
	case c.what == oneOf && c.kind.in != nil:
		return text + ", of any " + c.kind.in.word
	}
	return text
}

func (c customRow) wholeLabel(forAccount bool) string {
	text := "All accounts"
	switch {
	case c.holder != nil:
		text = "One whole " + c.holder.word
	case forAccount:
		text = "The whole account"
	case c.inAccount:
		text = "One whole account"
	}
	return text + ", for permissions on " + plural(c.kind.word)
}

// missing is the input that a row needs and that has no id, or none that can be.
func (c customRow) missing(r Resource) (input, message string) {
	if c.what == oneOf {
		if wrong := c.kind.wrongID(r.ID); wrong != "" {
			return "id", wrong
		}
	}
	if c.holder != nil {
		if wrong := c.holder.wrongID(r.InID); wrong != "" {
			return "in", wrong
		}
	}
	switch {
	case !c.inAccount:
	case r.AccountID == "":
		return "account", "Choose an account."
	case !isID(r.AccountID):
		return "account", notAnAccount
	}
	return "", ""
}

// place is the resource that a complete row names.
func (c customRow) place(r Resource, b *Basis, i int) place {
	account, own := r.AccountID, c.kind.name+"."+catalog.All
	if c.what == oneOf {
		own = c.kind.name + "." + r.ID
	}
	if !c.inAccount {
		account = catalog.All
	}
	if b.forAccount() && !c.inAccount && c.holder == nil && c.what != oneOf {
		account = b.Owner.ID
	}
	outer := catalog.KindAccount + "." + account
	if c.holder != nil {
		outer = c.holder.name + "." + r.InID
	}
	switch {
	case c.what == wholeOf:
		return place{outer: outer, row: i}
	case c.holder == nil && account == catalog.All:
		return place{outer: own, row: i}
	}
	return place{outer: outer, inner: own, row: i}
}

// customRowOf is the row that names a pattern for permissions that act on a custom
// kind, "" where there is none.
func (t *table) customRowOf(p *policy.Pattern, k *kind) (Resource, string) {
	v := t.basis.Picker.catalog.Vocabulary()
	account := v.Kind(catalog.KindAccount)
	c, r := customRow{what: everyOf, kind: k}, Resource{}
	holder := p.In
	switch {
	case p.Ref.Kind != k.no:
		if c.what, holder = wholeOf, p.Ref; p.In.Kind != 0 || holder.Any() && holder.Kind != account {
			return Resource{}, "It names " + plural(lastWord(v.KindName(p.Ref.Kind))) + " in a way that the form has no row for."
		}
	case !p.Ref.Any():
		c.what, r.ID = oneOf, p.Ref.String()
	}
	switch {
	case holder.Kind == account && !holder.Any():
		if !t.basis.forAccount() || c.what == oneOf || holder.String() != t.basis.Owner.ID {
			c.inAccount, r.AccountID = true, holder.String()
		}
	case holder.Kind != 0 && holder.Kind != account:
		if c.holder = t.basis.Picker.kinds[v.KindName(holder.Kind)]; c.holder == nil {
			return Resource{}, "It names resources inside others in a way that the form has no row for."
		}
		r.InID = holder.String()
	}
	r.Kind = c.String()
	return r, ""
}
