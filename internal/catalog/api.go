package catalog

import (
	"iter"
	"slices"

	"github.com/tokenward/tokenward/internal/policy"
)

// API is what a custom catalogue describes: an API with operations of its own,
// found in paths of its own. Its groups and resource kinds stand in the
// vocabulary of the Catalog that it belongs to.
type API struct {
	Name        string // one word: "shop"
	Title       string
	Description string
	// Account is the id of the account in which all of the API's resources lie,
	// "" where requests name it or it is the caller's.
	Account string
	// CallersAccount: the API's resources lie in the account that owns the
	// token. What keeps accounts apart is then the API itself, by the account that
	// it is told.
	CallersAccount bool

	routes Catalog // of which only the operations and their tree are used
}

// Match is Catalog.Match for the API's own paths, which begin where the API's
// base path ends.
func (a *API) Match(method, escapedPath string) (Match, Miss) {
	return a.routes.Match(method, escapedPath)
}

// Operations yields the API's operations in the order of its file.
func (a *API) Operations() iter.Seq[*Operation] { return a.routes.Operations() }

// Vocabulary is that of the Catalog which the API belongs to.
func (a *API) Vocabulary() *policy.Vocabulary { return a.routes.vocabulary }

// APIs lists the APIs of custom catalogues, in the order in which they were added.
func (c *Catalog) APIs() []*API { return slices.Clone(c.apis) }

// API finds the API of a custom catalogue by name.
func (c *Catalog) API(name string) (*API, bool) {
	i := slices.IndexFunc(c.apis, func(a *API) bool { return a.Name == name })
	if i < 0 {
		return nil, false
	}
	return c.apis[i], true
}

// AccountOf is the account in which every resource of a kind lies, "" where that
// is not known.
func (c *Catalog) AccountOf(k policy.KindNo) string { return c.accounts[k] }

// custom is what only operations of custom catalogues have.
type custom struct {
	api    *API
	forms  []*policy.IDForm // of the path's parameters, nil where there is none
	places []Place          // leaf first
	list   *List
	top    policy.Ref // the account that holds all, the zero Ref if it is in places or the caller's
}

func (c *custom) fits(values *[maxParams]string) bool {
	for i, f := range c.forms {
		if f != nil && !f.Fits(values[i]) {
			return false
		}
	}
	return true
}

// API is the custom catalogue's API that the operation belongs to, nil for one of
// the built-in catalogue.
func (op *Operation) API() *API {
	if op.custom == nil {
		return nil
	}
	return op.custom.api
}

// Vocabulary is the one that the operation's numbers are of, nil for an
// operation of the built-in catalogue: those have the same numbers in every
// catalogue that Extend makes.
func (op *Operation) Vocabulary() *policy.Vocabulary {
	if op.custom == nil {
		return nil
	}
	return op.custom.api.routes.vocabulary
}

// InCallersAccount reports whether the operation's resource lies in the account
// that owns the caller's token, whichever that is.
func (op *Operation) InCallersAccount() bool {
	return op.custom != nil && op.custom.api.CallersAccount
}

// PlaceIn is the operation's resource with the account that it lies in. A
// resource that was refused stays so: it does not become the account.
func (op *Operation) PlaceIn(resource policy.Path, account policy.Ref) policy.Path {
	if op.custom == nil || len(op.custom.places) == 0 {
		return policy.NewPath(account)
	}
	return resource.In(account)
}
